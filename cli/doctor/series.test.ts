// The checks of partitions and rollups, over a real database that is and is not kept.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { openStore } from '../../infra/store/open.ts'
import { keepSeries } from '../../infra/store/series/keep.ts'
import { KINDS, RESULT } from '../../infra/store/series/kinds.ts'
import { freshDatabase, freshStore, type TestStore } from '../../test/support/database.ts'
import { checkPartitions, checkRollup, checkSeries } from './series.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())

const monthsOn = (months: number) => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15))
}
const mark = (ago: string) =>
  database.store.query(
    `insert into fleet.series_mark (tenant, series, bucket, marked_at)
     values ('t', 'result', date_bin('1 hour', now() - $1::interval, '2000-01-01Z'), now() - $1::interval)`,
    [ago],
  )

it('finds everything kept after a start', async () => {
  const found = await checkSeries(database.store, new Date())
  expect(found).toHaveLength(2 * KINDS.length)
  expect(found.filter(({ level }) => level !== 'ok')).toEqual([])
})

it('warns where partitions run out, and where rows lie in the default one', async () => {
  expect(await checkPartitions(database.store, RESULT, monthsOn(2))).toMatchObject({ level: 'warn', say: /1 ahead/ })
  expect(await checkPartitions(database.store, RESULT, monthsOn(9))).toMatchObject({ say: /not the present one/ })
  await database.store.query(
    `insert into fleet.result_series (job_id, variable, model_time, recorded_at) values ('j', 'v', 0, '2020-05-05Z')`,
  )
  expect(await checkPartitions(database.store, RESULT, new Date())).toMatchObject({
    level: 'warn',
    say: /1 row in the default/,
  })
  await keepSeries(database.store, RESULT, undefined, new Date())
  expect(await checkPartitions(database.store, RESULT, new Date())).toMatchObject({
    level: 'ok',
    say: /0 rows in the default/,
  })
})

it('says how far a rollup is behind, and fails where nobody rolls up', async () => {
  await mark('10 minutes')
  await mark('70 minutes')
  expect((await checkRollup(database.store, RESULT, 'marks')).level).not.toBe('fail')
  await mark('5 hours')
  expect(await checkRollup(database.store, RESULT, 'marks')).toMatchObject({
    level: 'warn',
    say: /hours? to roll up, the oldest for [45] h/,
  })
  await mark('3 days')
  expect(await checkRollup(database.store, RESULT, 'marks')).toMatchObject({ level: 'fail', fix: /start Quesnay/ })
  await keepSeries(database.store, RESULT, undefined, new Date())
  expect(await checkRollup(database.store, RESULT, 'marks')).toMatchObject({ level: 'ok' })
})

it('says of an empty database that there are none yet', async () => {
  const empty = await freshDatabase()
  const store = await openStore(empty.url, { log: silentLog })
  expect((await checkSeries(store, new Date())).map(({ say }) => say)).toEqual([
    'fleet.result_series is not made yet',
    'fleet.job_usage is not made yet',
  ])
  await store.close()
  await empty.drop()
})
