// Euler integration on the machine against formulas that can be written down.
import { describe, expect, it } from 'vitest'
import { bracket, call, expression, lookup, type Term } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model, Variable } from '../../compute/model/model.ts'
import { savedTimes } from '../../compute/model/plan.ts'
import { newMachine, runBoth } from '../support/kernels.ts'

const machine = newMachine()
const unit = '1'
const one = { from: 0, to: 1 }

const stock = (name: string, initial: Term, flow: Term, over: { min?: number; max?: number } = {}): Variable => ({
  kind: 'stock',
  name,
  unit,
  initial: expression(initial),
  flow: expression(flow),
  ...over,
})

function model(variables: readonly Variable[], time: Partial<Model['time']> = {}, over: Partial<Model> = {}): Model {
  const outputs = variables.filter((v) => v.kind === 'stock').map((v) => v.name)
  const span = { start: 0, dt: 0.25, steps: 8, saveEvery: 1, unit: 'year', ...time }
  return { name: 'test', variables, tables: {}, outputs, time: span, ...over }
}

/** Values of the first output in lane 0. */
async function trajectory(
  m: Model,
  given: { inputs?: Record<string, number>; series?: Record<string, number[]> } = {},
) {
  const plan = lower(m)
  const { values } = await runBoth(machine, { plan, ...given }, one)
  return [...values.subarray(0, savedTimes(plan).length)]
}

describe('Euler integration', () => {
  it('of exponential decay is the initial value times (1 - rate dt)^n', async () => {
    const values = await trajectory(model([stock('s', 100, call('mul', -0.5, 's'))], { steps: 20 }))
    expect(values).toHaveLength(21)
    for (const [n, value] of values.entries()) expect(value).toBeCloseTo(100 * (1 - 0.5 * 0.25) ** n, 10)
  })

  it('of logistic growth follows its recurrence to the bit', async () => {
    // r s (1 - s / k)
    const growth = call('dampening', 0.8, 's', 's', 50)
    const values = await trajectory(model([stock('s', 5, growth)], { steps: 40, dt: 0.5 }))
    let s = 5
    for (const value of values) {
      expect(value).toBe(s)
      s = s + 0.5 * (0.8 * s * (1 - s / 50))
    }
    expect(values.at(-1)).toBeCloseTo(50, 4)
  })

  it('moves all stocks at once: a rotation uses the state before the step', async () => {
    const values = await trajectory(
      model([stock('x', 1, call('neg', 'y')), stock('y', 0, expression('x'))], { dt: 0.1, steps: 3 }),
    )
    expect(values).toEqual([1, 1, 1 - 0.1 * 0.1, 1 - 0.1 * 0.1 - 0.1 * (0.1 + 0.1 * 1)])
  })

  it('holds a stock in its bounds after each step, not before the first', async () => {
    expect(await trajectory(model([stock('s', 10, -16, { min: 0 })], { steps: 4 }))).toEqual([10, 6, 2, 0, 0])
    expect(await trajectory(model([stock('s', 0, 8, { max: 5 })], { steps: 4 }))).toEqual([0, 2, 4, 5, 5])
    expect(await trajectory(model([stock('s', 9, 0, { max: 5 })], { steps: 1 }))).toEqual([9, 5])
  })

  it('reads a series at the step, its last value at the last step', async () => {
    const m = model(
      [{ kind: 'series', name: 'g', unit }, stock('s', 'g', 'g')],
      { dt: 1, steps: 3 },
      { outputs: ['s', 'g'] },
    )
    const plan = lower(m)
    const { values } = await runBoth(machine, { plan, series: { g: [1, 10, 100, 1000] } }, one)
    expect([...values]).toEqual([1, 2, 12, 112, 1, 10, 100, 1000])
  })

  it('takes the default of a series at every step', async () => {
    const m = model([{ kind: 'series', name: 'g', unit, default: 2 }, stock('s', 0, 'g')], { dt: 1, steps: 3 })
    expect(await trajectory(m)).toEqual([0, 2, 4, 6])
  })

  it('knows the time: start + n dt', async () => {
    const m = model(
      [{ kind: 'auxiliary', name: 't', unit, equation: { op: 'time' } }],
      { start: 2024, dt: 0.1, steps: 3 },
      { outputs: ['t'] },
    )
    expect(await trajectory(m)).toEqual([2024, 2024 + 0.1, 2024 + 2 * 0.1, 2024 + 3 * 0.1])
  })
})

describe('the save schedule', () => {
  it.each([
    [8, 1, 9],
    [8, 4, 3],
    [8, 3, 4],
    [8, 100, 2],
    [0, 1, 1],
  ])('of %i steps, saved every %i, has %i times and the right values at them', async (steps, saveEvery, count) => {
    const m = model([stock('s', 0, 1)], { dt: 0.5, start: 10, steps, saveEvery })
    const times = savedTimes(lower(m))
    expect(times).toHaveLength(count)
    expect(times.at(-1)).toBe(10 + steps * 0.5)
    expect(await trajectory(m)).toEqual(times.map((t) => t - 10))
  })

  it('gives an auxiliary the state of its own time, also at the end', async () => {
    const m = model(
      [stock('s', 1, 1), { kind: 'auxiliary', name: 'double', unit, equation: call('mul', 's', 2) }],
      { dt: 1, steps: 3, saveEvery: 2 },
      { outputs: ['double'] },
    )
    expect(await trajectory(m)).toEqual([2, 6, 8])
  })
})

