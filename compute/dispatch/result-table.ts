// A stored result as a table that is read some rows at a time: what a file of columns is made of.
//
// LANES     a row for each saved time and lane: time, lane, then a column per output
// ENSEMBLE  a row for each output and saved time: variable, unit, time, then mean, sd and a column per probability
//
// Both follow the order of the stored body, so that a column of some rows is one slice of it.
import { QuesnayError } from '../../schema/errors.ts'
import type { ResultHeader } from './result-bytes.ts'
import type { ResultStream } from './result-stream.ts'

/** Values of some rows that are read and rendered at a time: a megabyte. */
const CELLS_AT_A_TIME = 2 ** 17

export interface TableColumn {
  readonly name: string
  /** Empty where it has none, or one in each row. */
  readonly unit: string
  readonly type: 'text' | 'integer' | 'number'
}

export type Cells = readonly string[] | Int32Array | Float64Array

export interface ResultTable {
  readonly columns: readonly TableColumn[]
  readonly rows: number
  /** The columns of some rows at a time, in the order of the rows. */
  parts(): AsyncGenerator<readonly Cells[]>
}

/** BAD_INPUT for a result that is no table. */
export function resultTable(result: ResultStream): ResultTable {
  const { kind } = result.header
  if (kind !== 'LANES' && kind !== 'ENSEMBLE')
    throw new QuesnayError('BAD_INPUT', `a result of kind ${kind} is no table of rows`, {
      path: 'format',
      suggestion: 'ask for RAW, or read its figures from the graph',
    })
  const header = result.header as ResultHeader
  const { keys, values, rows, keysOf } = header.kind === 'LANES' ? ofLanes(header) : ofEnsemble(header)
  const columns = [...keys, ...values]
  const step = Math.max(1, Math.floor(CELLS_AT_A_TIME / columns.length))
  return {
    columns: distinct(columns),
    rows,
    async *parts() {
      for (let from = 0; from < rows; from += step) {
        const count = Math.min(step, rows - from)
        const read = await result.values(
          values.map((_, i) => i * rows + from),
          count,
        )
        yield [...keysOf(from, count), ...read]
      }
    },
  }
}

interface Shape {
  readonly keys: readonly TableColumn[]
  readonly values: readonly TableColumn[]
  readonly rows: number
  keysOf(from: number, count: number): Cells[]
}

const time: TableColumn = { name: 'time', unit: '', type: 'number' }

function ofLanes({ outputs, times, lanes }: ResultHeader): Shape {
  return {
    keys: [time, { name: 'lane', unit: '', type: 'integer' }],
    values: outputs.map(({ name, unit }) => ({ name, unit, type: 'number' })),
    rows: times.length * lanes,
    keysOf: (from, count) => [
      Float64Array.from({ length: count }, (_, i) => times[Math.floor((from + i) / lanes)]!),
      Int32Array.from({ length: count }, (_, i) => (from + i) % lanes),
    ],
  }
}

function ofEnsemble({ outputs, times, probabilities }: ResultHeader): Shape {
  const output = (row: number) => outputs[Math.floor(row / times.length)]!
  return {
    keys: [{ name: 'variable', unit: '', type: 'text' }, { name: 'unit', unit: '', type: 'text' }, time],
    values: ['mean', 'sd', ...probabilities.map(percentile)].map((name) => ({ name, unit: '', type: 'number' })),
    rows: outputs.length * times.length,
    keysOf: (from, count) => [
      Array.from({ length: count }, (_, i) => output(from + i).name),
      Array.from({ length: count }, (_, i) => output(from + i).unit),
      Float64Array.from({ length: count }, (_, i) => times[(from + i) % times.length]!),
    ],
  }
}

/** 0.025 is p2.5; a product such as 0.07 * 100 is rounded to what was meant. */
const percentile = (p: number) => `p${Number((p * 100).toPrecision(12))}`

/** Readers take columns by name: one that stands before already has (2) behind it. */
function distinct(columns: readonly TableColumn[]): TableColumn[] {
  const seen = new Map<string, number>()
  return columns.map((column) => {
    const count = (seen.get(column.name) ?? 0) + 1
    seen.set(column.name, count)
    return count === 1 ? column : { ...column, name: `${column.name} (${count})` }
  })
}
