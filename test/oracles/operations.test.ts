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

describe('exp, log, log1p and pow', () => {
  const of = (name: string) => OPERATIONS.find((kind) => kind.name === name)!
  const many = 100_000

  it.each([
    ['exp', (next: () => number) => (next() - 0.5) * 1500],
    ['log', (next: () => number) => 10 ** ((next() - 0.5) * 600)],
    ['log1p', (next: () => number) => (next() - 0.3) * 10 ** ((next() - 0.5) * 30)],
    ['pow', (next: () => number) => 10 ** ((next() - 0.5) * 20)],
  ])('%s equals its twin on a hundred thousand numbers', async (name, draw) => {
    const next = numbers(17)
    const data = columns(many, 0)
    data['column_0'] = Float64Array.from({ length: many }, (_, i) =>
      i % 50 ? draw(next) : EDGES[(i / 50) % EDGES.length]!,
    )
    data['column_1'] = Float64Array.from({ length: many }, (_, i) =>
      i % 7 ? (next() - 0.5) * 40 : Math.floor(next() * 10),
    )
    const kind = of(name)
    await runBoth(machine, { plan: planFor(kind, [0, 1].slice(0, kind.arity), 0) }, { from: 0, to: many }, data)
  })
})
