// Lowering: binding times, folding, sharing, fusing, slots.
import { describe, expect, it } from 'vitest'
import { hashOf } from '../../../schema/hash.ts'
import { exampleNetwork, networkModel } from '../../../test/bench/network.ts'
import { CODE, operationKind } from '../../layout/operations.ts'
import { bracket, call, expression, lookup, sum, type Term } from '../build.ts'
import type { Expression, Model, Variable } from '../model.ts'
import { type Operation, type Plan, planHash } from '../plan.ts'
import { lower } from './lower.ts'

const unit = '1'
const time = { start: 0, dt: 1, steps: 3, saveEvery: 1, unit: 'year' }
const leaves: Variable[] = [
  { kind: 'constant', name: 'k', unit, value: 4 },
  { kind: 'input', name: 'i', unit },
  { kind: 'series', name: 'g', unit, default: 0 },
  { kind: 'column', name: 'w', unit },
  { kind: 'random', name: 'r', unit, distribution: { kind: 'normal', mean: 0, sd: 1 } },
  { kind: 'stock', name: 's', unit, initial: expression(1), flow: expression(0) },
  { kind: 'stock', name: 't', unit, initial: expression(1), flow: expression(0) },
]
const tables = { curve: { xs: [0, 1], ys: [0, 10] }, tax: { xs: [0, 10], ys: [0.1, 0.2] } }

function planOf(equation: Term, over: Partial<Model> = {}): Plan {
  const variables: Variable[] = [...leaves, { kind: 'auxiliary', name: 'out', unit, equation: expression(equation) }]
  return lower({ name: 'test', variables, tables, outputs: ['out'], time, ...over })
}

const names = (operations: readonly Operation[]) => operations.map(([code]) => operationKind(code)!.name)

describe('binding times', () => {
  it('puts each operation where its latest operand is known', () => {
    const { operations } = planOf(call('add', call('mul', 's', call('exp', 'r')), call('sqrt', call('neg', 'i'))))
    expect(names(operations.run)).toEqual(['neg', 'sqrt'])
    expect(names(operations.draw)).toEqual(['normalQuantile', 'exp'])
    expect(names(operations.step)).toEqual([])
    expect(names(operations.save)).toEqual(['addMul'])
  })

  it('computes at each step what a flow needs, and where a step is saved what only outputs need', () => {
    const variables: Variable[] = [
      ...leaves.filter((v) => v.name !== 's'),
      { kind: 'stock', name: 's', unit, initial: expression(1), flow: call('mul', 's', 'g') },
      { kind: 'auxiliary', name: 'out', unit, equation: call('exp', 's') },
    ]
    const { operations } = lower({ name: 'test', variables, tables, outputs: ['out'], time })
    expect([names(operations.step), names(operations.save)]).toEqual([['mul'], ['exp']])
  })

  it('computes a model without time once per lane', () => {
    const variables = leaves.filter((v) => ['w', 'k'].includes(v.name))
    const timeless: Model = {
      name: 'test',
      variables: [...variables, { kind: 'auxiliary', name: 'out', unit, equation: bracket('tax', 'w') }],
      tables,
      outputs: ['out'],
    }
    const plan = lower(timeless)
    expect([names(plan.operations.draw), plan.operations.save, plan.time]).toEqual([['bracket'], [], null])
  })

  it('computes an initial value before the first step, of other initial values and of a series at its start', () => {
    const variables: Variable[] = [
      ...leaves.filter((v) => !['s', 't'].includes(v.name)),
      { kind: 'stock', name: 's', unit, initial: call('mul', 'out', 2), flow: expression('g') },
      { kind: 'stock', name: 't', unit, initial: call('add', 'g', 1), flow: expression(0) },
      { kind: 'auxiliary', name: 'out', unit, equation: call('add', 't', { op: 'time' }) },
    ]
    const { operations } = lower({ name: 'test', variables, tables, outputs: ['s'], time: { ...time, start: 5 } })
    expect(names(operations.run)).toEqual(['add', 'add', 'mul'])
    expect(names(operations.step)).toEqual([])
  })
})

