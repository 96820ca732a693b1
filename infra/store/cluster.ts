// One PostgreSQL cluster of ours: made by initdb, started and stopped by pg_ctl, healed where a dead server left it behind.
import { execFile, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { QuesnayError } from '../../schema/errors.ts'
import type { Binaries } from './binaries.ts'
import { clearLeftovers, clusterName, type Postmaster, readPostmaster } from './postmaster.ts'
import type { Account } from './unprivileged.ts'

const exec = promisify(execFile)

export interface ClusterOptions {
  readonly binaries: Binaries
  /** Whom it runs as; undefined: as we do. */
  readonly account: Account | undefined
  /** The directory of its own that it lies in; holds pg/ and postgres.log. The account can enter it. */
  readonly directory: string
  /** Password of its one user, `quesnay`. */
  readonly password: string
  /** Default: any free one. */
  readonly port?: number
  /** Added to ours, or in place of them. */
  readonly settings?: Readonly<Record<string, string>>
}

export const CLUSTER_USER = 'quesnay'

/** What differs from PostgreSQL's own defaults. Durability is left on: synchronous_commit, fsync and full_page_writes. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // A socket's path is limited to 107 bytes, which a deep directory exceeds.
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '120',
  max_wal_size: '1GB',
  wal_compression: 'on',
  // Our statements are short; compiling them costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // What the server says of itself; what it says of a statement goes to the client that sent it.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  logging_collector: 'off',
}

/** A fast shutdown writes a checkpoint; what takes longer is cut short, in s. */
const STOP_TIMEOUT_S = 20
/** After a crash the log is replayed first, in s. */
const START_TIMEOUT_S = 120
const PORT_ATTEMPTS = 5

/** The cluster's files proper, within the directory that also holds its log. */
export const dataOf = (directory: string) => join(directory, 'pg')

/** Makes the cluster's files where they are missing. A first start that was cut short is begun again. Errors: STORE_UNAVAILABLE. */
export async function initCluster(options: ClusterOptions): Promise<void> {
  const { directory, account, binaries } = options
  const data = dataOf(directory)
  // Written last; without it what is there was never a whole cluster.
  if (existsSync(join(directory, 'initialised'))) return
  rmSync(data, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  if (account) chownSync(directory, account.uid, account.gid)
  const passwordFile = join(directory, 'password.tmp')
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 })
  if (account) chownSync(passwordFile, account.uid, account.gid)
  // Bytewise order whatever the system's locale: the same rows in the same order everywhere.
  const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  try {
    const user = ['-U', CLUSTER_USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
    await program(options, 'initdb', ['-D', data, ...user, '-E', 'UTF8', '--locale=C', ...locale])
  } catch (cause) {
    const say = (cause as Error).message
    throw new QuesnayError(
      'STORE_UNAVAILABLE',
      `PostgreSQL cannot make its files in ${directory}: ${say}`,
      {},
      { cause },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(join(directory, 'initialised'), '')
}

/** Starts the cluster on a free port of 127.0.0.1, after stopping a server that a killed process left on it. Errors: STORE_UNAVAILABLE. */
export async function startCluster(options: ClusterOptions): Promise<Postmaster> {
  const { directory } = options
  const data = dataOf(directory)
  const log = join(directory, 'postgres.log')
  await stopCluster(options)
  // Also where no postmaster lives: its processes may outlive it by a moment.
  await clearLeftovers(data)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const settings = Object.entries({ ...SETTINGS, cluster_name: clusterName(data), ...options.settings })
    const flags = `-p ${port} ${settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')}`
    const args = ['start', '-w', '-s', '-t', String(START_TIMEOUT_S), '-D', data, '-l', log]
    if (existsSync(log)) renameSync(log, `${log}.1`)
    try {
      await program(options, 'pg_ctl', [...args, '-o', flags])
      const running = readPostmaster(data)
      if (running) return running
      throw new Error('it ended again at once')
    } catch (cause) {
      const text = readIfThere(log) ?? ''
      // Somebody took the port between our look and its start.
      if (attempt < PORT_ATTEMPTS && !options.port && /could not bind/.test(text)) continue
      const say = text.trim().split('\n').slice(-3).join(' | ') || (cause as Error).message
      throw new QuesnayError(
        'STORE_UNAVAILABLE',
        `PostgreSQL does not start in ${directory}: ${say}`,
        { log },
        { cause },
      )
    }
  }
}

/** Fast shutdown, and waits until it is down. Does nothing where it is down already. */
export async function stopCluster(options: ClusterOptions): Promise<void> {
  const data = dataOf(options.directory)
  const args = ['stop', '-w', '-s', '-t', String(STOP_TIMEOUT_S), '-D', data, '-m']
  if (!readPostmaster(data)) return
  try {
    await program(options, 'pg_ctl', [...args, 'fast'])
  } catch (error) {
    if (!readPostmaster(data)) return
    // Recovers from its log at the next start; better than a server that never ends.
    await program(options, 'pg_ctl', [...args, 'immediate']).catch(() => {
      throw error
    })
  }
  // pg_ctl waits for the removal of postmaster.pid, which is a moment before the end.
  await clearLeftovers(data)
}

/**
 * Stops the server when this process ends without having done so, also by kill -9: a shell waits for the end of a pipe that we hold.
 * Returns what calls it off. Not on Windows, where the next start stops it.
 */
export function stopWithUs(running: Postmaster, account: Account | undefined): () => void {
  if (process.platform === 'win32') return () => {}
  const watch = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${running.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: {},
    ...account,
  })
  watch.on('error', () => {})
  watch.stdin?.on('error', () => {})
  watch.unref()
  ;(watch.stdin as unknown as { unref(): void } | null)?.unref()
  return () => watch.kill('SIGKILL')
}

/** Runs one of PostgreSQL's programs as the account, from a directory that it can enter. */
async function program({ binaries, account }: ClusterOptions, name: string, args: readonly string[]): Promise<void> {
  const unix = process.platform !== 'win32'
  await exec(join(binaries.bin, name), args, {
    ...account,
    ...(unix ? { cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' } } : {}),
  }).catch((error: Error & { stderr?: string }) => {
    throw new Error(error.stderr?.trim() || error.message, { cause: error })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
