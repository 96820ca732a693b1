// A worker as a process of its own, for tests that end it.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { writeWorkerSettings } from '../../compute/worker/settings.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'

export interface WorkerProcess {
  readonly id: string
  readonly pid: number
  /** Of its status pages. */
  readonly url: string
  /** The exit code, null after a signal. */
  readonly ended: Promise<number | null>
  kill(signal: NodeJS.Signals): Promise<number | null>
}

export interface WorkerProcessOptions {
  /** Default 1. */
  readonly threads?: number
  /** The program that runs it; default: the Node.js of the tests. */
  readonly node?: string
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts `node dist/compute/worker/main.js` and waits until it is ready; `npm run build` first. */
export async function startWorkerProcess(
  databaseUrl: string,
  natsUrl: string,
  settings: Partial<WorkerSettings> = {},
  { threads = 1, node = process.execPath, environment = {} }: WorkerProcessOptions = {},
): Promise<WorkerProcess> {
  const main = builtFile('compute', 'worker', 'main.js')
  if (!existsSync(main)) throw new Error('dist/ is missing: npm run build')
  const env = inheritedEnvironment({
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    QUESNAY_THREADS: String(threads),
    QUESNAY_METRICS_PORT: '0',
    QUESNAY_LOG: 'info',
    ...environment,
  })
  const args = writeWorkerSettings(settings)
  const child = spawn(node, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // It does not outlive the tests, however they end.
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  ended.then(() => process.off('exit', killWithUs))
  const { id, url } = await readiness(child)
  return {
    id,
    url,
    pid: child.pid!,
    ended,
    async kill(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Its log line that says it is ready; rejects with all it said where it ends before. */
function readiness(child: ChildProcess): Promise<{ id: string; url: string }> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    child.once('exit', () => reject(new Error(`the worker ended: ${said.join('\n')}`)))
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line)
      if (!line.includes('"a worker is ready"')) return
      const { id, url } = JSON.parse(line) as { id: string; url: string }
      resolve({ id, url })
    })
  })
}
