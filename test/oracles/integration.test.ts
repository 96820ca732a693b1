// The three methods on the machine against theory: order, energy, conservation; memory, members and values at the start against closed forms.
import { describe, expect, it } from 'vitest'
import { call, expression, initial, time as now, reduce, stepTime, sum, type Term } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model, TimeSpec, Variable } from '../../compute/model/model.ts'
import { savedTimes } from '../../compute/model/plan.ts'
import { newMachine, runBoth } from '../support/kernels.ts'

const machine = newMachine()
const unit = '1'
const METHODS = ['euler', 'rk2', 'rk4'] as const

const stock = (name: string, first: Term, flow: Term, over: object = {}): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: expression(first),
  flow: expression(flow),
  ...over,
})
const aux = (name: string, equation: Term, over: object = {}): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
  ...over,
})

/** Values of each output in lane 0, by name. */
async function run(
  variables: readonly Variable[],
  outputs: readonly string[],
  time: Partial<TimeSpec>,
  over: Partial<Model> = {},
  columns: Record<string, Float64Array> = {},
): Promise<Record<string, number[]>> {
  const span = { start: 0, dt: 1, steps: 1, saveEvery: 1, unit: 'year', ...time }
  const plan = lower({ name: 'test', variables, tables: {}, outputs, time: span, ...over })
  const { values, status } = await runBoth(machine, { plan }, { from: 0, to: 1 }, columns)
  expect(status).toEqual({ kind: 'DONE' })
  const count = savedTimes(plan).length
  return Object.fromEntries(outputs.map((name, i) => [name, [...values.subarray(i * count, (i + 1) * count)]]))
}

describe('halving the step', () => {
  const decay = { variables: [stock('s', 2, call('mul', -0.7, 's'))], at: (t: number) => 2 * Math.exp(-0.7 * t) }
  const logistic = {
    variables: [stock('s', 1, call('dampening', 1.2, 's', 's', 10))],
    at: (t: number) => 10 / (1 + 9 * Math.exp(-1.2 * t)),
  }
  const forced = {
    variables: [stock('s', 1, call('sub', call('cos', now), call('mul', now, 's')))],
    // By Simpson's rule on the integrating factor, 2,000 intervals: s = e^(-t^2/2) (1 + integral of e^(u^2/2) cos u).
    at: (t: number) => {
      const n = 2000
      const h = t / n
      const f = (u: number) => Math.exp((u * u) / 2) * Math.cos(u)
      let integral = f(0) + f(t)
      for (let i = 1; i < n; i++) integral += (i % 2 === 1 ? 4 : 2) * f(i * h)
      return Math.exp(-(t * t) / 2) * (1 + (integral * h) / 3)
    },
  }
  it.each([
    ['exponential decay', decay, 'euler', 2],
    ['exponential decay', decay, 'rk2', 4],
    ['exponential decay', decay, 'rk4', 16],
    ['logistic growth', logistic, 'euler', 2],
    ['logistic growth', logistic, 'rk2', 4],
    ['logistic growth', logistic, 'rk4', 16],
    ['a forced equation', forced, 'euler', 2],
    ['a forced equation', forced, 'rk2', 4],
    ['a forced equation', forced, 'rk4', 16],
  ] as const)('divides the error of %s by %s', async (_, { variables, at }, method, factor) => {
    const errorWith = async (steps: number) => {
      const { s } = await run(variables, ['s'], { method, dt: 2 / steps, steps, saveEvery: steps })
      return Math.abs(s!.at(-1)! - at(2))
    }
    const ratio = (await errorWith(64)) / (await errorWith(128))
    expect(ratio / factor).toBeGreaterThan(0.93)
    expect(ratio / factor).toBeLessThan(1.07)
  })
})

describe('the energy of an oscillator', () => {
  // x' = v, v' = -x: a step of size h multiplies x + iv by R(ih), and so the energy by |R(ih)|^2.
  const h = 0.1
  it.each([
    ['euler', 1 + h ** 2],
    ['rk2', 1 + h ** 4 / 4],
    ['rk4', 1 - h ** 6 / 72 + h ** 8 / 576],
  ] as const)('goes by %s as theory says: times %d a step', async (method, factor) => {
    const { x, v } = await run([stock('x', 1, 'v'), stock('v', 0, call('neg', 'x'))], ['x', 'v'], {
      method,
      dt: h,
      steps: 500,
      saveEvery: 100,
    })
    for (const [i, each] of x!.entries()) {
      const energy = each * each + v![i]! * v![i]!
      expect(energy / factor ** (100 * i)).toBeCloseTo(1, 11)
    }
  })
})

