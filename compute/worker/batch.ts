// Hands the machine a batch of lanes: columns, trajectories, members and state; and takes the results and the state back.
import { BLOCK_LANES, FIELD, HEADER, LEVEL_BYTES, wholeBlocks } from '../layout/memory.ts'
import { LANE_LEVEL } from '../model/levels.ts'
import { type Members, offsetsWithin } from '../model/members.ts'
import type { Fault } from '../model/outcome.ts'
import type { Plan } from '../model/plan.ts'
import { type ColumnValues, copyValues } from './columns/packed.ts'
import type { Placement } from './placement.ts'

/** What a run reads, for all its lanes. */
export interface RunData {
  readonly plan: Plan
  readonly placement: Placement
  readonly members: Members
  /** By relation: where the members of each group begin. */
  readonly relations: readonly Uint32Array[]
  /** By level: the absolute number of the run's first row. */
  readonly firstRows: readonly number[]
  readonly columns: readonly ColumnValues[]
  /** [lane][step] */
  readonly trajectories: readonly Float64Array[]
  /** The level of each item of the state, where the items begin in a snapshot's values, and those of the state that is given. */
  readonly state: readonly number[]
  readonly stateOffsets: readonly number[]
  readonly given: Float64Array | null
}

export function runData(data: Omit<RunData, 'relations'>): RunData {
  const { plan, members } = data
  return {
    ...data,
    relations: plan.relations.map(({ member, group }) => offsetsWithin(plan, members, member, group)),
  }
}

/** The rows of a level that belong to the lanes from `first` on. */
function rowsOf(members: Members, level: number, first: number, count: number): [from: number, to: number] {
  if (level === LANE_LEVEL) return [first, first + count]
  const begins = members.ofLanes[level]!
  return [begins[first]!, begins[first + count]!]
}

/** Writes what the lanes first .. first + count - 1 of the run need. */
export function loadBatch(buffer: ArrayBuffer, data: RunData, first: number, count: number): void {
  const { plan, placement, members } = data
  const view = new DataView(buffer)
  view.setUint32(HEADER + FIELD.lanes, count, true)
  const ranges = plan.levels.map((_, level) => rowsOf(members, level, first, count))
  const blocks = Math.ceil(count / BLOCK_LANES)
  for (const [level, [from]] of ranges.entries()) {
    const record = placement.levelsAt + level * LEVEL_BYTES
    view.setUint32(record, data.firstRows[level]! + from, true)
    view.setUint32(record + 4, placement.firstsAt[level]!, true)
    const firsts = new Uint32Array(buffer, placement.firstsAt[level]!, blocks + 1)
    for (let block = 0; block <= blocks; block++) {
      firsts[block] = rowsOf(members, level, Math.min(first + block * BLOCK_LANES, first + count), 0)[0] - from
    }
  }
  for (const [i, { member, group }] of plan.relations.entries()) {
    const [from, to] = ranges[group]!
    const offsets = new Uint32Array(buffer, placement.offsetsAt[i]!, to - from + 1)
    const [base] = ranges[member]!
    for (let row = from; row <= to; row++) offsets[row - from] = data.relations[i]![row]! - base
  }
  const fill = (at: number, level: number, values: ColumnValues) => {
    const [from, to] = ranges[level]!
    const target = new Float64Array(buffer, at, to - from + BLOCK_LANES)
    copyValues(values, from, to, target)
    // The rows that fill the last block up: whatever is there is computed with, and must not slow the machine down.
    target.fill(0, to - from)
  }
  for (const [i, { level }] of plan.columns.entries()) fill(placement.columnDataAt[i]!, level, data.columns[i]!)
  const steps = (plan.time?.steps ?? 0) + 1
  for (const [i, values] of data.trajectories.entries()) {
    const own = values.subarray(first * steps, (first + count) * steps)
    transpose(buffer, placement.trajectoryDataAt[i]!, placement, own, steps)
  }
  const { given, stateOffsets } = data
  if (!given) return
  for (const [i, level] of data.state.entries()) {
    fill(placement.stateDataAt[i]!, level, given.subarray(stateOffsets[i], stateOffsets[i + 1]))
  }
}

/** [lane][step] of the lanes from `first` on to [step][stride]; lanes that fill the last block up are 0. */
function transpose(buffer: ArrayBuffer, at: number, { stride }: Placement, values: Float64Array, steps: number): void {
  const lanes = values.length / steps
  const target = new Float64Array(buffer, at, steps * stride)
  for (let lane = 0; lane < wholeBlocks(lanes); lane++) {
    for (let step = 0; step < steps; step++) {
      target[step * stride + lane] = lane < lanes ? values[lane * steps + step]! : 0
    }
  }
}

/** Copies the rows of a batch to their places in the values of `lanes` lanes. */
export function unloadResults(
  buffer: ArrayBuffer,
  { resultsAt, stride }: Placement,
  first: number,
  count: number,
  values: Float64Array,
  lanes: number,
): void {
  const rows = values.length / lanes
  const results = new Float64Array(buffer, resultsAt, rows * stride)
  for (let row = 0; row < rows; row++) {
    values.set(results.subarray(row * stride, row * stride + count), row * lanes + first)
  }
}

/** Copies the state of a batch to its places in a snapshot's values, NaN made canonical. */
export function unloadState(
  buffer: ArrayBuffer,
  { members, placement, state, stateOffsets }: RunData,
  first: number,
  count: number,
  values: Float64Array,
): void {
  for (const [i, level] of state.entries()) {
    const [from, to] = rowsOf(members, level, first, count)
    const rows = new Float64Array(buffer, placement.stateDataAt[i]!, to - from)
    const at = stateOffsets[i]! + from
    for (const [row, value] of rows.entries()) values[at + row] = Number.isNaN(value) ? Number.NaN : value
  }
}

/** What failed first in a batch; null where nothing did. `firstLane`: absolute. */
export function readFault(buffer: ArrayBuffer, firstLane: number): Fault | null {
  const view = new DataView(buffer)
  const field = (name: keyof typeof FIELD) => view.getUint32(HEADER + FIELD[name], true)
  if (field('faultKind') === 0) return null
  return {
    kind: field('faultKind'),
    step: field('faultStep'),
    stage: field('faultStage'),
    index: field('faultIndex'),
    lane: firstLane + field('faultLane'),
    value: view.getFloat64(HEADER + FIELD.faultValue, true),
  }
}
