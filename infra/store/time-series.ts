// The time-series table of results: a hypertable where TimescaleDB is, else monthly partitions; one view over either.
import type { Sql, Store } from './port.ts'

const STATISTICS = ['mean', 'sd', 'p025', 'p05', 'p25', 'p50', 'p75', 'p95', 'p975'] as const

const COLUMNS = `
  tenant text not null default 'local',
  job_id text not null,
  variable text not null,
  model_time float8 not null,
  ${STATISTICS.map((name) => `${name} float8`).join(', ')},
  recorded_at timestamptz not null default now(),
  primary key (tenant, job_id, variable, model_time, recorded_at)`

/** Months of partitions that stand ready beyond the present one. */
const MONTHS_AHEAD = 3

/**
 * Makes fleet.result_series and the view fleet.result_columns; run after the migrations at every start, changes nothing the second time.
 * A table that was made without TimescaleDB stays partitioned when TimescaleDB comes later: both answer the same queries.
 */
export async function prepareTimeSeries(store: Pick<Store, 'timescale'> & Sql, now: Date): Promise<void> {
  const partitioning = store.timescale === 'none' ? 'partition by range (recorded_at)' : ''
  await store.query(`create table if not exists fleet.result_series (${COLUMNS}) ${partitioning}`)
  const hypertable = store.timescale !== 'none' && !(await isPartitioned(store))
  if (hypertable) await makeHypertable(store)
  await ensurePartitions(store, now)
  // A BRIN index is a few kB for a million rows that come in the order of their time.
  await store.query('create index if not exists result_series_recorded on fleet.result_series using brin (recorded_at)')
  if (hypertable && store.timescale === 'tsl') await compressOldChunks(store)
  const columns = STATISTICS.map((name) => `array_agg(${name} order by model_time) as ${name}`)
  await store.query(`
    create or replace view fleet.result_columns as
    select tenant, job_id, variable, array_agg(model_time order by model_time) as times, ${columns.join(', ')}
    from fleet.result_series group by tenant, job_id, variable`)
}

async function makeHypertable(sql: Sql): Promise<void> {
  await sql.query(
    `select create_hypertable('fleet.result_series', 'recorded_at',
       chunk_time_interval => interval '30 days', if_not_exists => true)`,
  )
}

/** Old chunks become columns. Every column of the key segments or orders them, else uniqueness could not be held. */
async function compressOldChunks(sql: Sql): Promise<void> {
  // Saying the same again is an error in TimescaleDB before 2.14 once a chunk is compressed (its issue 6137).
  const done = await sql.query(
    `select from timescaledb_information.hypertables
     where hypertable_schema = 'fleet' and hypertable_name = 'result_series' and compression_enabled`,
  )
  if (done.length > 0) return
  await sql.query(
    `alter table fleet.result_series set (timescaledb.compress,
       timescaledb.compress_segmentby = 'tenant, job_id, variable',
       timescaledb.compress_orderby = 'model_time, recorded_at')`,
  )
  await sql.query(`select add_compression_policy('fleet.result_series', interval '30 days', if_not_exists => true)`)
}

async function isPartitioned(sql: Sql): Promise<boolean> {
  return (
    (await sql.query(`select from pg_class where oid = 'fleet.result_series'::regclass and relkind = 'p'`)).length > 0
  )
}

/**
 * Makes the monthly partitions from the month of `now` to three months ahead, and a default one that catches rows outside of them.
 * Rows that the default partition caught for a month move into it. Does nothing on a hypertable. Returns the names of those made.
 */
export async function ensurePartitions(sql: Sql, now: Date): Promise<string[]> {
  if (!(await isPartitioned(sql))) return []
  await sql.query('create table if not exists fleet.result_series_default partition of fleet.result_series default')
  const made: string[] = []
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString()
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1)).toISOString()
    const name = `result_series_${from.slice(0, 7).replace('-', '_')}`
    if (await makePartition(sql, name, from, to)) made.push(name)
  }
  return made
}

/** One statement, hence one transaction: made apart, filled from the default partition, then attached. */
async function makePartition(sql: Sql, name: string, from: string, to: string): Promise<boolean> {
  const [there] = await sql.query<{ there: boolean }>(`select to_regclass('fleet.${name}') is not null as there`)
  if (there?.there) return false
  await sql.query(`
    do $$ begin
      create table fleet.${name} (like fleet.result_series including defaults including constraints);
      with moved as (
        delete from fleet.result_series_default where recorded_at >= '${from}' and recorded_at < '${to}' returning *
      ) insert into fleet.${name} select * from moved;
      alter table fleet.result_series attach partition fleet.${name} for values from ('${from}') to ('${to}');
    exception when duplicate_table then null;
    end $$`)
  return true
}
