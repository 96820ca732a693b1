// What is said of each level of TimescaleDB, and of each way in which one is not reached.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { checkTimescale, judge } from './timescale.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())

const TSL = {
  major: 17,
  offered: '2.20.0',
  installed: '2.20.0',
  preloaded: true,
  mayCreate: true,
  license: 'timescale',
  partitioned: [],
  byMarks: [],
}

describe('checkTimescale', () => {
  it('reads the level of a server without it, says what to install, and creates nothing', async () => {
    const found = await checkTimescale(database.store)
    expect(found).toMatchObject({
      level: 'ok',
      say: /level none/,
      fix: /timescaledb-2-postgresql-\d+ .*shared_preload_libraries/,
    })
    expect(await database.store.query(`select from pg_extension where extname = 'timescaledb'`)).toEqual([])
  })

  it('is content with tsl, and tells of apache what the licence would add', () => {
    expect(judge(TSL)).toMatchObject({ level: 'ok', say: /level tsl: TimescaleDB 2\.20\.0/ })
    expect(judge({ ...TSL, license: 'apache', byMarks: ['fleet.job_usage'] })).toMatchObject({
      level: 'ok',
      say: /level apache/,
      fix: /timescaledb\.license = 'timescale'/,
    })
  })

  it.each([
    [
      'installed but not preloaded',
      { preloaded: false, installed: null, license: null },
      /level none.*not loaded/,
      /restart PostgreSQL/,
    ],
    ['loaded but not created', { installed: null }, /not created in this database/, /start Quesnay/],
    ['not to be created by this user', { installed: null, mayCreate: false }, /may not create/, /superuser/],
    ['younger than the tables', { partitioned: ['fleet.result_series'] }, /stay monthly partitions/, /empty database/],
    ['of another licence than at the start', { byMarks: ['fleet.job_usage'] }, /rolled up by marks/, /empty database/],
    ['newer on the disk', { offered: '2.21.0' }, /2\.21\.0 is on the disk/, /alter extension/],
  ])('warns of one that is %s', (_, facts, say, fix) => {
    expect(judge({ ...TSL, ...facts })).toMatchObject({ level: 'warn', say, fix })
  })
})
