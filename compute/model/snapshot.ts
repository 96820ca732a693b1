// The state of a run between two steps: where a partial run ends and another goes on, bit for bit as if it had not stopped.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { LANE_LEVEL } from './levels.ts'
import { type Plan, planHash, savedSteps } from './plan.ts'

/** The state as it is at the start of a step. Plain data: it may be stored and sent. */
export interface Snapshot {
  readonly planHash: string
  readonly step: number
  readonly range: LaneRange
  /**
   * Item after item, in each a value per row of its level in the range: stocks, registers, rings (place after place; what was put
   * in at step m stands at m mod length), unknowns of the solve blocks. NaN is the canonical one.
   */
  readonly values: Float64Array
}

/** Which part of a run: from a state on, and up to the start of a step. */
export interface Part {
  /** Default: from the beginning. */
  readonly from?: Snapshot
  /** Covers the steps before this one, and gives the state at its start. Default: to the end, which leaves no state. */
  readonly until?: number
}

/** A part, checked. */
export interface Span {
  readonly first: number
  readonly until: number | null
  /** Saved steps within. */
  readonly saved: readonly number[]
}

/**
 * The steps that a part of a run covers.
 * BAD_INPUT: a snapshot of another plan or range, or damaged; a step to end at that does not lie between the first one and the last.
 */
export function spanOf(plan: Plan, range: LaneRange, { from, until }: Part): Span {
  const all = savedSteps(plan)
  if (from === undefined && until === undefined) return { first: 0, until: null, saved: all }
  const steps = plan.time?.steps
  const refuse = (path: string, message: string, detail: Record<string, unknown> = {}) =>
    new QuesnayError('BAD_INPUT', message, { path, ...detail })
  if (steps === undefined) throw refuse('until', 'a plan without time has no parts')
  if (from) {
    const hash = planHash(plan)
    if (from.planHash !== hash) {
      throw refuse('from', 'the snapshot is of another plan', { expected: hash, got: from.planHash })
    }
    if (from.range.from !== range.from || from.range.to !== range.to) {
      throw refuse('from', `the snapshot is of the lanes from ${from.range.from} to ${from.range.to}`)
    }
  }
  const first = from?.step ?? 0
  const within = (step: number, least: number) => Number.isInteger(step) && step >= least && step <= steps
  if (!within(first, 0)) throw refuse('from', `the snapshot's step ${first} is none of 0 to ${steps}`)
  if (until !== undefined && !within(until, first)) {
    throw refuse('until', `the run cannot end before step ${until}; it covers ${first} to ${steps}`)
  }
  const saved = all.filter((step) => step >= first && (until === undefined || step < until))
  return { first, until: until ?? null, saved }
}

/** The level of each item of a plan's state, in the order of a snapshot. `levels` of the slots. */
export function stateLevels(plan: Plan, levels: ArrayLike<number>): number[] {
  return [
    ...[...plan.stocks, ...plan.registers].map(({ slot }) => levels[slot]!),
    ...plan.rings.flatMap(({ length }) => new Array<number>(length).fill(LANE_LEVEL)),
    ...plan.solves.flatMap(({ unknowns }) => unknowns.map(() => LANE_LEVEL)),
  ]
}

/** Where each item of a state begins in a snapshot's values, and behind the last where they end. `rows` by level. */
export function stateOffsets(items: readonly number[], rows: readonly number[]): number[] {
  const offsets = [0]
  for (const level of items) offsets.push(offsets.at(-1)! + rows[level]!)
  return offsets
}

/** BAD_INPUT where a snapshot has not as many values as the state. */
export function checkSnapshot(snapshot: Snapshot, expected: number): void {
  if (snapshot.values.length === expected) return
  const message = `the snapshot has ${snapshot.values.length} values; the state has ${expected}`
  throw new QuesnayError('BAD_INPUT', message, { path: 'from' })
}
