// Lowering: stages, memory, values at the start, members, identities, and what the plan says of time.
import { describe, expect, it } from 'vitest'
import { operationKind } from '../../layout/operations.ts'
import {
  call,
  expression,
  extrapolate,
  initial,
  lookup,
  time as now,
  reduce,
  stepLookup,
  stepTime,
  type Term,
} from '../build.ts'
import type { Entity, Identity, Model, TimeSpec, Variable } from '../model.ts'
import { type Operation, type Plan, planHash } from '../plan.ts'
import { lower } from './lower.ts'

const unit = '1'
const time: TimeSpec = { start: 10, dt: 0.5, steps: 6, saveEvery: 2, unit: 'year' }
const aux = (name: string, equation: Term, entity?: string): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
  ...(entity === undefined ? {} : { entity }),
})
const stock = (name: string, first: Term, flow: Term, entity?: string): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: expression(first),
  flow: expression(flow),
  ...(entity === undefined ? {} : { entity }),
})
const previous = (name: string, value: Term, first: Term): Variable => ({
  kind: 'previous',
  name,
  unit,
  value: expression(value),
  initial: expression(first),
})
const delay = (name: string, input: Term, steps: Term, first: Term): Variable => ({
  kind: 'delay',
  name,
  unit,
  input: expression(input),
  steps: expression(steps),
  initial: expression(first),
})
const column: Variable = { kind: 'column', name: 'w', unit }
const series: Variable = { kind: 'series', name: 'g', unit, default: 0 }
const trajectory: Variable = { kind: 'trajectory', name: 'path', unit }

function plan(variables: readonly Variable[], outputs: readonly string[], over: Partial<Model> = {}): Plan {
  return lower({ name: 'test', variables, tables: {}, outputs, time, ...over })
}
const names = (operations: readonly Operation[]) => operations.map(([code]) => operationKind(code)!.name)
const method = (name: 'euler' | 'rk2' | 'rk4') => ({ time: { ...time, method: name } })

describe('stages', () => {
  const decay = [column, series, stock('s', 1, call('sub', call('mul', call('sqrt', 'g'), 'w'), call('exp', 's')))]

  it('evaluate anew what depends on a stock, once a step what depends on a series', () => {
    const { operations } = plan(decay, ['s'], method('rk4'))
    expect([names(operations.step), names(operations.stage)]).toEqual([
      ['sqrt', 'mul'],
      ['exp', 'sub'],
    ])
  })

  it('of Euler are none: all of a step is in one phase', () => {
    const { operations, stepTimeSlot } = plan(decay, ['s'])
    expect([names(operations.step), operations.stage, stepTimeSlot]).toEqual([['sqrt', 'mul', 'exp', 'sub'], [], null])
  })

  it('know two times; Euler knows one', () => {
    const clock = [aux('t', call('sub', now, stepTime))]
    const staged = plan(clock, ['t'], method('rk2'))
    expect(staged.timeSlot).not.toBeNull()
    expect(staged.stepTimeSlot).not.toBeNull()
    expect(staged.stepTimeSlot).not.toBe(staged.timeSlot)
    const euler = plan(clock, ['t'])
    expect(euler.operations.save[0]!.slice(2)).toEqual([euler.timeSlot, euler.timeSlot])
  })

  it('count what is drawn at each step, given or remembered as of the step', () => {
    const variables: Variable[] = [
      { kind: 'random', name: 'r', unit, distribution: { kind: 'uniform', min: 0, max: 1 }, everyStep: true },
      trajectory,
      previous('p', 's', 0),
      stock('s', 1, call('mul', call('add', call('sqrt', 'r'), call('sqrt', 'path')), call('sqrt', 'p'))),
    ]
    const { operations } = plan(variables, ['s'], method('rk4'))
    expect(names(operations.step)).toEqual(['sqrt', 'sqrt', 'add', 'sqrt', 'mul'])
    // A stock by itself is copied into the register, at the first of the stages.
    expect(names(operations.stage)).toEqual(['copy'])
  })

  it('compute where a step is saved what only an output needs', () => {
    const { operations } = plan([...decay, aux('out', call('exp', call('mul', 's', 'g')))], ['out'], method('rk2'))
    expect(names(operations.save)).toEqual(['mul', 'exp'])
  })

  it.each([
    ['euler', [[0, 0, 1]]],
    [
      'rk2',
      [
        [0, 0, 1 / 2],
        [1, 1, 1 / 2],
      ],
    ],
    [
      'rk4',
      [
        [0, 0, 1 / 6],
        [1 / 2, 1 / 2, 1 / 3],
        [1 / 2, 1 / 2, 1 / 3],
        [1, 1, 1 / 6],
      ],
    ],
  ] as const)('of %s are those of its tableau', (name, stages) => {
    expect(plan(decay, ['s'], method(name)).time!.stages.map(({ c, a, b }) => [c, a, b])).toEqual(stages)
  })

  it('do not overwrite what later ones read: values of the step and of before have slots of their own', () => {
    const chain = call('mul', call('exp', call('mul', 'w', 2)), call('exp', call('mul', 'g', 2)))
    const { operations } = plan(
      [column, series, stock('s', 1, call('mul', call('exp', call('exp', 's')), chain))],
      ['s'],
      method('rk4'),
    )
    const written = new Set<number>()
    const before = new Set<number>()
    for (const [, out, ...operands] of operations.stage) {
      for (const operand of operands) if (!written.has(operand)) before.add(operand)
      written.add(out)
    }
    expect(before.size).toBeGreaterThan(1)
    for (const slot of before) expect(written.has(slot)).toBe(false)
  })
})

