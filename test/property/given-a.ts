import { membersOf } from '../../compute/model/members.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { numbers } from '../support/random-numbers.ts'
const LANES = 150; const FIRST = 1000
const counts = { units: Float64Array.from({ length: LANES }, (_, i) => (i * 7) % 3), persons: Float64Array.from({ length: LANES }, (_, i) => (i * 5) % 4) }
type Columns = Record<string, Float64Array>

/** What a plan needs of lanes first .. first + lanes - 1: a value depends on its row alone. */
export function given(plan: Plan, first: number, lanes: number): { columns: Columns; firstRows: number[] } {
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

