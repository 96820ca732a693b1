// Reads the CSV text of an import and names every fault by its line, so that a file is mended in one go.
import { parse } from 'csv-parse/sync'
import type { Finding } from './types.ts'

export interface CsvRow {
  /** 1-based line in the text on which the row ends. */
  readonly line: number
  /** By column name; as many as the header has. */
  readonly fields: Readonly<Record<string, string>>
}

export interface CsvTable {
  readonly header: readonly string[]
  /** Rows with the right number of fields. */
  readonly rows: readonly CsvRow[]
  /** Faults of the form; those of the content are the caller's. */
  readonly findings: Finding[]
}

export interface CsvColumns {
  readonly required: readonly string[]
  /** Also allowed; absent: no others. */
  readonly optional?: readonly string[]
}

interface Parsed {
  readonly record: string[]
  readonly info: { readonly lines: number }
}

/** Rows of one import; more would fill the memory of whoever reads them, well within the longest request. */
export const MAX_ROWS = 1_000_000
const MAX_COLUMNS = 1_000
/** Faults that one import lists: nobody mends more in one go, and the answer has to stay readable. */
export const MAX_FAULTS = 100_000

const OPTIONS = {
  bom: true,
  info: true,
  trim: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
}

/** An ERROR finding at a line of the text, and at a column of it where one is given. */
export function csvFault(code: string, line: number, message: string, suggestion: string, column?: string): Finding {
  return { severity: 'ERROR', code, path: column ? `csv:${line}:${column}` : `csv:${line}`, message, suggestion }
}

/** Header, rows and faults of a CSV text (RFC 4180; the first line is the header, blank lines are passed over). */
export function readCsv(text: string, columns: CsvColumns): CsvTable {
  const findings: Finding[] = []
  if (hasMoreLines(text, MAX_ROWS + 1))
    return nothing(csvFault('TOO_LARGE', 1, `the text has more than ${MAX_ROWS} rows`, 'import it in parts'))
  const parsed = parseLeniently(text, findings)
  const header = parsed[0]?.record
  const body = parsed.slice(1)
  if (!header) return nothing(csvFault('CSV_EMPTY', 1, 'the text has no header', 'give a header and rows'))
  if (header.length > MAX_COLUMNS)
    return nothing(csvFault('TOO_LARGE', 1, `the header has more than ${MAX_COLUMNS} columns`, 'import it in parts'))
  checkHeader(header, columns, findings)
  const rows: CsvRow[] = []
  for (const { record, info } of body) {
    if (record.length === header.length)
      rows.push({ line: info.lines, fields: Object.fromEntries(header.map((name, i) => [name, record[i]!])) })
    else
      findings.push(
        csvFault(
          'CSV_FIELDS',
          info.lines,
          `the row has ${record.length} fields, the header ${header.length}`,
          'give one field a column',
        ),
      )
  }
  return { header, rows, findings }
}

const nothing = (fault: Finding): CsvTable => ({ header: [], rows: [], findings: [fault] })

function hasMoreLines(text: string, most: number): boolean {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < text.length - 1; at = text.indexOf('\n', at + 1))
    if (++lines > most) return true
  return false
}

/** The first 100,000 findings, and how many more there are. */
export function listed(findings: Finding[]): Finding[] {
  if (findings.length <= MAX_FAULTS) return findings
  const more = `${findings.length - MAX_FAULTS} more faults are not listed`
  return [...findings.slice(0, MAX_FAULTS), csvFault('MORE_FAULTS', 1, more, 'mend those listed and import again')]
}

/** A quote that never closes would hide all that follows it: it is named, and quotes are then read as letters. */
function parseLeniently(text: string, findings: Finding[]): Parsed[] {
  try {
    return parse(text, OPTIONS) as unknown as Parsed[]
  } catch (error) {
    const { lines, message } = error as { lines?: number; message: string }
    findings.push(csvFault('CSV_UNREADABLE', lines ?? 1, message, 'close the quote or remove it'))
    return parse(text, { ...OPTIONS, quote: false }) as unknown as Parsed[]
  }
}

function checkHeader(header: readonly string[], { required, optional = [] }: CsvColumns, findings: Finding[]): void {
  const wanted = [...required, ...optional].join(', ')
  for (const name of required)
    if (!header.includes(name))
      findings.push(
        csvFault('CSV_COLUMN_MISSING', 1, `the column "${name}" is missing`, `the columns are: ${wanted}`, name),
      )
  header.forEach((name, index) => {
    if (header.indexOf(name) < index)
      findings.push(csvFault('CSV_COLUMN_TWICE', 1, `the column "${name}" stands twice`, 'keep one of them', name))
    else if (!required.includes(name) && !optional.includes(name))
      findings.push(
        csvFault('CSV_COLUMN_UNKNOWN', 1, `the column "${name}" is not known`, `the columns are: ${wanted}`, name),
      )
  })
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/

/** The finite decimal number that the text is; undefined for anything else, such as "", "1,000", "NaN" or "1e999". */
export function readNumber(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
