// The output that another simulator gave for a model: columns by name, read from its CSV or tab-separated file.
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { canonicalName } from '../../compute/model/formula/ast.ts'

export type Columns = ReadonlyMap<string, readonly number[]>

/** Columns of a CSV text by name, as names of a model compare: without regard to case and spacing. */
export function columnsOf(text: string, delimiter = ','): Columns {
  const [header = [], ...rows] = parse(text, { delimiter, bom: true, relax_column_count: false }) as string[][]
  return new Map(header.map((name, i) => [nameKey(name), rows.map((row) => Number(row[i]))]))
}

/** Columns of a file, of tabs where it is called so. */
export const readColumns = (path: string) => columnsOf(readFileSync(path, 'utf8'), path.endsWith('.tab') ? '\t' : ',')

/** `Stock A[Entry 1]` and `stock_a[entry_1]` are one name. */
export const nameKey = (name: string) => canonicalName(name).replaceAll(/_?([[\],])_?/g, '$1')
