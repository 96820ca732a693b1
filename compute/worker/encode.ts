// Writes a program into a kernel's memory: addresses for slots, records as compute/layout/memory.ts describes them.

import { QuesnayError } from '../../schema/errors.ts'
import {
  aligned,
  BLOCK_LANES,
  FIELD,
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
} from '../layout/memory.ts'
import { CODE, type OperationKind, operationKind } from '../layout/operations.ts'
import type { Operation, Plan } from '../model/plan.ts'
import { prepareRandom } from '../model/random.ts'
import { prepareBracket, prepareLookup } from '../model/tables.ts'

/** Where everything of a plan lies, for batches of up to `stride` lanes. */
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

/** Addresses in ascending order from the end of the header. */
export function place(plan: Plan, times: number, stride: number): Placement {
  let next = HEADER + HEADER_BYTES
  const take = (bytes: number) => {
    const at = next
    next += aligned(bytes)
    return at
  }
  const { run, draw, step, save } = plan.operations
  const operations = run.length + draw.length + step.length + save.length
  next = Math.ceil(next / LINE_BYTES) * LINE_BYTES
  const slots = lanewise(plan).map((perLane) => take(perLane ? SLOT_BYTES : LINE_BYTES) + (perLane ? 1 : 0))
  return {
    stride,
    slots,
    constantsAt: take((plan.constants.length + plan.inputs.length) * SPLAT_BYTES),
    columnsAt: take(plan.columns.length * POINTER_BYTES),
    columnDataAt: take(plan.columns.length * stride * 8),
    seriesAt: take(plan.series.length * POINTER_BYTES),
    seriesDataAt: take(plan.series.length * ((plan.time?.steps ?? 0) + 1) * 8),
    randomsAt: take(plan.randoms.length * RANDOM_BYTES),
    operationsAt: take(operations * OPERATION_BYTES),
    stocksAt: take(plan.stocks.length * STOCK_BYTES),
    outputsAt: take(plan.outputs.length * POINTER_BYTES),
    // Both readings of a table, because a plan may look it up and take it as a bracket schedule.
    tablesAt: take(plan.tables.reduce((bytes, t) => bytes + 2 * aligned(tableBytes(t.xs.length)), 0)),
    resultsAt: take(plan.outputs.length * times * stride * 8),
    end: next,
  }
}

/** Of each slot, whether it ever holds a value per lane; what depends on no lane is kept, and computed, once per block. */
export function lanewise(plan: Plan): boolean[] {
  const perLane = new Array<boolean>(plan.slots).fill(false)
  for (const { slot } of [...plan.columns, ...plan.randoms, ...plan.stocks]) perLane[slot] = true
  const { run, draw, step, save } = plan.operations
  const all = [...run, ...draw, ...step, ...save]
  // A slot that several values share is lanewise when one of them is, so that marking goes on until nothing changes.
  for (let changed = true; changed; ) {
    changed = false
    for (const [code, out, ...operands] of all) {
      const { arity } = kindOf(code, operands.length)
      if (perLane[out] || !operands.slice(0, arity).some((slot) => perLane[slot])) continue
      perLane[out] = true
      changed = true
    }
  }
  return perLane
}

function kindOf(code: number, operands: number): OperationKind {
  const kind = operationKind(code)
  if (kind && operands === kind.arity + (kind.table ? 1 : 0)) return kind
  throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `the plan asks for operation ${code}, which this machine lacks`, { code })
}

export interface ProgramValues {
  readonly inputs: readonly number[]
  readonly series: readonly (readonly number[])[]
  readonly seed: readonly [low: number, high: number]
}

