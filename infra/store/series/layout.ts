// How a series lies in this database: what was made stays, also where TimescaleDB comes or goes later.
import type { Sql, TimescaleLevel } from '../port.ts'
import { rollupOf, type SeriesKind } from './kinds.ts'

export interface Layout {
  /** Monthly partitions of ours, or a hypertable of TimescaleDB. */
  readonly rows: 'partitions' | 'hypertable'
  /** A table that is refreshed from marks, or a continuous aggregate. */
  readonly rollup: 'marks' | 'aggregate'
}

/** What the level would make where nothing is there. */
export const layoutFor = (level: TimescaleLevel): Layout => ({
  rows: level === 'none' ? 'partitions' : 'hypertable',
  rollup: level === 'tsl' ? 'aggregate' : 'marks',
})

/** What is there; where a part is not, what the level makes of it. Partitions cannot have a continuous aggregate. */
export async function layoutOf(sql: Sql, kind: SeriesKind, level: TimescaleLevel): Promise<Layout> {
  const [found] = await sql.query<{ rows: string | null; rollup: string | null }>(
    `select (select relkind from pg_class where oid = to_regclass($1)) as rows,
            (select relkind from pg_class where oid = to_regclass($2)) as rollup`,
    [kind.relation, rollupOf(kind)],
  )
  const wanted = layoutFor(level)
  const rows = found?.rows ? (found.rows === 'p' ? 'partitions' : 'hypertable') : wanted.rows
  // A continuous aggregate is a view over a hypertable of its own.
  const rollup = found?.rollup ? (found.rollup === 'v' ? 'aggregate' : 'marks') : wanted.rollup
  return { rows, rollup: rows === 'partitions' ? 'marks' : rollup }
}
