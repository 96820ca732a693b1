// The check of the migrations, over a real database.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { migrations } from '../../infra/migrations/index.ts'
import { openStore } from '../../infra/store/open.ts'
import { freshDatabase, freshStore, type TestStore } from '../../test/support/database.ts'
import { checkMigrations } from './migrations.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())
const names = migrations.map(({ name }) => name)

it('finds all applied after a start', async () => {
  expect(await checkMigrations(database.store)).toMatchObject({ level: 'ok', say: /none pending/ })
})

it('names those that are pending', async () => {
  expect(await checkMigrations(database.store, [...names, 'Later1'])).toMatchObject({
    level: 'warn',
    say: /1 pending: Later1/,
  })
})

it('names those that a newer version made', async () => {
  expect(await checkMigrations(database.store, names.slice(0, -1))).toMatchObject({
    level: 'warn',
    fix: /newer version/,
  })
})

it('finds all pending in an empty database', async () => {
  const empty = await freshDatabase()
  const store = await openStore(empty.url, { log: silentLog })
  expect(await checkMigrations(store)).toMatchObject({ level: 'warn', say: /^0 applied/ })
  await store.close()
  await empty.drop()
})