describe('folding and sharing', () => {
  it('folds what is constant, with the functions of the machine', () => {
    const plan = planOf(call('add', call('mul', 'k', 3), call('exp', 0)))
    expect(Object.values(plan.operations).flat()).toEqual([])
    expect(plan.constants).toEqual([{ slot: plan.outputs[0]!.slot, value: 13 }])
  })

  it('folds lookups and bracket schedules', () => {
    expect(planOf(lookup('curve', 0.25)).constants[0]!.value).toBe(2.5)
    expect(planOf(bracket('tax', 30)).constants[0]!.value).toBe(5)
  })

  it('leaves to the run what would be folded to infinity or NaN', () => {
    expect(names(planOf(call('div', 1, 0)).operations.run)).toEqual(['div'])
    expect(names(planOf(call('log', -1)).operations.run)).toEqual(['log'])
  })

  it('writes a constant -0 as 0, which JSON cannot tell apart', () => {
    const [zero] = planOf(call('mul', 0, -1)).constants
    expect(Object.is(zero!.value, 0)).toBe(true)
  })

  it('shares equal parts, also with the operands of a sum exchanged', () => {
    const once = call('exp', call('add', 's', 'r'))
    const again = call('exp', call('add', 'r', 's'))
    expect(names(planOf(call('div', once, again)).operations.save)).toEqual(['add', 'exp', 'div'])
  })

  it('shares nothing where that is to be measured', () => {
    const equation = call('div', call('exp', 's'), call('exp', 's'))
    const variables: Variable[] = [...leaves, { kind: 'auxiliary', name: 'out', unit, equation }]
    const model: Model = { name: 'test', variables, tables, outputs: ['out'], time }
    expect(names(lower(model, { share: false }).operations.save)).toEqual(['exp', 'exp', 'div'])
  })

  it('leaves out what no output needs, whatever its kind', () => {
    const plan = planOf('i')
    expect([plan.columns, plan.uniforms, plan.stocks, plan.series]).toEqual([[], [], [], []])
    expect(plan.inputs.map((i) => i.name)).toEqual(['i'])
  })

  it('keeps a stock that an output needs through the flow of another', () => {
    const variables: Variable[] = [
      { kind: 'stock', name: 'a', unit, initial: expression(1), flow: expression('b') },
      { kind: 'stock', name: 'b', unit, initial: expression(1), flow: expression('b') },
      { kind: 'stock', name: 'c', unit, initial: expression(1), flow: expression('a') },
    ]
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['a'], time })
    expect(plan.stocks).toHaveLength(2)
  })

  it('takes a square as a product and the first power as it is', () => {
    expect(names(planOf(call('pow', 's', 2)).operations.save)).toEqual(['mul'])
    expect(names(planOf(call('pow', 's', 1)).operations.save)).toEqual([])
    expect(names(planOf(call('pow', 's', 3)).operations.save)).toEqual(['pow'])
  })
})

