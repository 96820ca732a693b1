// The check of the two clocks, against a real database and clocks that are wrong.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { checkClock } from './clock.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())

const off = (ms: number) => checkClock(database.store, { now: () => systemClock.now() + ms })

it('finds one machine to keep one time', async () => {
  expect(await off(0)).toMatchObject({ level: 'ok' })
})

it.each([
  [4000, 'warn', /4 s behind/],
  [-4000, 'warn', /4 s ahead/],
  [600_000, 'fail', /10 min behind/],
] as const)('says of a clock that is wrong by %d ms: %s', async (ms, level, say) => {
  expect(await off(ms)).toMatchObject({ level, say, fix: expect.stringMatching(/NTP/) })
})
