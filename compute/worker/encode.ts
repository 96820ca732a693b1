// Writes a program into the machine's memory: records and fields as compute/layout/memory.ts describes them.
import {
  aligned,
  FIELD,
  HEADER,
  OPERATION_BYTES,
  POINTER_BYTES,
  RANDOM_BYTES,
  SPLAT_BYTES,
  STOCK_BYTES,
  tableBytes,
} from '../layout/memory.ts'
import { CODE } from '../layout/operations.ts'
import type { Operation, Plan } from '../model/plan.ts'
import { prepareRandom } from '../model/random.ts'
import { type PreparedTable, prepareBracket, prepareLookup } from '../model/tables.ts'
import { kindOf, type Placement } from './placement.ts'

export interface ProgramValues {
  readonly inputs: readonly number[]
  readonly series: readonly (readonly number[])[]
  readonly seed: readonly [low: number, high: number]
}

/** Little-endian words and reals of the memory, one after the other. */
class Pen {
  readonly #view: DataView
  at: number

  constructor(view: DataView, at: number) {
    this.#view = view
    this.at = at
  }

  words(...values: readonly number[]): void {
    for (const value of values) {
      this.#view.setUint32(this.at, value, true)
      this.at += 4
    }
  }

  reals(values: Iterable<number>): void {
    for (const value of values) {
      this.#view.setFloat64(this.at, value, true)
      this.at += 8
    }
  }
}

/** Writes everything that does not change from batch to batch. */
export function writeProgram(
  buffer: ArrayBuffer,
  plan: Plan,
  place: Placement,
  times: number,
  values: ProgramValues,
): void {
  const view = new DataView(buffer)
  const { slots } = place
  const field = (name: keyof typeof FIELD, value: number) => view.setUint32(HEADER + FIELD[name], value, true)
  /** Writes records from an address on, and the fields that say where they begin and end. */
  const records = <T>(
    name: 'constants' | 'columns' | 'series' | 'randoms' | 'run' | 'draw' | 'step' | 'save' | 'stocks' | 'outputs',
    at: number,
    bytes: number,
    items: readonly T[],
    write: (pen: Pen, item: T, index: number) => void,
  ): number => {
    for (const [i, item] of items.entries()) write(new Pen(view, at + i * bytes), item, i)
    const end = at + items.length * bytes
    field(`${name}At`, at)
    field(`${name}End`, end)
    return end
  }

  field('stride', place.stride)
  field('seedLow', values.seed[0])
  field('seedHigh', values.seed[1])
  field('steps', plan.time?.steps ?? 0)
  field('saveEvery', plan.time?.saveEvery ?? 1)
  field('hasTime', plan.time ? 1 : 0)
  view.setFloat64(HEADER + FIELD.start, plan.time?.start ?? 0, true)
  view.setFloat64(HEADER + FIELD.dt, plan.time?.dt ?? 0, true)
  field('timeSlot', plan.timeSlot === null ? 0 : slots[plan.timeSlot]!)
  field('resultsAt', place.resultsAt)
  field('savedTimes', times)

  const inputs = plan.inputs.map(({ slot }, i) => ({ slot, value: values.inputs[i]! }))
  records('constants', place.constantsAt, SPLAT_BYTES, [...plan.constants, ...inputs], (pen, { slot, value }) => {
    pen.words(slots[slot]!, 0)
    pen.reals([value])
  })
  records('columns', place.columnsAt, POINTER_BYTES, plan.columns, (pen, { slot }, i) => {
    pen.words(slots[slot]!, place.columnDataAt + i * place.stride * 8)
  })
  records('series', place.seriesAt, POINTER_BYTES, plan.series, (pen, { slot }, i) => {
    const dataAt = place.seriesDataAt + i * values.series[i]!.length * 8
    pen.words(slots[slot]!, dataAt)
    new Pen(view, dataAt).reals(values.series[i]!)
  })
  records('randoms', place.randomsAt, RANDOM_BYTES, plan.randoms, (pen, random) => {
    const { kind, a, b, probability, span, min, max } = prepareRandom(random)
    pen.words(slots[random.slot]!, kind, random.stream, 0)
    pen.reals([a, b, probability, span, min, max])
  })
  const tables = writeTables(view, plan, place.tablesAt)
  let next = place.operationsAt
  for (const phase of ['run', 'draw', 'step', 'save'] as const) {
    next = records(phase, next, OPERATION_BYTES, plan.operations[phase], (pen, operation) => {
      pen.words(...operationWords(operation, slots, tables))
    })
  }
  records('stocks', place.stocksAt, STOCK_BYTES, plan.stocks, (pen, { slot, initial, flow, min, max }) => {
    pen.words(slots[slot]!, slots[initial]!, slots[flow]!, 0)
    pen.reals([min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY])
  })
  records('outputs', place.outputsAt, POINTER_BYTES, plan.outputs, (pen, { slot }) => pen.words(slots[slot]!, 0))
}

/** Address of a table in the reading that an operation needs. */
type TableAddress = (code: number, index: number) => number

function writeTables(view: DataView, plan: Plan, tablesAt: number): TableAddress {
  let next = tablesAt
  const write = ({ xs, ys, thirds }: PreparedTable) => {
    const pen = new Pen(view, next)
    pen.words(xs.length, 0, 0, 0)
    pen.reals([...xs, ...ys, ...thirds])
    const at = next
    next += aligned(tableBytes(xs.length))
    return at
  }
  const lookups = plan.tables.map((table) => write(prepareLookup(table)))
  const brackets = plan.tables.map((table) => write(prepareBracket(table)))
  return (code, index) => (code === CODE.lookup ? lookups : brackets)[index]!
}

function operationWords([code, out, ...operands]: Operation, slots: readonly number[], tables: TableAddress): number[] {
  const { arity, table } = kindOf(code, operands.length)
  const words = [out, ...operands.slice(0, arity)].map((slot) => slots[slot]!)
  return [code, ...words, ...(table ? [tables(code, operands[arity]!)] : [])]
}
