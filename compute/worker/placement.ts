// Where everything of a plan lies in the machine's memory, and how many lanes go into one batch.
import {
  aligned,
  BLOCK_LANES,
  HEADER,
  HEADER_BYTES,
  LEVEL_BYTES,
  LINE_BYTES,
  OPERATION_BYTES,
  POINTER_BYTES,
  REGISTER_BYTES,
  RELATION_BYTES,
  RING_BYTES,
  SLOT_BYTES,
  SOLVE_BYTES,
  SPLAT_BYTES,
  STAGE_BYTES,
  STOCK_BYTES,
  solveWorkBytes,
  tableBytes,
  UNIFORM_BYTES,
  UNKNOWN_BYTES,
  wholeBlocks,
} from '../layout/memory.ts'
import { CODE } from '../layout/operations.ts'
import { allOperations, LANE_LEVEL } from '../model/levels.ts'
import type { Members } from '../model/members.ts'
import type { Plan } from '../model/plan.ts'

/** How a range of lanes is cut: into batches of up to `stride` lanes, and these into blocks. */
export interface Shape {
  readonly stride: number
  /** By level: the most rows that a batch has, and the most blocks of 64 rows that a block of lanes has. */
  readonly batchRows: readonly number[]
  readonly blocks: readonly number[]
}

/** Addresses in bytes. */
export type Placement = Shape & ReturnType<typeof areas>

/** What is placed beside the plan itself. */
export interface Contents {
  /** Of each slot. */
  readonly levels: Int8Array
  /** Levels of the state's items, where a state is given or asked for; else none. */
  readonly state: readonly number[]
  /** Saved times within the call. */
  readonly times: number
  /** Bytes behind the results for whoever takes them. */
  readonly room?: number
}

/** Lanes of one batch: whole blocks within a budget of bytes for columns, state and results, at least one; and its members. */
export function shapeOf(plan: Plan, members: Members, contents: Contents, bytes: number): Shape {
  const { state, times } = contents
  const lanes = members.rows[LANE_LEVEL]!
  const steps = (plan.time?.steps ?? 0) + 1
  const rowLevels = [...plan.columns.map(({ level }) => level), ...state]
  const rows = rowLevels.reduce((total, level) => total + members.rows[level]! / lanes, 0)
  const bytesPerLane = 8 * (rows + plan.trajectories.length * steps + plan.outputs.length * times)
  const fitting = Math.floor(bytes / bytesPerLane / BLOCK_LANES) * BLOCK_LANES
  return shapeWith(plan, members, Math.max(BLOCK_LANES, Math.min(wholeBlocks(lanes), fitting)))
}

/** The shape of batches of `stride` lanes, a multiple of 64. */
export function shapeWith(plan: Plan, members: Members, stride: number): Shape {
  const most = (size: number) =>
    plan.levels.map((_, level) => (level === LANE_LEVEL ? size : mostRows(members.ofLanes[level]!, size)))
  const blocks = most(BLOCK_LANES).map((count) => Math.max(1, Math.ceil(count / BLOCK_LANES)))
  return { stride, batchRows: most(stride), blocks }
}

/** The most members that so many lanes have, counted from multiples of their number. */
function mostRows(offsets: Uint32Array, lanes: number): number {
  let most = 0
  const last = offsets.length - 1
  for (let from = 0; from < last; from += lanes) {
    most = Math.max(most, offsets[Math.min(from + lanes, last)]! - offsets[from]!)
  }
  return most
}

/** Areas in ascending order from the end of the header; slots begin on a cache line. */
export function place(plan: Plan, contents: Contents, shape: Shape): Placement {
  return { ...shape, ...areas(plan, contents, shape) }
}