describe('fused operations', () => {
  const plus = (form: Expression) => call('add', 'g', form)
  it.each<[string, Expression, string[]]>([
    ['a linear form', call('linear', 'r', 's'), ['addMul']],
    ['a sigmoid', call('sigmoid', 'r', 's', 1, 'i', 'k'), ['addSigmoid']],
    ['a logarithmic form', call('logarithmic', 'r', 's'), ['addLogarithmic']],
    ['a threshold', call('threshold', 'r', 's', 'k'), ['addThreshold']],
    ['a saturating form', call('saturating', 'r', 's', 't', 'k'), ['addSaturating']],
    ['a dampening form', call('dampening', 'r', 's', 't', 'k'), ['addDampening']],
  ])('take in %s that is added to a flow', (_, form, expected) => {
    expect(names(planOf(plus(form)).operations.save)).toEqual(expected)
  })

  it.each<[Expression, string]>([
    [call('sigmoid', 'r', 's', 1, 'i', 'k'), 'sigmoid'],
    [call('logarithmic', 'r', 's'), 'logarithmic'],
    [call('threshold', 'r', 's', 'k'), 'threshold'],
    [call('saturating', 'r', 's', 't', 'k'), 'saturating'],
    [call('dampening', 'r', 's', 't', 'k'), 'dampening'],
    [call('sub', 's', call('mul', 'r', 't')), 'subMul'],
    [call('threshold', 1, 's', 'r'), 'excess'],
  ])('stand for a form by itself: %#', (form, expected) => {
    expect(names(planOf(form).operations.save)).toEqual([expected])
  })

  it('do not take in what a second reader needs', () => {
    const shared = call('log', call('add', 's', 1))
    const twice = sum([call('mul', 'r', shared), call('mul', 'w', shared)])
    expect(names(planOf(twice).operations.save)).toEqual(['add', 'log', 'mul', 'addMul'])
    const logs = sum([call('logarithmic', 'r', 's'), call('logarithmic', 'w', 's')])
    expect(names(planOf(logs).operations.save)).toEqual(['log1p', 'mul', 'addMul'])
  })

  /** What a subscript that is computed elaborates to. */
  const chosen = (place: Term, values: readonly Term[], otherwise: Term = 0) =>
    values.reduceRight<Expression>(
      (rest, value, i) => call('select', call('eq', call('round', place), i + 1), value, rest),
      expression(otherwise),
    )

  it('choose by a rounded number, and compare no more', () => {
    const { operations, constants } = planOf(chosen('s', ['i', 'k', 7, 'r']))
    expect(names(operations.save)).toEqual(['choose'])
    const [[, , place, otherwise]] = operations.save as unknown as [number[]]
    expect(constants.find(({ slot }) => slot === otherwise)?.value).toBe(0)
    expect(place).toBe(planOf('s').stocks[0]?.slot ?? place)
  })

  it('compare still where something else asks for it', () => {
    const isFirst = call('eq', call('round', 's'), 1)
    const { operations } = planOf(call('add', chosen('s', ['i', 'r', 7]), isFirst))
    expect(names(operations.save)).toEqual(['choose', 'round', 'eq', 'add'])
  })

  it('choose twice by one number, and share what is chosen between several', () => {
    const { operations } = planOf(call('mul', chosen('s', ['i', 'r', 7]), chosen('s', ['r', 'i', 3])))
    expect(names(operations.save)).toEqual(['choose', 'choose', 'mul'])
    const twice = chosen('s', ['i', 'r', 7])
    expect(names(planOf(call('mul', twice, call('exp', twice))).operations.save)).toEqual(['choose', 'exp', 'mul'])
  })

  it('select one after the other where the numbers do not count up, are not rounded, or are few', () => {
    const counted = (from: number, step: number) =>
      call(
        'select',
        call('eq', call('round', 's'), from),
        'i',
        call(
          'select',
          call('eq', call('round', 's'), from + step),
          'r',
          call('select', call('eq', call('round', 's'), from + 2 * step), 't', 0),
        ),
      )
    const selects = (e: Expression) => names(planOf(e).operations.save).filter((name) => name === 'select').length
    expect(selects(counted(0, 1))).toBe(3)
    expect(selects(counted(1, 2))).toBe(3)
    expect(selects(chosen('s', ['i', 'r']))).toBe(2)
    expect(
      selects(
        call(
          'select',
          call('eq', 's', 1),
          'i',
          call('select', call('eq', 's', 2), 'r', call('select', call('eq', 's', 3), 't', 0)),
        ),
      ),
    ).toBe(3)
  })

  it('leave alone what chooses for members', () => {
    const variables: Variable[] = [
      { kind: 'column', name: 'status', unit, entity: 'person' },
      { kind: 'auxiliary', name: 'x', unit, entity: 'person', equation: chosen('status', [1, 4, 9]) },
      {
        kind: 'auxiliary',
        name: 'out',
        unit,
        equation: { op: 'reduce', how: 'sum', over: 'person', x: expression('x') },
      },
    ]
    const entities = [{ name: 'household' }, { name: 'person', of: 'household' }]
    const { operations } = lower({ name: 'test', variables, tables: {}, outputs: ['out'], entities })
    expect(names(operations.draw)).not.toContain('choose')
  })

  it('do not draw into the loop what is known before it', () => {
    const { operations } = planOf(call('add', 's', call('mul', 'r', 'w')))
    expect([names(operations.draw), names(operations.save)]).toEqual([['normalQuantile', 'mul'], ['add']])
  })
})