describe('what is saved', () => {
  it('is named by steps, and then the interval says nothing', () => {
    const at = (saveEvery: number) => plan([stock('s', 1, 1)], ['s'], { time: { ...time, saveEvery, saveAt: [0, 5] } })
    expect(at(2).time).toMatchObject({ saveEvery: 1, saveAt: [0, 5] })
    expect(planHash(at(2))).toBe(planHash(at(3)))
    expect(plan([stock('s', 1, 1)], ['s']).time).toMatchObject({ saveEvery: 2, saveAt: null })
  })
})

describe('values at the start', () => {
  it('are computed before the first step and kept', () => {
    const { operations } = plan(
      [column, stock('s', call('exp', 'w'), 1), aux('out', call('sub', 's', initial('s')))],
      ['out'],
    )
    expect([names(operations.draw), names(operations.save)]).toEqual([['exp'], ['sub']])
  })

  it('of a series, a trajectory and a draw at each step are copied, because their slots go on', () => {
    const noise: Variable = {
      kind: 'random',
      name: 'r',
      unit,
      distribution: { kind: 'uniform', min: 0, max: 1 },
      everyStep: true,
    }
    for (const name of ['g', 'path', 'r']) {
      const {
        operations,
        series: rows,
        trajectories,
        uniforms,
      } = plan([series, trajectory, noise, aux('out', call('sub', name, initial(name)))], ['out'])
      expect(names([...operations.run, ...operations.draw])).toEqual(['copy'])
      expect(rows.length + trajectories.length + uniforms.length).toBe(1)
    }
  })

  it('of the time are the start', () => {
    const { constants, operations } = plan([aux('out', initial(call('mul', now, 2)))], ['out'])
    expect([constants.map((c) => c.value), Object.values(operations).flat()]).toEqual([[20], []])
  })

  it('of what does not change are the values', () => {
    const same = (equation: Term) => planHash(plan([column, aux('out', equation)], ['out']))
    expect(same(initial(call('exp', 'w')))).toBe(same(call('exp', 'w')))
  })
})

