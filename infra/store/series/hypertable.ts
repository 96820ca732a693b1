// What TimescaleDB is told: hypertables, and under its own licence continuous aggregates, compression and policies.
// Signatures as its documentation gives them, in the form that has held since 2.0; each statement may be said again.
import type { Sql } from '../port.ts'
import { bareName, rollupOf, type SeriesKind } from './kinds.ts'
import { figuresOfRows } from './rollup.ts'

/** Chunks are about a month, as partitions are elsewhere. */
const CHUNK = `interval '30 days'`
/** Rows of an hour are compressed when they are this old: late ones are written beside them and joined by the policy's next round. */
const COMPRESS_AFTER = `interval '30 days'`

export async function makeHypertable(sql: Sql, kind: SeriesKind): Promise<void> {
  await sql.query(
    `select create_hypertable('${kind.relation}', '${kind.time}', chunk_time_interval => ${CHUNK}, if_not_exists => true)`,
  )
}

export async function compressOldChunks(sql: Sql, kind: SeriesKind): Promise<void> {
  // Saying the same again is an error in TimescaleDB before 2.14 once a chunk is compressed (its issue 6137).
  const done = await sql.query(
    `select from timescaledb_information.hypertables
     where hypertable_schema = 'fleet' and hypertable_name = '${bareName(kind)}' and compression_enabled`,
  )
  if (done.length > 0) return
  await sql.query(
    `alter table ${kind.relation} set (timescaledb.compress,
       timescaledb.compress_segmentby = '${kind.segmentBy}',
       timescaledb.compress_orderby = '${kind.orderBy}')`,
  )
  await sql.query(`select add_compression_policy('${kind.relation}', ${COMPRESS_AFTER}, if_not_exists => true)`)
}

/**
 * The hours as a continuous aggregate that also shows rows it has not materialised yet. Without data, so that it may stand in a
 * transaction and no start waits for it: the policy fills it.
 */
export const aggregateStatement = (kind: SeriesKind) => `
  create materialized view if not exists ${rollupOf(kind)}
  with (timescaledb.continuous, timescaledb.materialized_only = false) as
  select s.tenant, time_bucket(interval '1 hour', s.${kind.time}) as bucket, ${figuresOfRows(kind)}
  from ${kind.relation} s
  group by s.tenant, time_bucket(interval '1 hour', s.${kind.time}), ${kind.keys.map((key) => `s.${key}`).join(', ')}
  with no data`

/**
 * Refresh and retention. The refresh reaches back less far than the rows: over hours whose rows are dropped it would drop the rollup too.
 * Said again only where it differs, for a policy that is made anew forgets when it ran.
 */
export async function setPolicies(sql: Sql, kind: SeriesKind, keepDays: number | undefined): Promise<void> {
  const [now] = await sql.query<{ days: number | null }>(
    `select extract(epoch from (config ->> 'drop_after')::interval)::float8 / 86400 as days from timescaledb_information.jobs
     where proc_name = 'policy_retention' and hypertable_schema = 'fleet' and hypertable_name = '${bareName(kind)}'`,
  )
  const [refreshing] = await sql.query(
    `select from timescaledb_information.jobs j join timescaledb_information.continuous_aggregates a
       on j.hypertable_schema = a.materialization_hypertable_schema and j.hypertable_name = a.materialization_hypertable_name
     where j.proc_name = 'policy_refresh_continuous_aggregate'
       and a.view_schema = 'fleet' and a.view_name = '${kind.view}_rollup'`,
  )
  if (refreshing && (now?.days ?? undefined) === keepDays) return
  await sql.query(`select remove_retention_policy('${kind.relation}', if_exists => true)`)
  await sql.query(`select remove_continuous_aggregate_policy('${rollupOf(kind)}', if_exists => true)`)
  // Chunks of 30 days are dropped whole, so that much less: nothing that is refreshed may be gone.
  const start = keepDays === undefined ? 'null' : `interval '${Math.max(keepDays - 1, 1)} days'`
  await sql.query(
    `select add_continuous_aggregate_policy('${rollupOf(kind)}', start_offset => ${start}, end_offset => interval '1 hour',
       schedule_interval => interval '5 minutes', if_not_exists => true)`,
  )
  if (keepDays !== undefined)
    await sql.query(
      `select add_retention_policy('${kind.relation}', drop_after => interval '${keepDays} days', if_not_exists => true)`,
    )
}

/** Materialises what has changed; outside of a transaction, as TimescaleDB demands. The empty bounds are all there is. */
export async function refreshAggregate(sql: Sql, kind: SeriesKind, from?: Date): Promise<void> {
  await sql.query(`call refresh_continuous_aggregate('${rollupOf(kind)}', ${literal(from)}, null)`)
}

const literal = (at: Date | undefined) => (at ? `timestamptz '${at.toISOString()}'` : 'null')