/** Writes everything that does not change from batch to batch. */
export function writeProgram(
  buffer: ArrayBuffer,
  plan: Plan,
  at: Placement,
  times: number,
  values: ProgramValues,
): void {
  const view = new DataView(buffer)
  const u32 = (address: number, value: number) => view.setUint32(address, value, true)
  const f64 = (address: number, value: number) => view.setFloat64(address, value, true)
  const field = (name: keyof typeof FIELD, value: number) => u32(HEADER + FIELD[name], value)
  const slot = (index: number) => at.slots[index]!

  field('stride', at.stride)
  field('seedLow', values.seed[0])
  field('seedHigh', values.seed[1])
  field('steps', plan.time?.steps ?? 0)
  field('saveEvery', plan.time?.saveEvery ?? 1)
  field('hasTime', plan.time ? 1 : 0)
  f64(HEADER + FIELD.start, plan.time?.start ?? 0)
  f64(HEADER + FIELD.dt, plan.time?.dt ?? 0)
  field('timeSlot', plan.timeSlot === null ? 0 : slot(plan.timeSlot))

  const splats = [...plan.constants, ...plan.inputs.map((input, i) => ({ slot: input.slot, value: values.inputs[i]! }))]
  splats.forEach((splat, i) => {
    u32(at.constantsAt + i * SPLAT_BYTES, slot(splat.slot))
    f64(at.constantsAt + i * SPLAT_BYTES + 8, splat.value)
  })
  field('constantsAt', at.constantsAt)
  field('constantsEnd', at.constantsAt + splats.length * SPLAT_BYTES)

  plan.columns.forEach((column, i) => {
    u32(at.columnsAt + i * POINTER_BYTES, slot(column.slot))
    u32(at.columnsAt + i * POINTER_BYTES + 4, at.columnDataAt + i * at.stride * 8)
  })
  field('columnsAt', at.columnsAt)
  field('columnsEnd', at.columnsAt + plan.columns.length * POINTER_BYTES)

  plan.series.forEach((series, i) => {
    const dataAt = at.seriesDataAt + i * values.series[i]!.length * 8
    u32(at.seriesAt + i * POINTER_BYTES, slot(series.slot))
    u32(at.seriesAt + i * POINTER_BYTES + 4, dataAt)
    values.series[i]!.forEach((value, step) => f64(dataAt + step * 8, value))
  })
  field('seriesAt', at.seriesAt)
  field('seriesEnd', at.seriesAt + plan.series.length * POINTER_BYTES)

  plan.randoms.forEach((random, i) => {
    const record = at.randomsAt + i * RANDOM_BYTES
    const { kind, a, b, probability, span, min, max } = prepareRandom(random)
    u32(record, slot(random.slot))
    u32(record + 4, kind)
    u32(record + 8, random.stream)
    ;[a, b, probability, span, min, max].forEach((value, j) => f64(record + 16 + j * 8, value))
  })
  field('randomsAt', at.randomsAt)
  field('randomsEnd', at.randomsAt + plan.randoms.length * RANDOM_BYTES)

  const tables = writeTables(view, plan, at.tablesAt)
  let next = at.operationsAt
  for (const phase of ['run', 'draw', 'step', 'save'] as const) {
    field(`${phase}At`, next)
    for (const operation of plan.operations[phase]) {
      operationWords(operation, slot, tables).forEach((word, i) => u32(next + i * 4, word))
      next += OPERATION_BYTES
    }
    field(`${phase}End`, next)
  }

  plan.stocks.forEach((stock, i) => {
    const record = at.stocksAt + i * STOCK_BYTES
    u32(record, slot(stock.slot))
    u32(record + 4, slot(stock.initial))
    u32(record + 8, slot(stock.flow))
    f64(record + 16, stock.min ?? Number.NEGATIVE_INFINITY)
    f64(record + 24, stock.max ?? Number.POSITIVE_INFINITY)
  })
  field('stocksAt', at.stocksAt)
  field('stocksEnd', at.stocksAt + plan.stocks.length * STOCK_BYTES)

  plan.outputs.forEach((output, i) => u32(at.outputsAt + i * POINTER_BYTES, slot(output.slot)))
  field('outputsAt', at.outputsAt)
  field('outputsEnd', at.outputsAt + plan.outputs.length * POINTER_BYTES)
  field('resultsAt', at.resultsAt)
  field('savedTimes', times)
}

type TableAddress = (code: number, index: number) => number

function writeTables(view: DataView, plan: Plan, tablesAt: number): TableAddress {
  let next = tablesAt
  const write = ({ xs, ys, thirds }: ReturnType<typeof prepareLookup>) => {
    const at = next
    view.setUint32(at, xs.length, true)
    ;[...xs, ...ys, ...thirds].forEach((value, i) => view.setFloat64(at + 16 + i * 8, value, true))
    next += aligned(tableBytes(xs.length))
    return at
  }
  const lookups = plan.tables.map((table) => write(prepareLookup(table)))
  const brackets = plan.tables.map((table) => write(prepareBracket(table)))
  return (code, index) => (code === CODE.lookup ? lookups[index]! : brackets[index]!)
}

function operationWords(
  [code, out, ...operands]: Operation,
  slot: (index: number) => number,
  tables: TableAddress,
): number[] {
  const kind = kindOf(code, operands.length)
  const slots = operands.slice(0, kind.arity).map(slot)
  return [code, slot(out), ...slots, ...(kind.table ? [tables(code, operands[kind.arity]!)] : [])]
}

/** Lanes that one batch holds: within a budget of bytes for columns and results, whole blocks, at least one. */
export function batchLanes(plan: Plan, times: number, lanes: number, budgetBytes: number): number {
  const bytesPerLane = 8 * (plan.columns.length + plan.outputs.length * times)
  const fitting = Math.floor(budgetBytes / bytesPerLane / BLOCK_LANES) * BLOCK_LANES
  return Math.max(BLOCK_LANES, Math.min(Math.ceil(lanes / BLOCK_LANES) * BLOCK_LANES, fitting))
}
