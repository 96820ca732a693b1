// Makes the time series: tables of rows by month, rollups by hour, and the views over both; the same answers whatever TimescaleDB can do here.
import { sha256 } from '../../schema/hash.ts'
import type { Sql, Store } from './port.ts'
import { aggregateStatement, compressOldChunks, makeHypertable, setPolicies } from './series/hypertable.ts'
import { KINDS, RESULT, type SeriesKind, USAGE } from './series/kinds.ts'
import { type Layout, layoutOf } from './series/layout.ts'
import { ensurePartitions } from './series/partitions.ts'
import { makeRollup } from './series/rollup.ts'
import { makeTimeIndex } from './series/time-index.ts'
import { recordUsage, usageTrigger } from './series/usage.ts'
import { resultColumns, viewStatements } from './series/views.ts'

export type Preparing = Pick<Store, 'timescale' | 'query' | 'transaction'>

/**
 * Makes what is missing of every series; run after the migrations at every start. The second time it looks at one row a series and
 * at its partitions, and changes nothing. What was made without TimescaleDB stays when TimescaleDB comes later.
 */
export async function prepareTimeSeries(store: Preparing, now: Date): Promise<void> {
  const made = await store.query<{ name: string; made_from: string }>('select name, made_from from quesnay.series')
  const madeFrom = new Map(made.map((row) => [row.name, row.made_from]))
  for (const kind of KINDS) {
    const layout = await layoutOf(store, kind, store.timescale)
    const from = fingerprint(kind, layout)
    if (madeFrom.get(kind.name) === from) {
      if (layout.rows === 'partitions') await ensurePartitions(store, kind, now)
    } else if (layout.rollup === 'aggregate') await make(store, kind, layout, from, now)
    // All or nothing: a rollup that stands has the marks of all rows.
    else await store.transaction((sql) => make(sql, kind, layout, from, now))
  }
}

const extraViews = (kind: SeriesKind) => (kind === RESULT ? [resultColumns()] : [])

/** What a series is made from; changes with this code and with the layout. */
function fingerprint(kind: SeriesKind, layout: Layout): string {
  const parts = [kind.columns, aggregateStatement(kind), ...viewStatements(kind, layout), ...extraViews(kind)]
  return sha256(JSON.stringify([layout, ...parts, kind === USAGE ? usageTrigger() : '']))
}

async function make(sql: Sql, kind: SeriesKind, layout: Layout, madeFrom: string, now: Date): Promise<void> {
  const partitioning = layout.rows === 'partitions' ? `partition by range (${kind.time})` : ''
  await sql.query(`create table if not exists ${kind.relation} (${kind.columns}) ${partitioning}`)
  if (layout.rows === 'hypertable') await makeHypertable(sql, kind)
  else await ensurePartitions(sql, kind, now)
  await makeTimeIndex(sql, kind)
  await sql.query(
    `insert into quesnay.series (name, relation, time_column, rollup, made_from) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set rollup = excluded.rollup, made_from = excluded.made_from`,
    [kind.name, kind.relation, kind.time, layout.rollup, madeFrom],
  )
  if (kind === USAGE) await recordUsage(sql, now)
  if (layout.rollup === 'marks') await makeRollup(sql, kind)
  else {
    await sql.query(aggregateStatement(kind))
    await compressOldChunks(sql, kind)
    await setPolicies(sql, kind, undefined)
  }
  await sql.query([...viewStatements(kind, layout), ...extraViews(kind)].join(';'))
}
