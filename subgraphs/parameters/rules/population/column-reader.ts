// Takes the cells of one column of a file as numbers of one column of a data set: codes, scale, defaults, and every fault by its row.
import { readNumber } from '../../../shared/csv.ts'
import { type Codes, textKey } from './code-list.ts'
import type { Cell, CellSink } from './columnar/columnar-file.ts'
import type { DataColumn } from './data-shape.ts'
import type { Faults } from './faults.ts'

/** How the cells of a column become its values. */
export interface Reading {
  /** Name of the column in the file. */
  readonly from: string
  readonly target: Pick<DataColumn, 'name' | 'min' | 'max' | 'integer'>
  /** What values are multiplied by. */
  readonly factor: number
  /** Numbers that texts stand for. */
  readonly codes: Codes | null
  /** Value of empty cells; null where there must be none. */
  readonly default: number | null
}

/** What stands for no value: blank, and what R, pandas, SAS and Stata write. */
const EMPTY = new Set(['', 'na', 'nan', 'null', 'none', '.'])
const TRUTH = new Map([
  ['true', 1],
  ['false', 0],
])
const FIRST_ROOM = 4096

export class ColumnReader implements CellSink {
  readonly reading: Reading
  readonly #faults: Faults
  #values = new Float64Array(FIRST_ROOM)
  #rows = 0
  #missing = 0

  constructor(reading: Reading, faults: Faults) {
    this.reading = reading
    this.#faults = faults
  }

  /** Empty cells. */
  get missing(): number {
    return this.#missing
  }

  /** One value a row, once all are read; a row at fault, or passed over, has 0. */
  values(rows: number): Float64Array<ArrayBuffer> {
    if (this.#values.length !== rows) {
      const values = new Float64Array(rows)
      values.set(this.#values.subarray(0, Math.min(rows, this.#rows)))
      this.#values = values
    }
    return this.#values
  }

  put(row: number, cell: Cell): void {
    if (row >= this.#values.length) this.#grow(row)
    this.#rows = row + 1
    this.#values[row] = this.#valueOf(row, cell)
  }

  #valueOf(row: number, cell: Cell): number {
    const { factor, target, default: fallback } = this.reading
    const raw = this.#numberOf(row, cell)
    if (raw === undefined) return 0
    if (raw === null) {
      this.#missing++
      if (fallback === null) this.#fault(row, 'VALUE_MISSING', 'the cell is empty', 'give a value, or a default')
      return fallback ?? 0
    }
    // A negative zero is a zero: data that are equal have equal bits.
    const value = raw * factor + 0
    if (value < target.min || value > target.max)
      this.#fault(row, 'OUT_OF_RANGE', `${value} is not ${rangeOf(target)}`, 'mend the value, or give a factor')
    else if (target.integer && !Number.isInteger(value))
      this.#fault(row, 'NOT_WHOLE', `${value} is no whole number`, `"${target.name}" holds whole numbers`)
    return value
  }

  /** The number that a cell is; null where it is empty, undefined where it is none. */
  #numberOf(row: number, cell: Cell): number | null | undefined {
    const { codes } = this.reading
    if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return null
    if (codes) {
      const coded = codes.get(textKey(`${cell}`))
      if (coded !== undefined) return coded
    }
    if (typeof cell === 'number') return Number.isFinite(cell) ? cell : this.#notANumber(row, cell)
    if (typeof cell === 'boolean') return cell ? 1 : 0
    if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : this.#notANumber(row, cell)
    const value = readNumber(cell)
    if (value !== undefined) return value
    const key = textKey(cell)
    return EMPTY.has(key) ? null : (TRUTH.get(key) ?? this.#notANumber(row, cell))
  }

  #notANumber(row: number, cell: number | bigint | string): undefined {
    const text = JSON.stringify(`${cell}`.slice(0, 40))
    if (this.reading.codes)
      this.#fault(row, 'CODE_UNKNOWN', `${text} is not in the list of codes`, 'add it to the codes of the column')
    else
      this.#fault(row, 'NOT_A_NUMBER', `${text} is no finite number`, 'write it as 1234.5, or give codes for the texts')
    return undefined
  }

  #fault(row: number, code: string, message: string, suggestion: string): void {
    this.#faults.add(code, row, this.reading.from, message, suggestion)
  }

  #grow(row: number): void {
    const larger = new Float64Array(Math.max(row + 1, 2 * this.#values.length))
    larger.set(this.#values)
    this.#values = larger
  }
}

function rangeOf({ min, max }: Reading['target']): string {
  if (min === Number.NEGATIVE_INFINITY) return `at most ${max}`
  return max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`
}
