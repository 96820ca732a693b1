// Where everything of a plan lies in the machine's memory, and how many lanes go into one batch.
import { QuesnayError } from '../../schema/errors.ts'
import {
  aligned,
  BLOCK_LANES,
  HEADER,
  HEADER_BYTES,
  LINE_BYTES,
  OPERATION_BYTES,
  POINTER_BYTES,
  RANDOM_BYTES,
  SLOT_BYTES,
  SPLAT_BYTES,
  STOCK_BYTES,
  tableBytes,
  wholeBlocks,
} from '../layout/memory.ts'
import { type OperationKind, operationKind } from '../layout/operations.ts'
import type { Plan } from '../model/plan.ts'

/** Addresses in bytes, for batches of up to `stride` lanes. */
export interface Placement {
  readonly stride: number
  /** Of each slot: its address, plus 1 where it has a value per lane. */
  readonly slots: readonly number[]
  readonly constantsAt: number
  readonly columnsAt: number
  readonly columnDataAt: number
  readonly seriesAt: number
  readonly seriesDataAt: number
  readonly randomsAt: number
  readonly operationsAt: number
  readonly stocksAt: number
  readonly outputsAt: number
  readonly tablesAt: number
  readonly resultsAt: number
  readonly end: number
}

/** Areas in ascending order from the end of the header; slots begin on a cache line. CONSTRUCT_UNSUPPORTED: see kindOf. */
export function place(plan: Plan, times: number, stride: number): Placement {
  let next = Math.ceil((HEADER + HEADER_BYTES) / LINE_BYTES) * LINE_BYTES
  const take = (bytes: number) => {
    const at = next
    next += aligned(bytes)
    return at
  }
  return {
    stride,
    slots: lanewise(plan).map((perLane) => take(perLane ? SLOT_BYTES : LINE_BYTES) + (perLane ? 1 : 0)),
    constantsAt: take((plan.constants.length + plan.inputs.length) * SPLAT_BYTES),
    columnsAt: take(plan.columns.length * POINTER_BYTES),
    columnDataAt: take(plan.columns.length * stride * 8),
    seriesAt: take(plan.series.length * POINTER_BYTES),
    seriesDataAt: take(plan.series.length * ((plan.time?.steps ?? 0) + 1) * 8),
    randomsAt: take(plan.randoms.length * RANDOM_BYTES),
    operationsAt: take(Object.values(plan.operations).flat().length * OPERATION_BYTES),
    stocksAt: take(plan.stocks.length * STOCK_BYTES),
    outputsAt: take(plan.outputs.length * POINTER_BYTES),
    // Both readings of a table, because a plan may look it up and take it as a bracket schedule.
    tablesAt: take(plan.tables.reduce((bytes, table) => bytes + 2 * aligned(tableBytes(table.xs.length)), 0)),
    resultsAt: take(plan.outputs.length * times * stride * 8),
    end: next,
  }
}

/** Of each slot, whether it ever holds a value per lane; what depends on no lane is kept, and computed, once per block. */
function lanewise(plan: Plan): boolean[] {
  const perLane = new Array<boolean>(plan.slots).fill(false)
  for (const { slot } of [...plan.columns, ...plan.randoms, ...plan.stocks]) perLane[slot] = true
  const operations = Object.values(plan.operations).flat()
  // A slot that several values share is lanewise when one of them is, so that marking goes on until nothing changes.
  for (let changed = true; changed; ) {
    changed = false
    for (const [code, out, ...operands] of operations) {
      const { arity } = kindOf(code, operands.length)
      if (perLane[out] || !operands.slice(0, arity).some((slot) => perLane[slot])) continue
      perLane[out] = true
      changed = true
    }
  }
  return perLane
}

/** The kind of an operation with so many operands; CONSTRUCT_UNSUPPORTED where this machine has none. */
export function kindOf(code: number, operands: number): OperationKind {
  const kind = operationKind(code)
  if (kind && operands === kind.arity + (kind.table ? 1 : 0)) return kind
  const message = `the plan asks for operation ${code} of ${operands} operands, which this machine lacks`
  throw new QuesnayError('CONSTRUCT_UNSUPPORTED', message, { path: 'plan.operations', code })
}

/** Lanes that one batch holds: whole blocks within a budget of bytes for columns and results, at least one. */
export function batchLanes(plan: Plan, times: number, lanes: number, budgetBytes: number): number {
  const bytesPerLane = 8 * (plan.columns.length + plan.outputs.length * times)
  const fitting = Math.floor(budgetBytes / bytesPerLane / BLOCK_LANES) * BLOCK_LANES
  return Math.max(BLOCK_LANES, Math.min(wholeBlocks(lanes), fitting))
}
