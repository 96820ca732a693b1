// The keeper's rounds: at their time, over every series, and past one that fails.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { type Keeper, startKeeper } from './series-keeper.ts'

let database: TestStore
let keeper: Keeper
beforeEach(async () => {
  database = await freshStore()
})
afterEach(async () => {
  await keeper.stop()
  await database.drop()
})

const START = Date.UTC(2031, 5, 15)
const MINUTE_MS = 60_000

function start() {
  const clock = manualClock(START)
  const options = { keepIntervalMs: MINUTE_MS, keepDays: { result: undefined, usage: 60 } }
  keeper = startKeeper({ store: database.store, clock, log: silentLog }, options)
  return clock
}

/** Asks until there is such a row: each asking is a round trip, so there is nothing to sleep for. */
async function until(text: string): Promise<void> {
  while ((await database.store.query(text)).length === 0);
}

it('keeps each series as it is told to, a round each time', async () => {
  await database.store.query(`
    insert into fleet.job_usage (tenant, ended_at, job_id, kind, class, status, shards, compute_seconds, wait_seconds, run_seconds)
    values ('t', '2031-01-05Z', 'j', 'SIMULATION', 'p1', 'SUCCEEDED', 1, 1, 1, 1);
    insert into fleet.result_series (tenant, job_id, variable, model_time, recorded_at) values ('t', 'j', 'v', 0, '2020-01-05Z');
    select fleet.mark_series_rows('usage', '-infinity', 'infinity'), fleet.mark_series_rows('result', '-infinity', 'infinity')`)
  const clock = start()
  expect(await database.store.query(`select from fleet.job_usage`)).toHaveLength(1)
  await clock.advance(MINUTE_MS)
  await until(`select where to_regclass('fleet.result_series_2031_09') is not null`)
  await until('select where not exists (select from fleet.job_usage)')
  // What is dropped has been rolled up, whatever the database's own clock says of the year 2031.
  await until(`select from fleet.usage_rollup where jobs = 1 and bucket = '2031-01-05Z'`)
  await until(`select from fleet.result_rollup where rows = 1`)
  expect(await database.store.query('select from fleet.result_series')).toHaveLength(1)
  await database.store.query('drop table fleet.result_series_2031_09')
  await clock.advance(MINUTE_MS)
  await until(`select where to_regclass('fleet.result_series_2031_09') is not null`)
})

it('goes on with the other series and with the next round where one fails', async () => {
  await database.store.query('alter table fleet.result_series_default rename to elsewhere')
  await database.store.query('alter table fleet.result_rollup rename to nowhere')
  const clock = start()
  await clock.advance(MINUTE_MS)
  await until(`select where to_regclass('fleet.job_usage_2031_09') is not null`)
  await database.store.query('alter table fleet.elsewhere rename to result_series_default')
  await database.store.query('alter table fleet.nowhere rename to result_rollup')
  while (clock.sleepers === 0) await database.store.query('select')
  await clock.advance(MINUTE_MS)
  await until(`select where to_regclass('fleet.result_series_2031_09') is not null`)
})