describe('slots', () => {
  it('are used again: a sum of a thousand products needs two for its own values', () => {
    const plan = planOf(sum(Array.from({ length: 1000 }, (_, i) => call('exp', call('mul', 's', i + 0.5)))))
    const written = new Set(plan.operations.save.map(([, out]) => out))
    expect(written.size).toBeLessThanOrEqual(3)
  })

  it('of a series and of its value at the start are one', () => {
    const variables: Variable[] = [
      { kind: 'series', name: 'g', unit },
      { kind: 'stock', name: 's', unit, initial: expression('g'), flow: expression('g') },
    ]
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['s'], time })
    expect(plan.series).toEqual([{ name: 'g', slot: plan.stocks[0]!.initial, default: null }])
    expect(plan.stocks[0]!.flow).toBe(plan.stocks[0]!.initial)
  })

  it('keep apart what depends on a lane and what does not', () => {
    const plan = planOf(sum([call('exp', call('mul', 'i', 2)), call('exp', call('mul', 's', 2))]))
    const perLane = new Set(plan.operations.save.map(([, out]) => out))
    for (const [, out] of plan.operations.run) expect(perLane.has(out)).toBe(false)
  })

  it('hold a copy where a stock flows by itself into another', () => {
    const variables: Variable[] = [
      { kind: 'stock', name: 'a', unit, initial: expression(1), flow: expression('b') },
      { kind: 'stock', name: 'b', unit, initial: expression(1), flow: expression('a') },
    ]
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['a', 'b'], time })
    expect(plan.operations.step.map(([code]) => code)).toEqual([CODE.copy, CODE.copy])
  })
})

describe('the plan', () => {
  it('is the same, hash and all, for the same model', () => {
    const model = networkModel(exampleNetwork())
    expect(planHash(lower(model))).toBe(planHash(lower({ ...model, variables: model.variables.toReversed() })))
  })

  it('does not depend on the value of an input', () => {
    const plan = planOf('i')
    expect(plan.inputs[0]!.default).toBeNull()
  })

  it('refuses two random parameters that would draw the same numbers', () => {
    // The SHA-256 of these two names begin with the same 32 bits (found by search).
    const collide = ['parameter_36876', 'parameter_56874']
    const variables = collide.map(
      (name): Variable => ({ kind: 'random', name, unit, distribution: { kind: 'uniform', min: 0, max: 1 } }),
    )
    expect(() => lower({ name: 'test', variables, tables: {}, outputs: collide })).toThrow(
      'would draw the same numbers',
    )
  })

  it('of 400 stocks and 2,000 mechanisms is lowered in the time of hashing it a few times', () => {
    const model = networkModel(exampleNetwork(10))
    const plan = lower(model)
    expect(plan.stocks).toHaveLength(400)
    expect(plan.uniforms).toHaveLength(2000)
    // The best of five, against work of the same run: others may share the machine.
    const best = (work: () => unknown) => {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now()
        work()
        return performance.now() - start
      })
      return Math.min(...times)
    }
    expect(best(() => lower(model)) / best(() => hashOf(plan))).toBeLessThan(10)
  })
})
