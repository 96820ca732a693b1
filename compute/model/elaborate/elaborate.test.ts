import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import { runSource } from '../../../test/support/run-source.ts'
import { aux, flow, source, stock, table } from '../../../test/support/source.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import type { SourceModel } from '../source/source.ts'
import { elaborate } from './elaborate.ts'
import type { SourceFault } from './faults.ts'

const run = runSource

function thrown(model: SourceModel): QuesnayError & { detail: { faults: SourceFault[] } } {
  try {
    elaborate(model)
  } catch (error) {
    if (isQuesnayError(error)) return error as ReturnType<typeof thrown>
    throw error
  }
  throw new Error('the source was elaborated')
}

describe('faults', () => {
  it('tells all of them at once, with place and suggestion', () => {
    const error = thrown(
      source([
        aux('rate', '1'),
        aux('x', '2 * ratte + smoth1(1, 2)'),
        aux('y', 'min()'),
        flow('f', '1'),
        stock('s', '0', { inflows: ['g'] }),
      ]),
    )
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.detail.faults).toEqual([
      {
        path: 'x',
        message: 'the name ratte is not declared',
        suggestion: 'did you mean "rate"?',
        line: 1,
        column: 5,
      },
      {
        path: 'x',
        message: 'there is no function smoth1',
        suggestion: 'did you mean "smooth1"?',
        line: 1,
        column: 13,
      },
      { path: 'y', message: 'min(x) takes 1 or more arguments, not 0', line: 1, column: 1 },
      { path: 's', message: 'the flow g is not declared', suggestion: 'did you mean "f"?' },
    ])
  })

  it('tells a name that is declared twice', () => {
    expect(thrown(source([aux('Net Rate', '1'), aux('net_rate', '2')])).message).toContain('declared twice')
  })

  it('tells a step that does not go into the horizon, and one that is not above 0', () => {
    const faults = (time: object) =>
      thrown(source([aux('x', '1')], { time, unitFaults: 'error' })).detail.faults.map((f) => f.path)
    expect(faults({ stop: 4, dt: 0.3 })).toEqual(['time.dt'])
    expect(faults({ dt: 0 })).toEqual(['time.dt'])
    expect(faults({ dt: 0.5, saveEvery: 0.75 })).toEqual(['time.saveEvery'])
  })

  it('ends a file of others with the last step before its stop, saves to the nearest step, and tells both', () => {
    const { model, findings } = elaborate(source([aux('x', 'stoptime')], { time: { stop: 4, dt: 0.3, saveEvery: 1 } }))
    expect(model.time).toMatchObject({ steps: 13, dt: 0.3, saveEvery: 3 })
    expect(model.variables).toMatchObject([{ name: 'x', value: 4 }])
    expect(findings.map(({ severity, code, path }) => [severity, code, path])).toEqual([
      ['WARNING', 'TIME_NOT_WHOLE', 'time.dt'],
      ['WARNING', 'TIME_NOT_WHOLE', 'time.saveEvery'],
    ])
  })

  it('throws units that do not fit where the author wants them to, and gives them as findings elsewhere', () => {
    const variables = [
      aux('a', '1', { unit: 'person' }),
      aux('b', '1', { unit: 'USD' }),
      aux('c', 'a + b', { unit: 'USD' }),
    ]
    const { findings } = elaborate(source(variables))
    expect(findings.map((f) => f.path)).toContain('c')
    expect(thrown(source(variables, { unitFaults: 'error' })).detail.faults.map((f) => f.path)).toContain('c')
  })

  it('tells a mode of rounding that there is not', () => {
    expect(thrown(source([aux('x', 'roundTo(1, 2, evn)')])).detail.faults[0]!.suggestion).toBe('did you mean "even"?')
  })
})

describe('names, outputs and time', () => {
  it('shows names as their author wrote them', () => {
    const model = elaborate(source([aux('Teacup Temperature', '70'), aux('Twice', '2 * TEACUP_temperature')])).model
    expect(model.outputs).toEqual(['Teacup Temperature', 'Twice'])
    expect(model.variables[0]).toEqual({ kind: 'constant', name: 'Teacup Temperature', unit: '1', value: 70 })
  })

  it('saves the outputs that are named, however they are spelt', () => {
    expect(elaborate(source([aux('Net Rate', '1'), aux('b', '2')], { outputs: ['net_rate'] })).model.outputs).toEqual([
      'Net Rate',
    ])
  })

  it('saves no tables, schedules, hidden variables or values of members', () => {
    const model = source(
      [table('t', [0, 1], [0, 1]), aux('x', 'smooth1(1, 2)'), aux('age', '3', { entity: 'person' })],
      {
        entities: [{ name: 'household' }, { name: 'person', of: 'household' }],
      },
    )
    expect(elaborate(model).model.outputs).toEqual(['x'])
  })

  it('tells an output that is not declared', () => {
    const [fault] = thrown(source([aux('rate', '1')], { outputs: ['rat'] })).detail.faults
    expect(fault).toMatchObject({ path: 'outputs.rat', suggestion: 'did you mean "rate"?' })
  })

  it('counts steps, and saves in steps', () => {
    const { time } = elaborate(source([aux('x', '1')], { time: { stop: 1, dt: 0.1, saveEvery: 0.2 } })).model
    expect(time).toEqual({ start: 0, dt: 0.1, steps: 10, method: 'euler', saveEvery: 2, unit: 'year' })
  })

  it('gathers members and spreads groups by entity', () => {
    const model = source(
      [
        { kind: 'column', name: 'wage', entity: 'person' },
        aux('income', 'sum(person, wage)'),
        aux('heads', 'count(Person, 1)'),
      ],
      { entities: [{ name: 'household' }, { name: 'person', of: 'household' }], time: null },
    )
    const { variables, entities } = elaborate(model).model
    expect(entities).toEqual([{ name: 'household' }, { name: 'person', of: 'household' }])
    expect(variables[1]).toMatchObject({
      equation: { op: 'reduce', how: 'sum', over: 'person', x: { op: 'ref', name: 'wage' } },
    })
    expect(thrown({ ...model, variables: [aux('m', 'mean(person, 1)')] }).message).toContain('does not gather members')
  })
})

