// One suite over everything that keeps rates: in this process, and in the database.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseRates } from '../../gateway/rates/database.ts'
import { memoryRates } from '../../gateway/rates/memory.ts'
import type { RateStore } from '../../gateway/rates/port.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

interface Kept {
  readonly rates: RateStore
  /** As if so much time had gone by. */
  pass(seconds: number): Promise<void>
}

let test: TestStore
let clock: ManualClock

beforeAll(async () => {
  test = await freshStore()
  clock = manualClock()
})
afterAll(() => test.drop())

const inMemory = (): Kept => {
  const rates = memoryRates(clock)
  return { rates, pass: (seconds) => clock.advance(seconds * 1000) }
}
/** The database's clock cannot be moved: what it wrote down is. */
const inDatabase = (): Kept => {
  const { store } = test
  return {
    rates: databaseRates(store),
    async pass(seconds) {
      await store.query(`update gateway.rate_bucket set at = at - make_interval(secs => $1)`, [seconds])
      await store.query(`update gateway.daily_use set day = day - $1::int`, [Math.floor(seconds / 86_400)])
    },
  }
}

let keys = 0
const rule = { capacity: 10, perSecond: 0.001 }

describe.each([
  ['this process', inMemory],
  ['the database', inDatabase],
])('rates kept in %s', (_, open) => {
  const key = () => `key ${++keys}`

  it('begin with a full bucket, give what is wanted and no more than is there', async () => {
    const { rates } = open()
    const bucket = key()
    expect(await rates.takeFromBucket(bucket, rule, 1, 4)).toMatchObject({ granted: 4, waitSeconds: 0 })
    expect(await rates.takeFromBucket(bucket, rule, 1, 4)).toMatchObject({ granted: 4 })
    expect(await rates.takeFromBucket(bucket, rule, 1, 4)).toMatchObject({ granted: 2 })
    const refused = await rates.takeFromBucket(bucket, rule, 1, 4)
    expect(refused.granted).toBe(0)
    expect(refused.waitSeconds).toBeGreaterThan(990)
    expect(refused.waitSeconds).toBeLessThanOrEqual(1000)
  })

  it('give all that is needed or nothing', async () => {
    const { rates } = open()
    const bucket = key()
    expect(await rates.takeFromBucket(bucket, rule, 7, 7)).toMatchObject({ granted: 7 })
    expect(await rates.takeFromBucket(bucket, rule, 7, 7)).toMatchObject({ granted: 0 })
    expect(await rates.takeFromBucket(bucket, rule, 3, 7)).toMatchObject({ granted: 3 })
    const day = key()
    expect(await rates.takeFromDay(day, 5, 4, 4)).toMatchObject({ granted: 4, left: 1 })
    expect(await rates.takeFromDay(day, 5, 4, 4)).toMatchObject({ granted: 0, left: 1 })
  })

  it('fill a bucket again as time goes by, up to its capacity', async () => {
    const { rates, pass } = open()
    const bucket = key()
    await rates.takeFromBucket(bucket, rule, 10, 10)
    await pass(3_000)
    expect(await rates.takeFromBucket(bucket, rule, 1, 10)).toMatchObject({ granted: 3 })
    await pass(1_000_000)
    expect((await rates.takeFromBucket(bucket, rule, 1, 99)).granted).toBe(10)
  })

  it('count a day to its end, and another from its beginning', async () => {
    const { rates, pass } = open()
    const tenant = key()
    const first = await rates.takeFromDay(tenant, 3, 1, 2)
    expect(first).toMatchObject({ granted: 2, left: 1, day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    expect(first.waitSeconds).toBeGreaterThan(0)
    expect(first.waitSeconds).toBeLessThanOrEqual(86_400)
    expect(await rates.takeFromDay(tenant, 3, 1, 2)).toMatchObject({ granted: 1, left: 0 })
    expect(await rates.takeFromDay(tenant, 3, 1, 2)).toMatchObject({ granted: 0, left: 0 })
    await pass(86_400)
    expect(await rates.takeFromDay(tenant, 3, 1, 2)).toMatchObject({ granted: 2, left: 1 })
  })

  it('let nobody ask whose day has none', async () => {
    const { rates } = open()
    expect(await rates.takeFromDay(key(), 0, 1, 1)).toMatchObject({ granted: 0, left: 0 })
  })

  it('take back what was not used', async () => {
    const { rates } = open()
    const [bucket, tenant] = [key(), key()]
    await rates.takeFromBucket(bucket, rule, 1, 10)
    await rates.giveToBucket(bucket, rule, 4)
    expect(await rates.takeFromBucket(bucket, rule, 1, 10)).toMatchObject({ granted: 4 })
    const { day } = await rates.takeFromDay(tenant, 10, 1, 10)
    await rates.giveToDay(tenant, day, 4)
    expect(await rates.takeFromDay(tenant, 10, 1, 10)).toMatchObject({ granted: 4 })
    await rates.giveToDay(tenant, '2001-01-01', 4)
    expect(await rates.takeFromDay(tenant, 10, 1, 10)).toMatchObject({ granted: 0 })
  })

  it('keep keys apart, and never give more than there is to many who ask at once', async () => {
    const { rates } = open()
    const [one, other] = [key(), key()]
    const asked = Array.from({ length: 40 }, () => rates.takeFromDay(one, 25, 1, 1))
    const granted = (await Promise.all(asked)).reduce((sum, taken) => sum + taken.granted, 0)
    expect(granted).toBe(25)
    expect(await rates.takeFromDay(other, 25, 1, 1)).toMatchObject({ granted: 1, left: 24 })
  })
})

describe('rates in the database', () => {
  it('are swept of what nobody needs any more', async () => {
    const { rates, pass } = inDatabase()
    await rates.takeFromBucket('old', rule, 1, 1)
    await rates.takeFromDay('old', 5, 1, 1)
    await pass(401 * 86_400)
    await rates.takeFromBucket('new', rule, 1, 1)
    await rates.takeFromDay('new', 5, 1, 1)
    await rates.sweep()
    const names = await test.store.query(
      'select key from gateway.rate_bucket union all select tenant from gateway.daily_use',
    )
    expect(names).toEqual([{ key: 'new' }, { key: 'new' }])
  })
})
