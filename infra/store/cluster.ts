// One PostgreSQL cluster of ours: made by initdb, started and stopped by pg_ctl, healed where a dead server left it behind.
import { execFile, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { QuesnayError } from '../../schema/errors.ts'
import { isAlive } from '../process.ts'
import type { Binaries } from './binaries.ts'
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

export interface RunningCluster {
  readonly pid: number
  readonly port: number
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
  log_min_messages: 'warning',
  logging_collector: 'off',
}

/** A connection that was not closed within this time is cut, in s. */
const STOP_TIMEOUT_S = 20
const START_TIMEOUT_S = 60
const PORT_ATTEMPTS = 5

/** Makes the cluster's files where they are missing. A first start that was cut short is begun again. */
export async function initCluster(options: ClusterOptions): Promise<void> {
  const { directory, account, binaries } = options
  const data = join(directory, 'pg')
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
    const args = ['-D', data, '-U', CLUSTER_USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C']
    await program(options, 'initdb', [...args, ...locale])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(join(directory, 'initialised'), '')
}

/** Starts the cluster on a free port of 127.0.0.1, after stopping a server that a killed process left on it. */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { directory } = options
  const log = join(directory, 'postgres.log')
  await stopOrphan(options)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const settings = Object.entries({ ...SETTINGS, ...options.settings }).map(([name, value]) => `-c ${name}=${value}`)
    const flags = `-p ${port} ${settings.join(' ')}`
    const args = ['start', '-w', '-s', '-t', String(START_TIMEOUT_S), '-D', join(directory, 'pg'), '-l', log]
    if (existsSync(log)) renameSync(log, `${log}.1`)
    try {
      await program(options, 'pg_ctl', [...args, '-o', flags])
      const running = readPostmaster(directory)
      if (running) return running
      throw new Error('it ended again at once')
    } catch (cause) {
      const text = readIfThere(log) ?? ''
      // Somebody took the port between our look and its start.
      if (attempt < PORT_ATTEMPTS && !options.port && /could not bind/.test(text)) continue
      const say = text.trim().split('\n').slice(-3).join(' | ') || (cause as Error).message
      throw new QuesnayError('STORE_UNAVAILABLE', `PostgreSQL does not start in ${directory}: ${say}`, { log }, { cause })
    }
  }
}

/** Fast shutdown, and waits until it is down. Does nothing where it is down already. */
export async function stopCluster(options: ClusterOptions): Promise<void> {
  const stop = (mode: string) =>
    program(options, 'pg_ctl', ['stop', '-w', '-s', '-t', String(STOP_TIMEOUT_S), '-m', mode, '-D', join(options.directory, 'pg')])
  if (!readPostmaster(options.directory)) return
  try {
    await stop('fast')
  } catch (error) {
    if (!readPostmaster(options.directory)) return
    // Recovers from its log at the next start; better than a server that never ends.
    await stop('immediate').catch(() => {
      throw error
    })
  }
}

/**
 * The server that runs on the cluster: from postmaster.pid, and verified to be one that works in this very directory,
 * for the number may belong to another process by now. undefined where none runs.
 */
export function readPostmaster(directory: string): RunningCluster | undefined {
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
  const [pidText, , , portText] = readIfThere(join(directory, 'pg', 'postmaster.pid'))?.split('\n') ?? []
  const pid = Number(pidText)
  if (!isAlive(pid) || !worksIn(pid, join(directory, 'pg'))) return undefined
  return { pid, port: Number(portText) }
}

/** PostgreSQL's servers have their data directory as working directory. Where /proc is missing, a live process is taken for it. */
function worksIn(pid: number, data: string): boolean {
  if (!existsSync('/proc/self/cwd')) return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    return false
  }
}

async function stopOrphan(options: ClusterOptions): Promise<void> {
  if (readPostmaster(options.directory)) await stopCluster(options)
  const file = join(options.directory, 'pg', 'postmaster.pid')
  // PostgreSQL itself removes the file of a dead process, but not where its number belongs to a foreign one by now.
  if (isAlive(Number(readIfThere(file)?.split('\n')[0]))) rmSync(file, { force: true })
}

/**
 * Stops the server when this process ends without having done so, also by kill -9: a shell waits for the end of a pipe that we hold.
 * Returns what calls it off. Not on Windows, where the next start stops it.
 */
export function stopWithUs(running: RunningCluster, account: Account | undefined): () => void {
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