function areas(plan: Plan, { levels, state, times, room = 0 }: Contents, { stride, batchRows, blocks }: Shape) {
  let next = Math.ceil((HEADER + HEADER_BYTES) / LINE_BYTES) * LINE_BYTES
  const take = (bytes: number, alignment = 16) => {
    const at = Math.ceil(next / alignment) * alignment
    next = at + aligned(bytes)
    return at
  }
  const list = (items: readonly unknown[], bytes: number) => take(items.length * bytes)
  const slotBytes = (level: number) => (level < LANE_LEVEL ? LINE_BYTES : blocks[level]! * SLOT_BYTES)
  const wordOf = (level: number) => take(slotBytes(level), LINE_BYTES) + (level < LANE_LEVEL ? 0 : 1 + 2 * level)
  /** One block more: the machine reads and writes whole blocks. */
  const rowBytes = (level: number) => (batchRows[level]! + BLOCK_LANES) * 8
  const steps = (plan.time?.steps ?? 0) + 1
  const staged = (plan.time?.stages.length ?? 1) > 1
  return {
    slots: [...levels].map(wordOf),
    levelsAt: list(plan.levels, LEVEL_BYTES),
    firstsAt: plan.levels.map(() => take((stride / BLOCK_LANES + 1) * 4)),
    relationsAt: list(plan.relations, RELATION_BYTES),
    offsetsAt: plan.relations.map(({ group }) => take((batchRows[group]! + 1) * 4)),
    constantsAt: list([...plan.constants, ...plan.inputs], SPLAT_BYTES),
    seriesAt: list(plan.series, POINTER_BYTES),
    seriesDataAt: plan.series.map(() => take(steps * 8)),
    columnsAt: list(plan.columns, POINTER_BYTES),
    columnDataAt: plan.columns.map(({ level }) => take(rowBytes(level))),
    trajectoriesAt: list(plan.trajectories, POINTER_BYTES),
    trajectoryDataAt: plan.trajectories.map(() => take(steps * stride * 8)),
    uniformsAt: list(plan.uniforms, UNIFORM_BYTES),
    operationsAt: list(allOperations(plan), OPERATION_BYTES),
    choicesAt: take(4 * choiceWords(plan)),
    stocksAt: list(plan.stocks, STOCK_BYTES),
    basesAt: plan.stocks.map(({ slot }) => (staged ? take(2 * slotBytes(levels[slot]!), LINE_BYTES) : 0)),
    registersAt: list(plan.registers, REGISTER_BYTES),
    shadowsAt: plan.registers.map(({ slot }) => take(slotBytes(levels[slot]!), LINE_BYTES)),
    ringsAt: list(plan.rings, RING_BYTES),
    buffersAt: plan.rings.map(({ length }) => take(length * SLOT_BYTES, LINE_BYTES)),
    solvesAt: list(plan.solves, SOLVE_BYTES),
    unknownsAt: plan.solves.map(({ unknowns }) => list(unknowns, UNKNOWN_BYTES)),
    partsAt: plan.solves.map(({ parts }) => list(parts, POINTER_BYTES)),
    solveWorkAt: take(solveWorkBytes(Math.max(0, ...plan.solves.map(({ unknowns }) => unknowns.length))), LINE_BYTES),
    identitiesAt: list(plan.identities, POINTER_BYTES),
    outputsAt: list(plan.outputs, POINTER_BYTES),
    stagesAt: list(plan.time?.stages ?? [], STAGE_BYTES),
    stateAt: list(state, POINTER_BYTES),
    stateDataAt: state.map((level) => take(rowBytes(level))),
    // Both readings of a table, because a plan may look it up and take it as a bracket schedule.
    tablesAt: take(plan.tables.reduce((bytes, table) => bytes + 2 * aligned(tableBytes(table.xs.length)), 0)),
    savedAt: take((times + 1) * 4),
    resultsAt: take(plan.outputs.length * times * stride * 8),
    roomAt: take(room, LINE_BYTES),
    end: next,
  }
}

/** Words of the lists that the plan's `choose` operations choose from. */
function choiceWords(plan: Plan): number {
  return allOperations(plan).reduce(
    (words, [code, , ...operands]) => words + (code === CODE.choose ? operands.length - 1 : 0),
    0,
  )
}
