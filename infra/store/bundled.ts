// The bundled PostgreSQL: a real server in the data directory, ours alone, with nothing to install.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { reachableBinaries, sharedPlace } from './binaries.ts'
import { CLUSTER_USER, dataOf, initCluster } from './cluster.ts'
import { keepCluster } from './keep-cluster.ts'
import type { Database } from './port.ts'
import { readPostmaster } from './postmaster.ts'
import { type Account, canEnter, postgresAccount } from './unprivileged.ts'

const DATABASE = 'quesnay'

/**
 * Starts the bundled PostgreSQL on the data directory, making both where they are missing (about a second), and returns it with
 * an empty or kept database `quesnay`. The caller holds the data directory (holdDataDirectory): a server that still runs on it was left
 * behind by a dead process and is stopped first. One that falls is started again, at the same port.
 *
 * The files lie in `postgres/` of the data directory. As root, where the unprivileged account cannot enter that, they lie in a place
 * of root's, and `postgres.json` points there. Errors: TOOL_MISSING, STORE_UNAVAILABLE (its log's last lines), DATA_DIRECTORY_HELD.
 */
export async function startBundled(dataDirectory: string, log: Log, clock: Clock = systemClock): Promise<Database> {
  mkdirSync(dataDirectory, { recursive: true })
  const home = realpathSync(dataDirectory)
  const account = await postgresAccount(log)
  const binaries = reachableBinaries(account)
  const directory = placeOf(home, account, clock, log)
  const options = { binaries, account, directory, password: passwordOf(home) }
  const startedAt = clock.now()
  await initCluster(options)
  const { running, stop } = await keepCluster(options, log, clock)
  const url = (database: string) =>
    `postgresql://${CLUSTER_USER}:${options.password}@127.0.0.1:${running.port}/${database}`
  try {
    await createDatabase(url('postgres'))
  } catch (error) {
    await stop()
    throw error
  }
  log.info(
    { port: running.port, pid: running.pid, directory, ms: clock.now() - startedAt },
    'the bundled PostgreSQL runs',
  )
  return { url: url(DATABASE), origin: 'bundled', stop }
}

/** URL of the bundled PostgreSQL that a server runs on a data directory now; undefined where none does. */
export function runningBundled(dataDirectory: string): string | undefined {
  if (!existsSync(join(dataDirectory, 'postgres.password'))) return undefined
  const home = realpathSync(dataDirectory)
  const pointer = join(home, 'postgres.json')
  const recorded = existsSync(pointer)
    ? (JSON.parse(readFileSync(pointer, 'utf8')) as { directory: string })
    : undefined
  const running = readPostmaster(dataOf(recorded?.directory ?? join(home, 'postgres')))
  return running && `postgresql://${CLUSTER_USER}:${passwordOf(home)}@127.0.0.1:${running.port}/${DATABASE}`
}

/** Where the cluster of this data directory lies: as recorded, else within it, else in root's shared place. */
function placeOf(home: string, account: Account | undefined, clock: Clock, log: Log): string {
  const within = join(home, 'postgres')
  const pointer = join(home, 'postgres.json')
  if (existsSync(pointer)) {
    const { directory } = JSON.parse(readFileSync(pointer, 'utf8')) as { directory: string }
    claim(directory, home)
    return directory
  }
  if (!account || existsSync(within) || canEnter(account, home)) return within
  const directory = join(sharedPlace(account), 'clusters', sha256(home).slice(0, 16))
  if (existsSync(directory)) {
    // The data directory was removed and made anew: so it is to be empty, but nothing is destroyed.
    const aside = `${directory}.${clock.now()}`
    renameSync(directory, aside)
    log.warn({ aside }, 'a database of an earlier data directory at this path was set aside')
  }
  mkdirSync(directory, { recursive: true })
  // Whatever the umask is: the account has to get through here.
  chmodSync(dirname(directory), 0o755)
  claim(directory, home)
  writeFileSync(pointer, `${JSON.stringify({ directory })}\n`)
  log.info(
    { directory },
    'the database lies outside of the data directory, which the account of PostgreSQL cannot enter',
  )
  return directory
}

/** Writes down whose the cluster is. A copied data directory points to the cluster of the first one: two servers must not share it. */
function claim(directory: string, home: string): void {
  const file = `${directory}.owner`
  const owner = existsSync(file) ? readFileSync(file, 'utf8').trim() : home
  if (owner !== home && existsSync(join(owner, 'postgres.json'))) {
    throw new QuesnayError(
      'DATA_DIRECTORY_HELD',
      `the database of ${home} belongs to ${owner}, of which this directory is a copy`,
      {
        path: join(home, 'postgres.json'),
        suggestion: 'remove this copy, or choose another directory with QUESNAY_DATA',
      },
    )
  }
  writeFileSync(file, `${home}\n`)
}

/** The password of the cluster's one user: made once, readable by us alone. */
function passwordOf(home: string): string {
  const file = join(home, 'postgres.password')
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
