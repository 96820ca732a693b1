// Every operation of the machine against the interpreter, bit for bit.
import { describe, expect, it } from 'vitest'
import { CODE, OPERATIONS, type OperationKind } from '../../compute/layout/operations.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { newMachine, runBoth } from '../support/kernels.ts'
import { column, constant, planOf } from '../support/plans.ts'
import { anyDouble, EDGES, numbers } from '../support/random-numbers.ts'

const machine = newMachine()
const TABLES = [
  { xs: [0, 10, 40, 86, 165, 210, 524], ys: [0.1, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37] },
  { xs: [-2, -1, 0.5, 3], ys: [4, -1, 0, 1e6] },
  { xs: [5], ys: [0.25] },
]

/** Operations on values alone; those on members and solve blocks have tests of their own. */
const PLAIN = OPERATIONS.filter(({ index }) => index === null || index === 'table')
const reads = ({ index }: OperationKind) => index === 'table'

/** Columns 0..4, and constants in slots 5..9: an operand is one or the other. */
function planFor(kind: OperationKind, operands: readonly number[], table: number): Plan {
  return planOf({
    slots: 11,
    constants: [0.5, -3, 2, 1e-3, 7].map((value, i) => constant(5 + i, value)),
    columns: [0, 1, 2, 3, 4].map((slot) => column(`column_${slot}`, slot)),
    tables: TABLES,
    operations: { draw: [[kind.code, 10, ...operands, ...(reads(kind) ? [table] : [])]] },
    outputs: [10],
  })
}

/** Edges against each other, numbers of everyday size, and random bits. */
function columns(lanes: number, seed: number): Record<string, Float64Array> {
  const next = numbers(seed)
  const value = (i: number, slot: number) => {
    if (i % 3 === 0) return EDGES[Math.floor(next() * EDGES.length)]!
    if (i % 3 === 1) return (next() - 0.4) * 10 ** Math.floor(next() * 6 - 1)
    return slot === 0 || i % 2 ? anyDouble(next) : next() * 100
  }
  return Object.fromEntries(
    [0, 1, 2, 3, 4].map((slot) => [`column_${slot}`, Float64Array.from({ length: lanes }, (_, i) => value(i, slot))]),
  )
}

const lanes = 3001

describe('every operation equals the interpreter bit for bit', () => {
  it.each(PLAIN)('$name, over columns', async (kind) => {
    for (const table of reads(kind) ? [0, 1, 2] : [0]) {
      const plan = planFor(kind, [0, 1, 2, 3, 4].slice(0, kind.arity), table)
      const { values } = await runBoth(machine, { plan }, { from: 0, to: lanes }, columns(lanes, kind.code))
      expect(new Set(values).size).toBeGreaterThan(1)
    }
  })

  it.each(PLAIN)('$name, with each operand in turn the same in all lanes', async (kind) => {
    for (let uniform = 0; uniform < kind.arity; uniform++) {
      const operands = [0, 1, 2, 3, 4].map((slot) => (slot === uniform ? slot + 5 : slot)).slice(0, kind.arity)
      await runBoth(machine, { plan: planFor(kind, operands, 0) }, { from: 0, to: 200 }, columns(200, kind.code))
    }
  })

  it.each(PLAIN)('$name, with every operand the same in all lanes', async (kind) => {
    const operands = [5, 6, 7, 8, 9].slice(0, kind.arity)
    await runBoth(machine, { plan: planFor(kind, operands, 1) }, { from: 0, to: 70 }, columns(70, 1))
  })

  it.each(PLAIN)('$name, its result in the place of an operand', async (kind) => {
    for (let place = 0; place < kind.arity; place++) {
      const plan = planFor(kind, [0, 1, 2, 3, 4].slice(0, kind.arity), 0)
      const [[code, , ...operands]] = plan.operations.draw as unknown as [[number, number, ...number[]]]
      const draw: Plan['operations']['draw'] = [[code, place, ...operands]]
      const inPlace = {
        ...plan,
        operations: { ...plan.operations, draw },
        outputs: [{ name: 'o', unit: '1', slot: place }],
      }
      await runBoth(machine, { plan: inPlace }, { from: 0, to: 300 }, columns(300, 9))
    }
  })

  it.each(PLAIN)('$name, its result in the place of an operand, the same in all lanes', async (kind) => {
    for (let place = 0; place < kind.arity; place++) {
      const plan = planFor(kind, [5, 6, 7, 8, 9].slice(0, kind.arity), 1)
      const [[code, , ...operands]] = plan.operations.draw as unknown as [[number, number, ...number[]]]
      const run: Plan['operations']['run'] = [[code, 5 + place, ...operands]]
      const outputs = [{ name: 'o', unit: '1', slot: 5 + place }]
      const inPlace = { ...plan, operations: { ...plan.operations, draw: [], run }, outputs }
      await runBoth(machine, { plan: inPlace }, { from: 0, to: 70 }, columns(70, 2))
    }
  })

  it.each(PLAIN)('$name, over one operand that is spread over a slot with a value per lane', async (kind) => {
    // The slot is first written per lane and then by an operation on constants alone.
    const plan = planFor(kind, [5, 6, 7, 8, 9].slice(0, kind.arity), 0)
    const draw: Plan['operations']['draw'] = [[CODE.copy, 10, 0], ...plan.operations.draw]
    await runBoth(
      machine,
      { plan: { ...plan, operations: { ...plan.operations, draw } } },
      { from: 0, to: 100 },
      columns(100, 3),
    )
  })
})

