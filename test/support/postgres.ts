// PostgreSQL servers for tests, in temporary directories that are removed again.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../infra/log.ts'
import { commandLines } from '../../infra/process.ts'
import { type Binaries, findSystemPostgres, reachableBinaries } from '../../infra/store/binaries.ts'
import { CLUSTER_USER, dataOf, initCluster, startCluster, stopCluster, stopWithUs } from '../../infra/store/cluster.ts'
import { clusterName, readPostmaster } from '../../infra/store/postmaster.ts'
import { postgresAccount } from '../../infra/store/unprivileged.ts'

export interface TestServer {
  /** Administrator's URL: may make and drop databases. */
  readonly url: string
  /** Of its postmaster, as long as this start lives; 0 of a server that is not ours. */
  readonly pid: number
  /** Fast shutdown; the URL stays the server's. */
  stop(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** kill -9 of all its processes, as a crash of the machine would. */
  kill(): Promise<void>
  /** Stops it and removes its files. */
  remove(): Promise<void>
}

/** A new directory that every account can enter. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-test-'))
  chmodSync(directory, 0o755)
  return directory
}

/** A server of the bundled PostgreSQL. */
export async function startBundledServer(): Promise<TestServer> {
  return startServer(reachableBinaries(await postgresAccount(silentLog)))
}

/** A server of the system's own PostgreSQL >= 15; undefined where there is none. */
export async function startSystemServer(): Promise<TestServer | undefined> {
  const binaries = findSystemPostgres(process.env['PATH'] ?? '')
  return binaries && startServer(binaries)
}

async function startServer(binaries: Binaries): Promise<TestServer> {
  const directory = temporaryDirectory()
  const account = await postgresAccount(silentLog)
  const options = { binaries, account, directory: join(directory, 'postgres'), password: 'test' }
  await initCluster(options)
  let running = await startCluster(options)
  let callOff = stopWithUs(running, account)
  const { port } = running
  const stop = async () => {
    callOff()
    await stopCluster(options)
  }
  return {
    url: `postgresql://${CLUSTER_USER}:test@127.0.0.1:${port}/postgres`,
    get pid() {
      return running.pid
    },
    stop,
    async start() {
      running = await startCluster({ ...options, port })
      callOff = stopWithUs(running, account)
    },
    async kill() {
      callOff()
      process.kill(running.pid, 'SIGKILL')
      // The process of a session may finish its statement, and commit, before it looks for its postmaster.
      const title = `postgres: ${clusterName(dataOf(options.directory))}: `
      for (const [pid, line] of commandLines() ?? []) if (line.startsWith(title)) killIfThere(pid)
      while (readPostmaster(dataOf(options.directory))) await new Promise((resolve) => setImmediate(resolve))
    },
    async remove() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
