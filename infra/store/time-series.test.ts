// A database that an earlier version made: its time series are taken over with every row.
import { afterEach, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { allDifferences } from '../../test/support/series-rows.ts'
import { silentLog } from '../log.ts'
import { migrations } from '../migrations/index.ts'
import { migrate } from './migrate.ts'
import { openStore } from './open.ts'
import type { Store } from './port.ts'
import { USAGE } from './series/kinds.ts'

const numberOf = (name: string) => Number(name.slice(-3))
/** The last migration of version 0.3.0. */
const LAST_OF_0_3 = 12

/** What version 0.3.0 made after its migrations, where TimescaleDB is not. */
const SERIES_OF_0_3 = `
  create table fleet.result_series (
    tenant text not null default 'local', job_id text not null, variable text not null, model_time float8 not null,
    mean float8, sd float8, p025 float8, p05 float8, p25 float8, p50 float8, p75 float8, p95 float8, p975 float8,
    recorded_at timestamptz not null default now(),
    primary key (tenant, job_id, variable, model_time, recorded_at)) partition by range (recorded_at);
  create table fleet.result_series_default partition of fleet.result_series default;
  create table fleet.result_series_2030_05 partition of fleet.result_series for values from ('2030-05-01Z') to ('2030-06-01Z');
  create table fleet.result_series_2030_06 partition of fleet.result_series for values from ('2030-06-01Z') to ('2030-07-01Z');
  create index result_series_recorded on fleet.result_series using brin (recorded_at);
  create view fleet.result_columns as
    select tenant, job_id, variable, array_agg(model_time order by model_time) as times, array_agg(mean order by model_time) as mean,
      array_agg(sd order by model_time) as sd, array_agg(p025 order by model_time) as p025, array_agg(p05 order by model_time) as p05,
      array_agg(p25 order by model_time) as p25, array_agg(p50 order by model_time) as p50, array_agg(p75 order by model_time) as p75,
      array_agg(p95 order by model_time) as p95, array_agg(p975 order by model_time) as p975
    from fleet.result_series group by tenant, job_id, variable`

let database: TestDatabase
let store: Store
afterEach(async () => {
  await store.close()
  await database.drop()
})

/** A database as version 0.3.0 left it. */
async function openOld(): Promise<void> {
  database = await freshDatabase()
  store = await openStore(database.url, { log: silentLog })
  await store.query(`
    create schema quesnay;
    create table quesnay.migrations (id serial primary key, "timestamp" bigint not null, name varchar not null)`)
  for (const Migration of migrations.filter(({ name }) => numberOf(name) <= LAST_OF_0_3)) {
    await new Migration().up(store as never)
    await store.query('insert into quesnay.migrations ("timestamp", name) values ($1, $2)', [
      Migration.name.slice(-13),
      Migration.name,
    ])
  }
  await store.query(SERIES_OF_0_3)
}

describe('prepareTimeSeries over a database of version 0.3.0', () => {
  it('keeps every row, also those of the default partition, and rolls all of them up', async () => {
    await openOld()
    await store.query(
      `insert into fleet.result_series (tenant, job_id, variable, model_time, mean, recorded_at)
       select 'old', 'j' || i % 7, 'gdp', i, i % 50, timestamptz '2030-04-20Z' + i * interval '41 minutes'
       from generate_series(1, 3000) i`,
    )
    const rows = () => store.query('select * from fleet.result_series order by job_id, model_time')
    const before = await rows()
    const ran = await migrate(store)
    expect(ran.map(numberOf)).toEqual(migrations.map(({ name }) => numberOf(name)).filter((n) => n > LAST_OF_0_3))
    expect(await rows()).toEqual(before)
    expect(await allDifferences(store)).toEqual([])
    expect(await store.query('select sum(rows)::int as n from fleet.result_monthly')).toEqual([{ n: 3000 }])
    expect(await store.query('select from fleet.result_series_2030_04')).not.toEqual([])
    expect(await store.query('select from fleet.result_series_default')).toEqual([])
    expect(await migrate(store)).toEqual([])
  })

  it('writes down what the jobs took that had ended before', async () => {
    await openOld()
    const job = (id: string, status: string, finished: string | null) =>
      store.query(
        `insert into fleet.job (tenant, job_id, parent_key, status, kind, kernel_name, kernel_sha256, abi, params_sha256, seed, lanes,
           result_spec, shards_total, shards_done, compute_seconds, input_hash, created_at, started_at, finished_at)
         values ('old', $1, $1, $2, 'SIMULATION', 'machine', 'k', 1, 'p', '0', 64, '{}', 4, 4, 1.5, 'key', '2029-12-31T23:00:00Z',
           '2029-12-31T23:00:02Z', $3)`,
        [id, status, finished],
      )
    await job('a', 'SUCCEEDED', '2029-12-31T23:59:59Z')
    await job('b', 'FAILED', '2030-01-01T00:00:01Z')
    await job('c', 'RUNNING', null)
    await migrate(store)
    expect(await allDifferences(store, 'old', USAGE)).toEqual([])
    const months = await store.query('select bucket, jobs, compute_seconds from fleet.usage_monthly order by 1')
    expect(months).toEqual([
      { bucket: new Date('2029-12-01T00:00:00Z'), jobs: 1, compute_seconds: 1.5 },
      { bucket: new Date('2030-01-01T00:00:00Z'), jobs: 1, compute_seconds: 1.5 },
    ])
    expect(await store.query(`select from fleet.job_usage_2029_12`)).toHaveLength(1)
    // Counted once: the one that is running still counts in full, those that have ended do not count again.
    await store.query(
      `update fleet.job set status = 'SUCCEEDED', finished_at = '2030-01-02T00:00:00Z' where job_id = 'c'`,
    )
    expect(await store.query('select sum(compute_seconds) as seconds from fleet.usage_monthly')).toEqual([
      { seconds: 4.5 },
    ])
  })
})