describe('a choice among several', () => {
  const PLACES = [1, 2, 3, 4, 5, 0, -1, 6, 7, 1e9, -1e9, 2 ** 31, 2 ** 32 + 1, 2 ** 52, 1e300, NaN, Infinity, -Infinity]
  const NEAR = [0.5, 1.5, 2.5, 0.49, 1.51, 5.49, 5.5, 0.5 + 2 ** -53, -0, -0.4, 3 - 1e-9]
  const places = Float64Array.from({ length: 700 }, (_, i) => [...PLACES, ...NEAR][i % (PLACES.length + NEAR.length)]!)

  /** The place in slot 0, and values in slots from 10 on: the first `perLane` of them columns. */
  function planOfChoice(values: number, perLane: number): Plan {
    const slots = Array.from({ length: values + 1 }, (_, i) => 10 + i)
    return planOf({
      slots: 11 + values,
      columns: [column('place', 0), ...slots.slice(0, perLane).map((slot) => column(`value_${slot}`, slot))],
      constants: slots.slice(perLane).map((slot) => constant(slot, slot / 3)),
      operations: { draw: [[CODE.choose, 1, 0, ...slots]] },
      outputs: [1],
    })
  }

  it.each([
    [1, 0],
    [5, 0],
    [5, 3],
    [5, 6],
    [50, 0],
    [50, 1],
    [255, 0],
  ])('of %i values, %i of them a value per lane, equals the interpreter for any place', async (values, perLane) => {
    const next = numbers(values)
    const given = Object.fromEntries(
      Array.from({ length: perLane }, (_, i) => [
        `value_${10 + i}`,
        Float64Array.from({ length: 700 }, () => anyDouble(next)),
      ]),
    )
    const plan = planOfChoice(values, perLane)
    const { values: chosen } = await runBoth(machine, { plan }, { from: 0, to: 700 }, { place: places, ...given })
    expect(new Set(chosen).size).toBeGreaterThan(1)
  })

  it('is the selections that it stands for', async () => {
    const { values } = await runBoth(machine, { plan: planOfChoice(5, 0) }, { from: 0, to: 700 }, { place: places })
    const half = (x: number) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))
    for (const [i, place] of places.entries()) {
      const number = [1, 2, 3, 4, 5].indexOf(half(place)) + 1
      expect(values[i], String(place)).toBe((10 + number) / 3)
    }
  })

  it('of more values than the machine has room for, or of none, is refused', async () => {
    for (const values of [0, 256]) {
      const refused = machine.run(
        { plan: planOfChoice(values, 0), inputs: {}, series: {} },
        { place: places },
        { from: 0, to: 700 },
        '1',
      )
      await expect(refused).rejects.toMatchObject({ code: 'CONSTRUCT_UNSUPPORTED' })
    }
  })
})

type Draw = (next: () => number) => number
const near =
  (width: number): Draw =>
  (next) =>
    (next() - 0.5) * width
const power =
  (low: number, high: number): Draw =>
  (next) =>
    10 ** (low + (high - low) * next())
const probability: Draw = (next) => {
  const u = next()
  if (u < 0.25) return 10 ** (-12 * next())
  return u < 0.5 ? 1 - 10 ** (-12 * next()) : next()
}
const angle: Draw = (next) => (next() - 0.5) * 10 ** (next() * 7)
const anySize: Draw = (next) => (next() < 0.5 ? -1 : 1) * 2 ** (2000 * next() - 1000)

describe('the functions that take a block of lanes at once, and those that iterate', () => {
  const many = 60_000

  it.each<[name: string, draws: readonly Draw[]]>([
    ['exp', [near(1400)]],
    ['log', [power(-300, 300)]],
    ['log', [(next) => 1 + 0.02 * (next() - 0.5)]],
    ['log1p', [(next) => (next() - 0.3) * 10 ** ((next() - 0.5) * 30)]],
    ['log1p', [near(0.1)]],
    ['pow', [power(-10, 10), near(40)]],
    ['pow', [near(10), (next) => Math.floor(next() * 10)]],
    ['sigmoid', [near(10), near(100), near(4), near(100)]],
    ['addSigmoid', [near(10), near(10), near(100), near(4), near(100)]],
    ['logarithmic', [near(10), power(-3, 3)]],
    ['addLogarithmic', [near(10), near(10), power(-3, 3)]],
    ['sin', [angle]],
    ['cos', [angle]],
    ['sin', [anySize]],
    ['cos', [anySize]],
    ['arctan', [(next) => near(2)(next) * 10 ** (next() * 8 - 4)]],
    ['normalQuantile', [probability]],
    ['normalProbability', [near(80)]],
    ['gammaQuantile', [probability, power(-2, 5)]],
    ['gammaQuantile', [probability, power(-5, 9)]],
    ['betaQuantile', [probability, power(-2, 5), power(-2, 5)]],
    ['poissonQuantile', [probability, power(-2, 6)]],
  ])('%s equals its twin on tens of thousands of numbers', async (name, draws) => {
    const next = numbers(17)
    const kind = OPERATIONS.find((one) => one.name === name)!
    const lanes = name.endsWith('Quantile') ? many / 6 : many
    const data = columns(lanes, 0)
    draws.forEach((draw, operand) => {
      // One edge in a block sends all of it the slow way: so none in the first half.
      data[`column_${operand}`] = Float64Array.from({ length: lanes }, (_, i) =>
        i > lanes / 2 && i % 50 === operand ? EDGES[Math.floor(next() * EDGES.length)]! : draw(next),
      )
    })
    const operands = [0, 1, 2, 3, 4].slice(0, kind.arity)
    await runBoth(machine, { plan: planFor(kind, operands, 0) }, { from: 0, to: lanes }, data)
  })
})
