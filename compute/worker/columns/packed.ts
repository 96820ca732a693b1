// Columns in little room: one number where all are equal, the few that are not 0, whole numbers or cents where that loses no bit, else f64.

/** Plain data over shared memory: threads read one copy. */
export type PackedColumn = { readonly length: number } & (
  | { readonly kind: 'CONSTANT'; readonly value: number }
  | { readonly kind: 'WHOLE'; readonly values: WholeNumbers; readonly divisor: 1 | 100 }
  | { readonly kind: 'SPARSE'; readonly first: number; readonly rows: Uint32Array; readonly values: Float64Array }
  | { readonly kind: 'REALS'; readonly values: Float64Array }
)

type WholeNumbers = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array

export type ColumnValues = Float64Array | PackedColumn | GatheredColumn

/** Narrowest first. */
const WHOLES: readonly {
  readonly min: number
  readonly max: number
  readonly over: (length: number) => WholeNumbers
}[] = [
  { min: 0, max: 2 ** 8 - 1, over: (n) => new Uint8Array(new SharedArrayBuffer(n)) },
  { min: -(2 ** 7), max: 2 ** 7 - 1, over: (n) => new Int8Array(new SharedArrayBuffer(n)) },
  { min: 0, max: 2 ** 16 - 1, over: (n) => new Uint16Array(new SharedArrayBuffer(2 * n)) },
  { min: -(2 ** 15), max: 2 ** 15 - 1, over: (n) => new Int16Array(new SharedArrayBuffer(2 * n)) },
  { min: -(2 ** 31), max: 2 ** 31 - 1, over: (n) => new Int32Array(new SharedArrayBuffer(4 * n)) },
]

/** Packs finite values of one column or more; every bit comes back. */
export function pack(values: Float64Array): PackedColumn {
  const { length } = values
  const constant = constantOf(values)
  if (constant !== undefined) return { kind: 'CONSTANT', value: constant, length }
  const sparse = sparseOf(values)
  if (sparse) return sparse
  for (const divisor of [1, 100] as const) {
    const range = rangeOf(values, divisor)
    const whole = range && WHOLES.find(({ min, max }) => min <= range.min && range.max <= max)
    if (!whole) continue
    const packed = whole.over(length)
    for (let i = 0; i < length; i++) packed[i] = Math.round(values[i]! * divisor)
    return { kind: 'WHOLE', values: packed, divisor, length }
  }
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return { kind: 'REALS', values: shared, length }
}

/** Less than a quarter of a column's values that are not 0 take less room with their rows; a -0 is not 0. */
function sparseOf(values: Float64Array): PackedColumn | undefined {
  let count = 0
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], 0)) count++
  if (count > values.length / 4) return undefined
  const rows = new Uint32Array(new SharedArrayBuffer(4 * count))
  const others = new Float64Array(new SharedArrayBuffer(8 * count))
  let at = 0
  for (let i = 0; i < values.length; i++) {
    if (Object.is(values[i], 0)) continue
    rows[at] = i
    others[at++] = values[i]!
  }
  return { kind: 'SPARSE', first: 0, rows, values: others, length: values.length }
}

/** The first place of rising rows that is not below a row. */
function placeOf(rows: Uint32Array, row: number): number {
  let from = 0
  let to = rows.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle]! < row) from = middle + 1
    else to = middle
  }
  return from
}

function constantOf(values: Float64Array): number | undefined {
  const first = values[0]
  if (first === undefined) return 0
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return undefined
  return first
}

/** Least and greatest of the values times the divisor, where each is the nearest f64 to a whole number's quotient; a -0 is none. */
function rangeOf(values: Float64Array, divisor: number): { min: number; max: number } | undefined {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const whole = Math.round(x * divisor)
    if (whole / divisor !== x || (x === 0 && Object.is(x, -0))) return undefined
    if (whole < min) min = whole
    if (whole > max) max = whole
  }
  return { min, max }
}

/** Bytes that a packed column takes. */
export function bytesOfColumn(column: PackedColumn): number {
  if (column.kind === 'CONSTANT') return 64
  return column.values.byteLength + (column.kind === 'SPARSE' ? column.rows.byteLength : 0)
}

/** Values from..to-1, without a copy. */
export function sliceOf(column: PackedColumn, from: number, to: number): PackedColumn {
  const length = to - from
  if (column.kind === 'CONSTANT') return { ...column, length }
  if (column.kind === 'SPARSE') return { ...column, first: column.first + from, length }
  return { ...column, values: column.values.subarray(from, to), length } as PackedColumn
}

/** Writes values from..to-1 to the beginning of `target`. */
export function copyValues(column: ColumnValues, from: number, to: number, target: Float64Array): void {
  if (column instanceof Float64Array) target.set(column.subarray(from, to))
  else if (column.kind === 'ROWS') gather(column.column, column.rows.subarray(from, to), target)
  else if (column.kind === 'CONSTANT') target.fill(column.value, 0, to - from)
  else if (column.kind === 'SPARSE') {
    const { first, rows, values } = column
    target.fill(0, 0, to - from)
    const end = placeOf(rows, first + to)
    for (let i = placeOf(rows, first + from); i < end; i++) target[rows[i]! - first - from] = values[i]!
  } else if (column.kind === 'REALS' || column.divisor === 1) target.set(column.values.subarray(from, to))
  else {
    const { values } = column
    for (let i = from; i < to; i++) target[i - from] = values[i]! / 100
  }
}

/** All values; the very array where they are f64. */
export function unpacked(column: ColumnValues): Float64Array {
  if (column instanceof Float64Array) return column
  if (column.kind === 'REALS') return column.values
  const values = new Float64Array(column.length)
  copyValues(column, 0, values.length, values)
  return values
}

/** Some rows of a column, in the order given: read where they are taken. */
export interface GatheredColumn {
  readonly kind: 'ROWS'
  readonly column: PackedColumn
  readonly rows: Uint32Array
  readonly length: number
}

export const gathered = (column: PackedColumn, rows: Uint32Array): GatheredColumn => ({
  kind: 'ROWS',
  column,
  rows,
  length: rows.length,
})

/** Writes the values of rows to the beginning of `target`. */
function gather(column: PackedColumn, rows: Uint32Array, target: Float64Array): void {
  const { length } = rows
  if (column.kind === 'CONSTANT') {
    target.fill(column.value, 0, length)
    return
  }
  if (column.kind === 'SPARSE') {
    for (let i = 0; i < length; i++) {
      const row = column.first + rows[i]!
      const place = placeOf(column.rows, row)
      target[i] = column.rows[place] === row ? column.values[place]! : 0
    }
    return
  }
  const { values } = column
  // A loop that meets arrays of many types is many times slower: the commonest have their own.
  if (values instanceof Float64Array) for (let i = 0; i < length; i++) target[i] = values[rows[i]!]!
  else if (values instanceof Int32Array) for (let i = 0; i < length; i++) target[i] = values[rows[i]!]!
  else if (values instanceof Uint8Array) for (let i = 0; i < length; i++) target[i] = values[rows[i]!]!
  else for (let i = 0; i < length; i++) target[i] = values[rows[i]!]!
  if (column.kind === 'WHOLE' && column.divisor !== 1) for (let i = 0; i < length; i++) target[i]! /= 100
}
