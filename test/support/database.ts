// A database of its own for each test that wants one.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { silentLog } from '../../infra/log.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore, type StoreOptions } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import type {} from './global-setup.ts'

export interface TestDatabase {
  readonly url: string
  /** Also where connections are still open. */
  drop(): Promise<void>
}

/** A new empty database on the server given; within tests by default on the bundled PostgreSQL of this run. */
export async function freshDatabase(server?: string): Promise<TestDatabase> {
  const adminUrl = server ?? (await serverOfThisRun())
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(adminUrl, `create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(adminUrl, `drop database if exists ${name} with (force)`) }
}

/** Imported late: benchmarks and chaos use this file too, outside of the test runner. */
async function serverOfThisRun(): Promise<string> {
  return (await import('vitest')).inject('postgresUrl')
}

export interface TestStore extends TestDatabase {
  readonly store: Store
}

/** A store over a fresh database with every table made; `drop` closes it too. */
export async function freshStore(options: Partial<StoreOptions> & { adminUrl?: string } = {}): Promise<TestStore> {
  const { adminUrl, ...rest } = options
  const database = await freshDatabase(adminUrl)
  const store = await openStore(database.url, { log: silentLog, ...rest })
  await migrate(store)
  const drop = async () => {
    await store.close()
    await database.drop()
  }
  return { store, url: database.url, drop }
}

/** Runs one statement as the administrator. */
export async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
