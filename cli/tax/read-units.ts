// Reads a CSV file of units in batches of columns, however long it is.
import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { readNumber } from '../../subgraphs/shared/csv.ts'
import { nameOf } from '../read-input.ts'
import type { Datum, Names } from './rules.ts'

/** Units of one question to the graph. */
export const BATCH_UNITS = 8192

export interface Batch {
  /** What tells each unit apart, as it stands in the file. */
  readonly ids: readonly string[]
  /** 1-based line of each unit. */
  readonly lines: readonly number[]
  readonly columns: readonly { readonly name: string; readonly header: string; readonly values: Float64Array }[]
  /** Share of the file that is read, 0 to 1; 0 where its length is not known. */
  readonly fraction: number
}

export interface UnitsFile {
  /** Columns that nothing is read of. */
  readonly unknown: readonly string[]
  readonly batches: AsyncIterable<Batch>
}

interface Column {
  readonly at: number
  readonly header: string
  readonly name: string
  readonly factor: number
  readonly default: number | null
}

interface Unit {
  readonly id: string | undefined
  readonly line: number
  /** In the order of the columns. */
  readonly numbers: readonly number[]
}

interface Header {
  readonly fields: readonly string[]
  readonly columns: readonly Column[]
  readonly idAt: number
}

const OPTIONS = { bom: true, trim: true, relax_column_count: true, skip_empty_lines: true } as const

/** Opens a file, or standard input for "-"; `.gz` is decompressed. Errors: BAD_INPUT where it cannot be read or has no header. */
export async function openUnits(path: string, names: Names, data: readonly Datum[]): Promise<UnitsFile> {
  const size = path === '-' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const raw: Readable = path === '-' ? process.stdin : createReadStream(path)
  let bytes = 0
  raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  let header: Header | undefined
  // Read as it comes: a long file would else be objects by the million.
  const onRecord = (record: string[], { lines }: { lines: number }): Unit => {
    if (header) return unitOf(record, lines, header)
    header = { fields: record, columns: columnsOf(record, names, data), idAt: record.indexOf(names.identifier) }
    return { id: undefined, line: lines, numbers: [] }
  }
  const parser = parse({ ...OPTIONS, on_record: onRecord as never })
  const text = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  for (const stream of new Set<Readable>([raw, text])) stream.on('error', (error) => parser.destroy(error))
  text.pipe(parser)
  const units = parser[Symbol.asyncIterator]() as AsyncIterator<Unit>
  const next = async (): Promise<Unit | undefined> => {
    try {
      const { done, value } = await units.next()
      return done ? undefined : value
    } catch (error) {
      throw unreadable(path, error)
    }
  }
  await next()
  if (!header) throw fault(`${nameOf(path)} is empty`, 'csv:1', 'give a line of names and a line for each unit')
  const { fields, columns } = header
  const known = new Set([...columns.map((column) => column.header), names.identifier])
  const unknown = fields.filter((name) => !known.has(name) && !names.totals.some(({ total }) => total === name))
  const fraction = () => (size > 0 ? Math.min(1, bytes / size) : 0)
  return { unknown, batches: batchesOf(next, columns, fraction) }
}

async function* batchesOf(
  next: () => Promise<Unit | undefined>,
  columns: readonly Column[],
  fraction: () => number,
): AsyncGenerator<Batch> {
  for (let before = 0, last = false; !last; ) {
    const units: Unit[] = []
    while (units.length < BATCH_UNITS && !last) {
      const unit = await next()
      if (unit) units.push(unit)
      else last = true
    }
    if (units.length === 0) return
    const first = before + 1
    before += units.length
    yield {
      ids: units.map(({ id }, i) => id ?? String(first + i)),
      lines: units.map(({ line }) => line),
      columns: columns.map(({ name, header }, k) => ({
        name,
        header,
        values: Float64Array.from(units, ({ numbers }) => numbers[k]!),
      })),
      fraction: fraction(),
    }
  }
}

function unitOf(record: readonly string[], line: number, { fields, columns, idAt }: Header): Unit {
  if (record.length !== fields.length)
    throw fault(
      `line ${line} has ${record.length} fields, the first line ${fields.length}`,
      `csv:${line}`,
      'give one field a column',
    )
  return {
    id: idAt < 0 ? undefined : record[idAt],
    line,
    numbers: columns.map((column) => numberIn(record[column.at]!, column, line)),
  }
}

/** Errors: a column twice, no column that is known, a sum of columns of which none is there. */
function columnsOf(header: readonly string[], { inputOf, totals }: Names, data: readonly Datum[]): Column[] {
  const defaults = new Map(data.map((datum) => [datum.name, datum.default]))
  const columns = header.flatMap((name, at): Column[] => {
    const input = inputOf(name)
    if (!input) return []
    return [{ at, header: name, name: input.ours, factor: input.factor, default: defaults.get(input.ours) ?? null }]
  })
  for (const [i, { name, header: second }] of columns.entries()) {
    const first = columns.findIndex((column) => column.name === name)
    if (first < i)
      throw fault(`${columns[first]!.header} and ${second} are both ${name}`, 'csv:1', 'keep one of the two')
  }
  for (const { total, parts } of totals)
    if (header.includes(total) && !parts.some((part) => header.includes(part)))
      throw fault(
        `${total} is the sum of ${parts.join(' and ')}, and neither is there`,
        'csv:1',
        `give ${parts.join(', ')}`,
      )
  if (columns.length === 0)
    throw fault(
      'no column of the file is known',
      'csv:1',
      'give a first line with the names of the columns, such as MARS',
    )
  return columns
}

/** An empty field is the column's default. BAD_INPUT for what is no number, with its line and column. */
function numberIn(text: string, column: Column, line: number): number {
  if (text === '' && column.default !== null) return column.default
  const value = readNumber(text)
  if (value !== undefined) return value * column.factor
  const what = text === '' ? 'is empty' : `is "${text.slice(0, 40)}", which is no number`
  throw fault(`line ${line}: ${column.header} ${what}`, `csv:${line}:${column.header}`, 'give a number such as 1234.5')
}

const fault = (message: string, path: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })

function unreadable(path: string, cause: unknown): QuesnayError {
  if (isQuesnayError(cause)) return cause
  const { code = 'unknown', lines, message } = cause as { code?: string; lines?: number; message: string }
  if (code.startsWith('CSV_')) return fault(`line ${lines ?? 1}: ${message}`, `csv:${lines ?? 1}`, 'mend the line')
  return new QuesnayError(
    'BAD_INPUT',
    `cannot read ${nameOf(path)}: ${code.startsWith('Z_') ? 'it is not compressed by gzip' : message}`,
    { path: '--in', suggestion: 'check the file' },
    { cause },
  )
}