describe('memory', () => {
  it('of the step before is a register, left out where nothing reads it', () => {
    const variables = [previous('p', call('mul', 's', 2), 7), stock('s', 1, 1)]
    const { registers, constants, operations } = plan(variables, ['p'])
    expect(registers).toHaveLength(1)
    expect(constants.find((c) => c.slot === registers[0]!.initial)!.value).toBe(7)
    expect(operations.step).toEqual([[3, registers[0]!.next, expect.any(Number), expect.any(Number)]])
    expect(plan(variables, ['s']).registers).toEqual([])
  })

  it('of registers in a row copies each before it is overwritten', () => {
    const { operations } = plan([previous('a', 'b', 0), previous('b', 's', 0), stock('s', 1, 'a')], ['a'])
    expect(names(operations.step)).toEqual(['copy', 'copy', 'copy'])
  })

  it.each([
    [3, 3],
    [2.4, 2],
    [0, 1],
    [-5, 1],
    [1e9, 7],
  ])('of %d steps is a ring of %i', (steps, length) => {
    expect(plan([delay('d', 's', steps, 0), stock('s', 1, 1)], ['d']).rings[0]!.length).toBe(length)
  })

  it('of so many steps as a lane says is a ring that holds them all', () => {
    const { rings, columns } = plan([column, delay('d', 's', 'w', 0), stock('s', 1, 1)], ['d'])
    expect([rings[0]!.length, rings[0]!.delay]).toEqual([7, columns[0]!.slot])
  })

  it('that nothing reads is left out, with what it alone needs', () => {
    const { rings, columns } = plan([column, delay('d', 'w', 2, 0), stock('s', 1, 1)], ['s'])
    expect([rings, columns]).toEqual([[], []])
  })
})

describe('members', () => {
  const entities: Entity[] = [{ name: 'household' }, { name: 'unit', of: 'household' }, { name: 'person', of: 'unit' }]
  const wage: Variable = { kind: 'column', name: 'wage', unit, entity: 'person' }
  const of = (variables: readonly Variable[], over: Partial<Model> = {}) =>
    plan([column, wage, ...variables], ['out'], { entities, ...over })

  it('are gathered in the groups above, at whatever depth', () => {
    const { relations, operations, columns, levels } = of([aux('out', reduce('sum', 'person', 'wage'))])
    expect([names(operations.draw), relations]).toEqual([['sumMembers'], [{ member: 2, group: 0 }]])
    expect(columns.map(({ name, level }) => [name, level])).toEqual([['wage', 2]])
    expect(levels).toEqual([
      { name: 'household', of: null, count: null },
      { name: 'unit', of: 0, count: 'count(unit)' },
      { name: 'person', of: 1, count: 'count(person)' },
    ])
  })

  it('have what is above spread, only where it meets what is theirs', () => {
    const tax = aux('tax', call('mul', 'wage', call('exp', call('mul', 'w', 2))), 'person')
    const { operations, relations } = of([tax, aux('out', reduce('sum', 'person', 'tax'))])
    expect(names(operations.draw)).toEqual(['mul', 'exp', 'project', 'mul', 'sumMembers'])
    expect(relations).toEqual([{ member: 2, group: 0 }])
  })

  it('gather in two steps what is reduced twice', () => {
    const inner = reduce('max', 'person', 'wage')
    const { operations, relations } = of([aux('out', reduce('sum', 'unit', call('mul', inner, 'w')))])
    expect(names(operations.draw)).toEqual(['maxMembers', 'project', 'mul', 'sumMembers'])
    expect(relations).toEqual([
      { member: 1, group: 0 },
      { member: 2, group: 1 },
    ])
  })

  it.each([
    ['min', ['minMembers']],
    ['count', ['countMembers']],
    ['any', ['not', 'not', 'maxMembers']],
  ] as const)('are joined by %s', (how, expected) => {
    expect(names(of([aux('out', reduce(how, 'person', 'wage'))]).operations.draw)).toEqual(expected)
  })

  it('have even a constant spread before it is gathered', () => {
    expect(names(of([aux('out', reduce('sum', 'person', 2))]).operations.draw)).toEqual(['project', 'sumMembers'])
  })

  it('have stocks of their own, whose first values are spread', () => {
    const saved = stock('saved', 1, 'w', 'person')
    const { operations, stocks } = of([saved, aux('out', reduce('sum', 'person', 'saved'))])
    expect(names(operations.draw)).toEqual(['project', 'project'])
    expect(stocks).toHaveLength(1)
  })

  it('that nothing needs are no level of the plan', () => {
    expect(of([aux('out', 'w')]).levels.map((l) => l.name)).toEqual(['household'])
    const units = of([aux('x', 'w', 'unit'), aux('out', reduce('sum', 'unit', 'x'))])
    expect(units.levels.map((l) => l.name)).toEqual(['household', 'unit'])
  })

  it('of a model that names no entities are none: the lane is its level', () => {
    expect(plan([column, aux('out', 'w')], ['out']).levels).toEqual([{ name: 'lane', of: null, count: null }])
  })

  it('may be declared in any order that puts groups first', () => {
    const branches = [{ name: 'household' }, { name: 'b', of: 'household' }, { name: 'a', of: 'household' }]
    const variables = ['a', 'b'].map((entity): Variable => ({ kind: 'column', name: `of ${entity}`, unit, entity }))
    const out = aux('out', call('add', reduce('sum', 'a', 'of a'), reduce('sum', 'b', 'of b')))
    const [first, second] = [branches, [branches[0]!, branches[2]!, branches[1]!]].map((each) =>
      plan([...variables, out], ['out'], { entities: each }),
    )
    expect(planHash(first!)).toBe(planHash(second!))
    expect(first!.levels.map((l) => l.name)).toEqual(['household', 'a', 'b'])
  })

  it('and lanes share no slot', () => {
    const chain = (x: Term) => call('exp', call('sin', call('exp', x)))
    const persons = aux('x', chain('wage'), 'person')
    const { operations, columns, relations } = of([
      persons,
      aux('out', call('add', chain('w'), reduce('sum', 'person', 'x'))),
    ])
    const levels = new Map(columns.map(({ slot, level }) => [slot, level]))
    for (const [code, out, ...operands] of operations.draw) {
      const { arity, index } = operationKind(code)!
      const level =
        index === 'relation'
          ? relations[operands[arity]!]!.group
          : Math.max(...operands.slice(0, arity).map((slot) => levels.get(slot)!))
      expect(levels.get(out) ?? level).toBe(level)
      levels.set(out, level)
    }
    expect(new Set(levels.values())).toEqual(new Set([0, 2]))
  })
})

