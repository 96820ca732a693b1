// The database that is asked: the one given, the bundled one of a server that runs, or the bundled one started for the while.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import type { Log } from '../../infra/log.ts'
import { runningBundled, startBundled } from '../../infra/store/bundled.ts'
import { holdDataDirectory } from '../../infra/store/data-directory.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Sql } from '../../infra/store/port.ts'
import { checkClock } from './clock.ts'
import { type Finding, findings } from './finding.ts'
import { guarded } from './guarded.ts'
import { checkMigrations } from './migrations.ts'
import { checkSeries } from './series.ts'
import { checkTimescale } from './timescale.ts'

const { ok } = findings('database')

/** Everything that can be asked of the database; changes nothing in it. */
export async function examineDatabase(config: Config, log: Log): Promise<readonly Finding[]> {
  const { databaseUrl, dataDirectory } = config
  const url = databaseUrl ?? runningBundled(dataDirectory)
  if (url) return guarded('database', () => ask(url, databaseUrl ? 'DATABASE_URL' : 'bundled, running', log))
  if (!existsSync(join(dataDirectory, 'postgres.password')))
    return [ok(`none yet in ${dataDirectory}`, 'npm start makes it')]
  return guarded('database', () => askStopped(dataDirectory, log))
}

/** Holds the data directory meanwhile, as a server would. */
async function askStopped(dataDirectory: string, log: Log): Promise<readonly Finding[]> {
  const hold = await holdDataDirectory(dataDirectory)
  try {
    const database = await startBundled(dataDirectory, log)
    try {
      return await ask(database.url, 'bundled, started for this look', log)
    } finally {
      await database.stop()
    }
  } finally {
    hold.release()
  }
}

async function ask(url: string, which: string, log: Log): Promise<readonly Finding[]> {
  const store = await openStore(url, {
    log,
    applicationName: 'quesnay doctor',
    poolSize: 1,
    patienceMs: 2000,
    createsExtension: false,
  })
  try {
    return [
      await checkServerVersion(store, which),
      ...(await guarded('clock', () => checkClock(store, systemClock))),
      ...(await guarded('timescaledb', () => checkTimescale(store))),
      ...(await guarded('migrations', () => checkMigrations(store))),
      ...(await guarded('time series', () => checkSeries(store, new Date(systemClock.now())))),
    ]
  } finally {
    await store.close()
  }
}

/** One that is too old was refused when it was opened. */
export async function checkServerVersion(sql: Sql, which: string): Promise<Finding> {
  const [row] = await sql.query<{ server_version: string }>('show server_version')
  return ok(`PostgreSQL ${row?.server_version} (${which})`)
}
