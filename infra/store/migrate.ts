// Brings the database's tables to what this version needs; every service runs it at start.
import pg from 'pg'
import { DataSource, type MigrationInterface } from 'typeorm'
import { QuesnayError } from '../../schema/errors.ts'
import { type Clock, systemClock } from '../clock.ts'
import { migrations as ours } from '../migrations/index.ts'
import { asStoreError, types } from './pool.ts'
import type { Store } from './port.ts'
import { prepareTimeSeries } from './time-series.ts'

/** Key of the advisory lock: the bytes of `quesnay` read as a number, so that no other program chooses it by chance. */
const LOCK_KEY = '31935750957064569'

export interface MigrateOptions {
  readonly clock?: Clock
  /** Default: those of infra/migrations. */
  readonly migrations?: readonly (new () => MigrationInterface)[]
}

/**
 * Runs the migrations that the table quesnay.migrations does not name yet, each in its own transaction, then, where they are ours, the time-series part.
 * Callers that start at once take turns under one advisory lock; the ones after the first find nothing to do.
 * Returns the names of the migrations run. Errors: STORE_UNAVAILABLE, CONFIG_INVALID (no right to create); a migration that fails rejects with its own error, rolled back.
 */
export async function migrate(store: Store, options: MigrateOptions = {}): Promise<string[]> {
  const { clock = systemClock, migrations = ours } = options
  // A connection of its own: the lock lives as long as its session, also where this process dies.
  const keeper = new pg.Client({ connectionString: store.url, application_name: 'quesnay migrate', types })
  keeper.on('error', () => {})
  try {
    await keeper.connect()
    await keeper.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await keeper.query('create schema if not exists quesnay')
    const names = await runPending(store.url, migrations)
    // Those of an older version may end before there are any.
    if (migrations === ours) await prepareTimeSeries(store, new Date(clock.now()))
    return names
  } catch (error) {
    throw mayNotCreate(error) ?? asStoreError(error)
  } finally {
    await keeper.end().catch(() => {})
  }
}

// PostgreSQL documentation, appendix A: 42501 insufficient privilege.
function mayNotCreate(error: unknown): QuesnayError | undefined {
  if ((error as { code?: unknown }).code !== '42501') return undefined
  const problem = (error as Error).message
  const fix = 'let the user of DATABASE_URL create schemas: grant create on database ... to ...'
  const problems = [{ variable: 'DATABASE_URL', problem, fix }]
  return new QuesnayError('CONFIG_INVALID', `the database refuses: ${problem}; ${fix}`, { problems }, { cause: error })
}

async function runPending(url: string, migrations: MigrateOptions['migrations'] & {}): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'quesnay',
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 2,
    poolErrorHandler: () => {},
  })
  await source.initialize()
  try {
    return (await source.runMigrations()).map((migration) => migration.name)
  } finally {
    await source.destroy()
  }
}
