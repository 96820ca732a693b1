// The index by time: BRIN, a few kB for a million rows that come in the order of their time, and next to nothing to write.
import type { Sql } from '../port.ts'
import { bareName, type SeriesKind } from './kinds.ts'

/** Pages of 8 kB that one entry tells of: an hour is looked up by reading about so many. PostgreSQL's default is 128. */
const PAGES_PER_RANGE = 16

export async function makeTimeIndex(sql: Sql, kind: SeriesKind): Promise<void> {
  // The one that version 0.3.0 made had the default of pages.
  if (bareName(kind) === 'result_series') await sql.query('drop index if exists fleet.result_series_recorded')
  await sql.query(
    `create index if not exists ${bareName(kind)}_time on ${kind.relation}
     using brin (${kind.time}) with (pages_per_range = ${PAGES_PER_RANGE}, autosummarize = on)`,
  )
}

/**
 * Tells the index of pages that were filled since. PostgreSQL does so by itself after a while; until then every look-up reads all of
 * them, which after a backfill is the whole of it. Partitions and chunks are both children of their table.
 */
export async function summarizeTime(sql: Sql, kind: SeriesKind): Promise<void> {
  await sql.query(
    `select brin_summarize_new_values(i.indexrelid)
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where a.amname = 'brin' and c.relkind = 'i'
       and (i.indrelid = $1::regclass or i.indrelid in (select inhrelid from pg_inherits where inhparent = $1::regclass))`,
    [kind.relation],
  )
}