describe('macros', () => {
  const macro = {
    name: 'lag',
    parameters: [{ name: 'input' }, { name: 'tau' }],
    variables: [flow('change', '(input - level) / tau'), stock('level', 'input * 0', { inflows: ['change'] })],
    result: { kind: 'name', name: 'level' } as const,
  }

  it('makes the variables of each use anew', () => {
    const given = source([aux('x', 'lag(8, 2) + lag(80, 2)')], { macros: [macro] })
    const { model } = elaborate(given)
    expect(run(given)['x']).toEqual([0, 44, 66, 77, 82.5])
    expect(model.variables.map((v) => v.name)).toContain('x.lag#2.level')
    expect(model.outputs).toEqual(['x'])
  })

  it('takes defaults, whole tables and other macros', () => {
    const scaled = {
      name: 'scaled',
      parameters: [{ name: 'curve' }, { name: 'at' }, { name: 'by', default: { kind: 'number', value: 10 } as const }],
      variables: [aux('raw', 'curve(at)')],
      result: {
        kind: 'call',
        function: 'lag',
        args: [
          { kind: 'name', name: 'raw' },
          { kind: 'name', name: 'by' },
        ],
      } as const,
    }
    const model = source([table('t', [0, 2], [0, 200]), aux('x', 'scaled(t, 1)')], { macros: [macro, scaled] })
    expect(run(model)['x']!.slice(0, 3)).toEqual([0, 10, 19])
  })

  it('gives its variables the entity of the one that uses it', () => {
    const double = {
      name: 'double',
      parameters: [{ name: 'x' }],
      variables: [aux('y', '2 * x')],
      result: { kind: 'name', name: 'y' } as const,
    }
    const model = source(
      [{ kind: 'column', name: 'wage', entity: 'person' }, aux('pay', 'double(wage)', { entity: 'person' })],
      { macros: [double], entities: [{ name: 'household' }, { name: 'person', of: 'household' }], outputs: [] },
    )
    const hidden = elaborate(model).model.variables.find(({ name }) => name === 'pay.double#1.y')
    expect(hidden?.entity).toBe('person')
  })

  it('tells a wrong number of arguments, and a macro that uses itself', () => {
    expect(thrown(source([aux('x', 'lag(1)')], { macros: [macro] })).message).toContain('takes 2 arguments, not 1')
    const endless = {
      ...macro,
      name: 'fact',
      parameters: [{ name: 'n' }],
      variables: [],
      result: { kind: 'call', function: 'fact', args: [{ kind: 'name', name: 'n' }] } as const,
    }
    const error = thrown(source([aux('x', 'fact(3)')], { macros: [endless] }))
    expect(error.code).toBe('CONSTRUCT_UNSUPPORTED')
  })
})

describe('hostile sources', () => {
  const big = (name: string) => ({ name, elements: Array.from({ length: 2_000 }, (_, i) => `${name}${i}`) })

  it('are refused where their arrays are too large', () => {
    const dimensions = ['A', 'B', 'C'].map(big)
    const error = thrown(source([aux('x', '1', { dimensions: ['A', 'B', 'C'] })], { dimensions }))
    expect(error.code).toBe('LIMIT_EXCEEDED')
  })

  it('are refused where their macros grow without bounds', () => {
    const twice = (i: number) => ({
      name: `m${i}`,
      parameters: [{ name: 'x' }],
      variables: [],
      result: parseFormula(i === 40 ? 'x' : `m${i + 1}(x) + m${i + 1}(x)`),
    })
    const macros = Array.from({ length: 41 }, (_, i) => twice(i))
    expect(thrown(source([aux('x', 'm0(1)')], { macros })).code).toBe('LIMIT_EXCEEDED')
  })

  it('are told no more than a hundred faults', () => {
    const many = Array.from({ length: 300 }, (_, i) => aux(`v${i}`, `unknown_${i}`))
    expect(thrown(source(many)).detail.faults).toHaveLength(100)
  })
})
