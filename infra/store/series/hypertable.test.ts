// What TimescaleDB is told of policies, over functions of its names: said once, said again only where it differs.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { withStandIns } from '../../../test/support/timescale-stand-ins.ts'
import { silentLog } from '../../log.ts'
import { migrate } from '../migrate.ts'
import { openStore } from '../open.ts'
import type { Store } from '../port.ts'
import { aggregateStatement, setPolicies } from './hypertable.ts'
import { keepSeries } from './keep.ts'
import { KINDS, USAGE } from './kinds.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await freshDatabase()
  store = await withStandIns(await openStore(database.url, { log: silentLog }), 'tsl')
  await migrate(store)
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const jobs = () =>
  store.query(
    `select xmin::text as written, proc_name::text as job, hypertable_name::text as of, config from timescaledb_information.jobs
     order by job, of`,
  )
const of = async (job: string, relation: string) =>
  (await jobs()).filter((row) => row['job'] === `policy_${job}` && row['of'] === relation).map((row) => row['config'])

it('compresses, refreshes, and drops nothing before it is told to', async () => {
  const found = (await jobs()).map(({ job, of: relation }) => `${job} ${relation}`)
  expect(found).toEqual([
    'policy_compression job_usage',
    'policy_compression result_series',
    'policy_refresh_continuous_aggregate result_rollup',
    'policy_refresh_continuous_aggregate usage_rollup',
  ])
})

it('sets retention with a refresh that reaches back less far, says it once, and changes it where it differs', async () => {
  const now = new Date()
  await keepSeries(store, USAGE, 400, now)
  expect(await of('retention', 'job_usage')).toEqual([{ drop_after: '400 days' }])
  expect(await of('refresh_continuous_aggregate', 'usage_rollup')).toMatchObject([{ start_offset: '399 days' }])
  const before = await jobs()
  await keepSeries(store, USAGE, 400, now)
  expect(await jobs()).toEqual(before)
  await keepSeries(store, USAGE, 1, now)
  expect(await of('retention', 'job_usage')).toEqual([{ drop_after: '1 day' }])
  await setPolicies(store, USAGE, undefined)
  expect(await of('retention', 'job_usage')).toEqual([])
  expect(await of('refresh_continuous_aggregate', 'usage_rollup')).toMatchObject([{ start_offset: null }])
})

it('makes continuous aggregates without data, so that they may stand in a transaction, and real-time', () => {
  for (const kind of KINDS) {
    expect(aggregateStatement(kind)).toMatch(/timescaledb\.materialized_only = false/)
    expect(aggregateStatement(kind).trim()).toMatch(/with no data$/)
  }
})
