// What holds for any plan: the machine equals the interpreter, and neither ranges nor chunks nor stops make a difference.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersOf } from '../../compute/model/members.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { expectEqualSnapshots, firstDifference, newMachine, runBoth } from '../support/kernels.ts'
import { numbers } from '../support/random-numbers.ts'
import { anyPlan } from '../support/random-plans.ts'

const machine = newMachine()
const LANES = 150
const FIRST = 1000
const range = { from: FIRST, to: FIRST + LANES }
const inputs = { input: 1.5 }

const counts = {
  units: Float64Array.from({ length: LANES }, (_, i) => (i * 7) % 3),
  persons: Float64Array.from({ length: LANES }, (_, i) => (i * 5) % 4),
}

type Columns = Record<string, Float64Array>

/** What a plan needs of lanes first .. first + lanes - 1: a value depends on its row alone. */
function given(plan: Plan, first: number, lanes: number): { columns: Columns; firstRows: number[] } {
  const whole = wholeOf(plan)
  const rows = plan.levels.map((_, level) => {
    const begins = (lane: number) => (level === 0 ? lane : whole.members.ofLanes[level]![lane]!)
    return { from: begins(first), to: begins(first + lanes) }
  })
  const columns: Columns = {}
  for (const { of, count } of plan.levels) {
    if (count !== null) columns[count] = whole.columns[count]!.subarray(rows[of!]!.from, rows[of!]!.to)
  }
  for (const { name, level } of plan.columns) {
    columns[name] = whole.columns[name]!.subarray(rows[level]!.from, rows[level]!.to)
  }
  const steps = (plan.time?.steps ?? 0) + 1
  for (const { name } of plan.trajectories) {
    columns[name] = whole.columns[name]!.subarray(first * steps, (first + lanes) * steps)
  }
  return { columns, firstRows: rows.map(({ from }, level) => from + (level === 0 ? FIRST : 0)) }
}

function wholeOf(plan: Plan) {
  const columns: Columns = { units: counts.units }
  const units = plan.levels.length === 3 ? counts.units.reduce((a, b) => a + b, 0) : LANES
  columns['persons'] = Float64Array.from({ length: units }, (_, i) => counts.persons[i % LANES]!)
  const members = membersOf(plan, LANES, columns)
  const fill = (length: number, seed: number) => {
    const next = numbers(seed)
    return Float64Array.from({ length }, (_, i) => (i % 40 === 9 ? 0 : (next() - 0.3) * 20))
  }
  for (const [i, { name, level }] of plan.columns.entries()) columns[name] = fill(members.rows[level]!, i)
  const steps = (plan.time?.steps ?? 0) + 1
  for (const { name } of plan.trajectories) columns[name] = fill(LANES * steps, 77)
  return { columns, members }
}

/** Rows of [row][lane] for some of the lanes. */
function slice(values: Float64Array, from: number, to: number): Float64Array {
  const rows = values.length / LANES
  return Float64Array.from({ length: rows * (to - from) }, (_, i) => {
    const row = Math.floor(i / (to - from))
    return values[row * LANES + from + (i % (to - from))]!
  })
}

describe('for any plan', () => {
  it('the machine equals the interpreter bit for bit, also where it fails', async () => {
    const ends = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const { columns, firstRows } = given(plan, 0, LANES)
        const { status } = await runBoth(machine, { plan, inputs }, range, columns, '3', { firstRows })
        ends.set(status.kind, (ends.get(status.kind) ?? 0) + 1)
      }),
      { numRuns: 400 },
    )
    // Plans that all end alike would prove little.
    expect([...ends.keys()].sort()).toEqual(['ASSERTION_FAILED', 'DONE', 'NOT_A_NUMBER', 'NOT_CONVERGED'])
  })

  it('any cut of the lanes into ranges, in chunks of any size, gives the bits of one run', async () => {
    const cut = fc.integer({ min: 1, max: LANES - 1 })
    await fc.assert(
      fc.asyncProperty(anyPlan, cut, fc.integer({ min: 1, max: 7 }), async (plan, at, chunkSteps) => {
        const binding = { plan, inputs, series: {} }
        const all = given(plan, 0, LANES)
        const whole = await machine.run(binding, all.columns, range, '9', { firstRows: all.firstRows })
        for (const [from, to] of [
          [0, at],
          [at, LANES],
        ] as const) {
          const { columns, firstRows } = given(plan, from, to - from)
          const options = { firstRows, chunkSteps }
          const { values } = await machine.run(binding, columns, { from: FIRST + from, to: FIRST + to }, '9', options)
          expect(firstDifference(values, slice(whole.values, from, to))).toBe(-1)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a run that stops at any step and goes on has the bits of one that does not', async () => {
    const timed = anyPlan.filter((plan) => plan.time !== null)
    await fc.assert(
      fc.asyncProperty(timed, fc.nat(), fc.nat(), async (plan, a, b) => {
        const { columns, firstRows } = given(plan, 0, LANES)
        const run = (part: object) => runBoth(machine, { plan, inputs }, range, columns, '5', { firstRows, ...part })
        const steps = plan.time!.steps + 1
        const [first, second] = [a % steps, b % steps].sort((x, y) => x - y) as [number, number]
        const whole = await run({})
        const one = await run({ until: first })
        const two = await run({ from: one.snapshot, until: second })
        const three = await run({ from: two.snapshot })
        expectEqualSnapshots(two.snapshot, (await run({ until: second })).snapshot)
        const outputs = plan.outputs.length
        const joined = plan.outputs.flatMap((_, output) =>
          [one, two, three].flatMap(({ values }) => {
            const size = values.length / outputs
            return [...values.subarray(output * size, (output + 1) * size)]
          }),
        )
        expect(firstDifference(Float64Array.from(joined), whole.values)).toBe(-1)
      }),
      { numRuns: 100 },
    )
  })
})