describe('transfers', () => {
  it.each(METHODS)('conserve the total by %s: what leaves one stock enters another', async (method) => {
    const stocks = ['a', 'b', 'c', 'd']
    const flows = stocks.flatMap((from, i) =>
      stocks
        .filter((to) => to !== from)
        .map((to, j) => ({ from, to, name: `${from} to ${to}`, rate: 0.05 * (i + 2 * j + 1) })),
    )
    const net = (name: string) =>
      call(
        'sub',
        sum(flows.filter((f) => f.to === name).map((f) => f.name)),
        sum(flows.filter((f) => f.from === name).map((f) => f.name)),
      )
    const variables = [
      ...stocks.map((name, i) => stock(name, 100 * (i + 1), net(name))),
      ...flows.map((f) => aux(f.name, call('logarithmic', f.rate, f.from))),
      aux('total', sum(stocks)),
    ]
    const total = { name: 'nothing is lost', left: expression('total'), right: expression(1000), tolerance: 1e-13 }
    const { total: totals, a } = await run(
      variables,
      ['total', 'a'],
      { method, dt: 0.25, steps: 400 },
      { identities: [total] },
    )
    for (const each of totals!) expect(Math.abs(each - 1000)).toBeLessThan(1e-10)
    // It is no equilibrium that they stay in.
    expect(Math.abs(a!.at(-1)! - 100)).toBeGreaterThan(1)
  })

  it('that lose something fail the identity, with the difference and the time', async () => {
    const variables = [stock('a', 10, -1), stock('b', 0, 0.5)]
    const model: Model = {
      name: 'test',
      variables,
      tables: {},
      outputs: ['a'],
      time: { start: 2020, dt: 1, steps: 3, saveEvery: 1, unit: 'year' },
      identities: [{ name: 'books', left: call('add', 'a', 'b'), right: expression(10), tolerance: 0.07 }],
    }
    const { status } = await runBoth(machine, { plan: lower(model) }, { from: 0, to: 1 })
    // 0.5 of 10 are within the tolerance, 1 is not.
    expect(status).toEqual({ kind: 'ASSERTION_FAILED', identity: 'books', difference: -1, time: 2022, lane: 0 })
  })
})

describe('within a step', () => {
  it('time moves and the time of the step does not', async () => {
    const variables = [stock('cubic', 0, call('mul', 4, call('pow', now, 3))), stock('steps', 0, stepTime)]
    const { cubic, steps } = await run(variables, ['cubic', 'steps'], { method: 'rk4', dt: 0.5, steps: 4 })
    // Simpson's rule is exact for a cubic.
    for (const [n, each] of cubic!.entries()) expect(each).toBeCloseTo((0.5 * n) ** 4, 12)
    for (const [n, each] of [0, 0, 0.25, 0.75, 1.5].entries()) expect(steps![n]).toBeCloseTo(each, 12)
  })

  it('a series, a draw and what is remembered hold still', async () => {
    const variables: Variable[] = [
      { kind: 'series', name: 'g', unit, default: 2 },
      { kind: 'random', name: 'r', unit, distribution: { kind: 'uniform', min: 0, max: 1 }, everyStep: true },
      { kind: 'previous', name: 'p', unit, value: expression('s'), initial: expression(0) },
      stock('s', 1, call('add', call('add', 'g', 'r'), 'p')),
    ]
    const { s, r, p } = await run(variables, ['s', 'r', 'p'], { method: 'rk4', dt: 0.5, steps: 6 })
    for (let n = 0; n < 6; n++) {
      expect(s![n + 1]).toBeCloseTo(s![n]! + 0.5 * (2 + r![n]! + p![n]!), 12)
      expect(p![n + 1]).toBe(s![n])
    }
    expect(new Set(r).size).toBe(7)
  })

  it('bounds hold after the step, not within', async () => {
    const variables = [stock('s', 1, -1, { min: 0 }), stock('below', 0, call('lt', 's', 0))]
    const { s, below } = await run(variables, ['s', 'below'], { method: 'rk2', dt: 4, steps: 2 })
    expect(s).toEqual([1, 0, 0])
    // The second stage of each step is at s - 4.
    expect(below).toEqual([0, 2, 4])
  })
})

describe('memory', () => {
  it.each(METHODS)('of two steps counts as Fibonacci did, by %s', async (method) => {
    const variables: Variable[] = [
      { kind: 'previous', name: 'one', unit, value: expression('f'), initial: expression(1) },
      { kind: 'previous', name: 'two', unit, value: expression('one'), initial: expression(0) },
      aux('f', call('add', 'one', 'two')),
    ]
    const { f } = await run(variables, ['f'], { method, steps: 8 })
    expect(f).toEqual([1, 2, 3, 5, 8, 13, 21, 34, 55])
  })

  it.each(METHODS)('of so many steps gives the time of then, by %s', async (method) => {
    const late = (name: string, steps: Term): Variable => ({
      kind: 'delay',
      name,
      unit,
      input: now,
      steps: expression(steps),
      initial: expression(-1),
    })
    const variables = [
      { kind: 'column', name: 'w', unit } as Variable,
      late('two', 2),
      late('one', -3),
      late('many', 'w'),
    ]
    const values = await run(
      variables,
      ['two', 'one', 'many'],
      { method, start: 10, dt: 0.5, steps: 4 },
      {},
      { w: Float64Array.of(2.6) },
    )
    expect(values).toEqual({
      two: [-1, -1, 10, 10.5, 11],
      one: [-1, 10, 10.5, 11, 11.5],
      many: [-1, -1, -1, 10, 10.5],
    })
  })

  it('does not hold what is behind the horizon', async () => {
    const late: Variable = {
      kind: 'delay',
      name: 'd',
      unit,
      input: now,
      steps: expression(1e12),
      initial: expression(5),
    }
    expect((await run([late], ['d'], { steps: 3 }))['d']).toEqual([5, 5, 5, 5])
  })
})