describe('tables', () => {
  const column: Variable = { kind: 'column', name: 'x', unit }
  const tables = {
    curve: { xs: [0, 1, 3], ys: [10, 20, 0] },
    single: { xs: [2], ys: [7] },
    tax: { xs: [0, 9875, 40125], ys: [0.1, 0.12, 0.22] },
  }

  async function at(equation: Term, xs: readonly number[]): Promise<number[]> {
    const variables: Variable[] = [column, { kind: 'auxiliary', name: 'y', unit, equation: expression(equation) }]
    const plan = lower({ name: 'test', variables, tables, outputs: ['y'] })
    const { values } = await runBoth(machine, { plan }, { from: 0, to: xs.length }, { x: Float64Array.from(xs) })
    return [...values]
  }

  it('of a lookup are linear between their points and hold their ends', async () => {
    expect(await at(lookup('curve', 'x'), [-1, 0, 0.5, 1, 2, 3, 4])).toEqual([10, 10, 15, 20, 10, 0, 0])
    expect(await at(lookup('curve', 'x'), [-Infinity, Infinity])).toEqual([10, 0])
    expect(await at(lookup('single', 'x'), [-1, 2, 3])).toEqual([7, 7, 7])
  })

  it('of a bracket schedule take each rate of its slice, exactly at a threshold too', async () => {
    const income = [-100, 0, 1000, 9875, 9876, 40125, 100_000]
    const first = 9875 * 0.1
    const second = 0.12 * (40125 - 9875)
    expect(await at(bracket('tax', 'x'), income)).toEqual([
      0,
      0,
      100,
      first,
      first + 0.12,
      first + second,
      first + second + 0.22 * (100_000 - 40125),
    ])
  })

  it('of a bracket schedule have no top', async () => {
    expect(await at(bracket('tax', 'x'), [1e300, Infinity])).toEqual([0.22 * 1e300, Infinity])
  })

  it('keep NaN', async () => {
    expect(await at(call('add', lookup('curve', 'x'), bracket('tax', 'x')), [Number.NaN, 0])).toEqual([Number.NaN, 10])
  })
})

describe('random parameters', () => {
  const lanes = 20_000
  it.each([
    ['normal', { kind: 'normal', mean: 3, sd: 2 }, 3, 2, -Infinity, Infinity],
    [
      'log-normal',
      { kind: 'logNormal', mu: 0, sigma: 0.5 },
      Math.exp(0.125),
      Math.sqrt((Math.exp(0.25) - 1) * Math.exp(0.25)),
      0,
      Infinity,
    ],
    ['uniform', { kind: 'uniform', min: -1, max: 3 }, 1, 4 / Math.sqrt(12), -1, 3],
    // Mean and standard deviation of a standard normal held above 0, and between 3 and 9: the moments of the truncated normal.
    [
      'truncated normal',
      { kind: 'truncatedNormal', mean: 0, sd: 1, min: 0, max: 1e9 },
      0.7978845608028654,
      0.6028102749890869,
      0,
      1e9,
    ],
    [
      'truncated normal far from its mean',
      { kind: 'truncatedNormal', mean: 0, sd: 1, min: 3, max: 9 },
      3.283098655,
      0.26563,
      3,
      9,
    ],
    [
      'truncated normal far below its mean',
      { kind: 'truncatedNormal', mean: 0, sd: 1, min: -9, max: -3 },
      -3.283098655,
      0.26563,
      -9,
      -3,
    ],
  ] as const)('that is %s has its mean, spread and range', async (_, distribution, mean, sd, min, max) => {
    const variables: Variable[] = [{ kind: 'random', name: 'x', unit, distribution }]
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['x'] })
    const { values } = await machine.run({ plan, inputs: {}, series: {} }, {}, { from: 0, to: lanes }, '42')
    const average = values.reduce((sum, x) => sum + x, 0) / lanes
    const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (lanes - 1))
    // Four standard errors of the mean; a few per cent of the spread.
    expect(Math.abs(average - mean)).toBeLessThan((4 * sd) / Math.sqrt(lanes))
    expect(Math.abs(spread / sd - 1)).toBeLessThan(0.03)
    expect(values.every((x) => x >= min && x <= max)).toBe(true)
  })

  it('of a spread of 0 are their mean', async () => {
    const variables: Variable[] = [
      { kind: 'random', name: 'x', unit, distribution: { kind: 'normal', mean: 3, sd: 0 } },
    ]
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['x'] })
    const { values } = await runBoth(machine, { plan }, { from: 0, to: 100 })
    expect(new Set(values)).toEqual(new Set([3]))
  })

  it('are independent of each other, and of the seed beside', async () => {
    const variables: Variable[] = ['x', 'y'].map((name) => ({
      kind: 'random',
      name,
      unit,
      distribution: { kind: 'normal', mean: 0, sd: 1 },
    }))
    const plan = lower({ name: 'test', variables, tables: {}, outputs: ['x', 'y'] })
    const draw = async (seed: string) =>
      (await machine.run({ plan, inputs: {}, series: {} }, {}, { from: 0, to: lanes }, seed)).values
    const a = await draw('0')
    const b = await draw('18446744073709551615')
    const correlation = (p: Float64Array, q: Float64Array) => p.reduce((sum, x, i) => sum + x * q[i]!, 0) / lanes
    expect(Math.abs(correlation(a.subarray(0, lanes), a.subarray(lanes)))).toBeLessThan(0.03)
    expect(Math.abs(correlation(a.subarray(0, lanes), b.subarray(0, lanes)))).toBeLessThan(0.03)
  })
})
