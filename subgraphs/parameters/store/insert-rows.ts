// Inserts many rows with few statements: columns as arrays of text, cast where they arrive.
import type { Sql } from '../../../infra/store/port.ts'

/** Name and SQL type of a column. */
export type Column = readonly [name: string, type: string]
type Cell = string | null

/** Rows of one statement: few enough that its text stays small beside what else is in memory. */
const BATCH = 10_000

/** Rows of one tenant, in batches; what is there already is left to `onConflict`. Numbers come as String(value): every double survives it, infinities too. */
export async function insertRows(
  sql: Sql,
  table: string,
  tenant: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  onConflict = '',
): Promise<void> {
  const names = columns.map(([name]) => name).join(', ')
  const values = columns.map(([name, type]) => `v.${name}::${type}`).join(', ')
  const arrays = columns.map((_, i) => `$${i + 2}::text[]`).join(', ')
  const text = `insert into ${table} (tenant, ${names}) select $1, ${values} from unnest(${arrays}) as v (${names}) ${onConflict}`
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH)
    await sql.query(text, [tenant, ...columns.map((_, i) => batch.map((row) => row[i]!))])
  }
}

export const orNull = (value: unknown): Cell => (value === undefined || value === null ? null : JSON.stringify(value))

/** The numbers as PostgreSQL writes an array of float8. */
export const arrayText = (values: readonly number[]): string => `{${values.join(',')}}`

/** Texts as PostgreSQL writes an array of them; null where there is none. */
export const textArray = (values: readonly string[] | undefined): Cell =>
  values === undefined ? null : `{${values.map((value) => JSON.stringify(value)).join(',')}}`

/** `on conflict` for rows that take the place of those of the same key. */
export function replacing(key: readonly string[], columns: readonly Column[]): string {
  const set = columns.map(([name]) => name).filter((name) => !key.includes(name))
  return `on conflict (tenant, ${key.join(', ')}) do update set ${set.map((name) => `${name} = excluded.${name}`).join(', ')}`
}
