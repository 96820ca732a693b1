// The database for commands of operators: DATABASE_URL, else the bundled one, whether a server runs on it or not.
import { type Config, loadConfig } from '../infra/config.ts'
import { createLog } from '../infra/log.ts'
import { runningBundled, startBundled } from '../infra/store/bundled.ts'
import { holdDataDirectory } from '../infra/store/data-directory.ts'
import { migrate } from '../infra/store/migrate.ts'
import { openStore } from '../infra/store/open.ts'
import type { Store } from '../infra/store/port.ts'

/** Does the work on a migrated store and leaves it as it was found. Errors: STORE_UNAVAILABLE, DATA_DIRECTORY_HELD by a server that starts. */
export async function withStore<T>(
  work: (store: Store, config: Config) => Promise<T>,
  config: Config = loadConfig(),
): Promise<T> {
  const log = createLog(config.logLevel.interactive)
  const url = config.databaseUrl ?? runningBundled(config.dataDirectory)
  if (url !== undefined) return over(url)
  const hold = await holdDataDirectory(config.dataDirectory)
  try {
    const database = await startBundled(config.dataDirectory, log)
    try {
      return await over(database.url)
    } finally {
      await database.stop()
    }
  } finally {
    hold.release()
  }

  async function over(databaseUrl: string): Promise<T> {
    const store = await openStore(databaseUrl, { log, applicationName: 'quesnay command', poolSize: 2 })
    try {
      await migrate(store)
      return await work(store, config)
    } finally {
      await store.close()
    }
  }
}