describe('values at the start', () => {
  it('stay what they were', async () => {
    const variables = [
      { kind: 'series', name: 'g', unit, default: 3 } as Variable,
      stock('s', call('mul', now, 'g'), 1),
      aux('since', call('sub', 's', initial('s'))),
      aux('begin', initial(call('add', now, call('mul', 'since', 'g')))),
    ]
    const { since, begin } = await run(variables, ['since', 'begin'], { start: 7, steps: 3 })
    expect([since, begin]).toEqual([
      [0, 1, 2, 3],
      [7, 7, 7, 7],
    ])
  })
})

describe('saved steps', () => {
  it('are those named', async () => {
    expect((await run([stock('s', 0, 1)], ['s'], { steps: 9, saveAt: [0, 3, 4, 9] }))['s']).toEqual([0, 3, 4, 9])
    expect((await run([stock('s', 0, 1)], ['s'], { steps: 9, saveAt: [5] }))['s']).toEqual([5])
  })
})

describe('members', () => {
  const entities = [{ name: 'household' }, { name: 'unit', of: 'household' }, { name: 'person', of: 'unit' }]
  // Three households: of two units with 2 and 1 persons, of none, of one without persons.
  const columns = {
    'count(unit)': Float64Array.of(2, 0, 1),
    'count(person)': Float64Array.of(2, 1, 0),
    rent: Float64Array.of(6, 60, 600),
    wage: Float64Array.of(10, -20, 30),
  }
  const given: Variable[] = [
    { kind: 'column', name: 'rent', unit },
    { kind: 'column', name: 'wage', unit, entity: 'person' },
    aux('size', reduce('count', 'person', 1), { entity: 'unit' }),
    aux('share', call('div', 'rent', 'size'), { entity: 'person' }),
  ]

  async function ofHouseholds(out: Term, over: Partial<Model> = {}): Promise<number[]> {
    const model: Model = {
      name: 'test',
      variables: [...given, aux('out', out)],
      tables: {},
      outputs: ['out'],
      entities,
      ...over,
    }
    const { values } = await runBoth(machine, { plan: lower(model) }, { from: 0, to: 3 }, columns)
    return [...values]
  }

  it.each([
    ['sum', [20, 0, 0]],
    ['min', [-20, 0, 0]],
    ['max', [30, 0, 0]],
    ['any', [1, 0, 0]],
    ['count', [3, 0, 0]],
  ] as const)('are joined by %s, at whatever depth, of no members to 0', async (how, expected) => {
    expect(await ofHouseholds(reduce(how, 'person', 'wage'))).toEqual(expected)
  })

  it('read what is above, and are gathered level by level', async () => {
    expect(await ofHouseholds(reduce('sum', 'person', 'share'))).toEqual([12, 0, 0])
    expect(await ofHouseholds(reduce('sum', 'unit', reduce('max', 'person', 'wage')))).toEqual([40, 0, 0])
    expect(await ofHouseholds(reduce('sum', 'unit', 'rent'))).toEqual([12, 0, 600])
    expect(await ofHouseholds(reduce('sum', 'person', 0.5))).toEqual([1.5, 0, 0])
  })

  it('have stocks of their own', async () => {
    const savings = { ...stock('savings', 'wage', call('mul', 0.5, 'savings')), entity: 'person' } as Variable
    const time = { start: 0, dt: 1, steps: 2, saveEvery: 2, unit: 'year' }
    const out = await ofHouseholds(reduce('max', 'person', 'savings'), {
      variables: [...given, savings, aux('out', reduce('max', 'person', 'savings'))],
      time,
    })
    expect(out).toEqual([30, 0, 0, 67.5, 0, 0])
  })
})

describe('the order of declarations', () => {
  it('changes no bit', async () => {
    const variables = [
      stock('x', 1, 'v'),
      stock('v', 0, call('neg', 'x')),
      aux('e', call('add', call('mul', 'x', 'x'), call('mul', 'v', 'v'))),
    ]
    const time = { method: 'rk4' as const, dt: 0.3, steps: 20 }
    expect(await run(variables.toReversed(), ['e'], time)).toEqual(await run(variables, ['e'], time))
  })
})