describe('identities', () => {
  const books = (over: Partial<Identity> = {}): Identity => ({
    name: 'books',
    left: expression('s'),
    right: expression('w'),
    tolerance: 0.01,
    ...over,
  })

  it('are kept alive with what they need, and checked at each step', () => {
    const variables = [column, stock('s', 1, 'w'), stock('t', 1, 1)]
    const { identities, stocks, operations } = plan(variables, ['t'], { identities: [books()] })
    expect([identities.map((i) => i.name), stocks.length]).toEqual([['books'], 2])
    const written = operations.step.map(([, out]) => out)
    expect(written).toContain(identities[0]!.holds)
    expect(written).toContain(identities[0]!.difference)
    expect(names(operations.step)).toContain('le')
  })

  it('may be declared in any order', () => {
    const other = books({ name: 'accounts', left: expression(1) })
    const [first, second] = [
      [books(), other],
      [other, books()],
    ].map((identities) => plan([column, stock('s', 1, 'w')], ['s'], { identities }))
    expect(planHash(first!)).toBe(planHash(second!))
    expect(first!.identities.map((i) => i.name)).toEqual(['accounts', 'books'])
  })
})

describe('the plan', () => {
  it('names what was not checked for units, of what it is made of', () => {
    const unchecked = (name: string): Variable => ({ ...aux(name, 'w'), unchecked: true })
    expect(
      plan([column, unchecked('b'), unchecked('a'), unchecked('dead'), aux('out', call('add', 'a', 'b'))], ['out'])
        .unchecked,
    ).toEqual(['a', 'b'])
  })

  it('has one table for equal ones, whatever their names', () => {
    const curve = { xs: [0, 1], ys: [1, 2] }
    const read = (table: string): Variable => aux(table, { op: 'lookup', table, x: expression('w') })
    const { tables, operations } = plan([column, read('a'), read('b')], ['a', 'b'], {
      tables: { a: curve, b: { ...curve } },
    })
    expect([tables, operations.draw.length]).toEqual([[curve], 1])
  })

  it('folds all functions of tables', () => {
    const tables = { curve: { xs: [0, 1], ys: [1, 3] } }
    const at = (equation: Term) => plan([aux('out', equation)], ['out'], { tables }).constants[0]!.value
    expect([at(lookup('curve', 2)), at(extrapolate('curve', 2)), at(stepLookup('curve', 0.9))]).toEqual([3, 5, 1])
  })

  it('leaves out the side of a select that a constant excludes', () => {
    expect(plan([column, aux('out', call('select', 1, 2, call('exp', 'w')))], ['out']).columns).toEqual([])
  })
})
