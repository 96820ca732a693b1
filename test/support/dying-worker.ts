// Starts a worker that is killed between storing a shard and acknowledging it, as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { builtFile } from '../../infra/paths.ts'

export interface DyingWorker {
  readonly id: string
  /** Its exit code; null once it has been killed. */
  readonly ended: Promise<number | null>
}

/** It acknowledges so many deliveries and is killed at the next. `npm run build:code` first. */
export async function startDyingWorker(
  databaseUrl: string,
  natsUrl: string,
  settings: Partial<WorkerSettings>,
  acknowledgements: number,
): Promise<DyingWorker> {
  const main = builtFile('test', 'support', 'dying-worker-main.js')
  const given = JSON.stringify({ databaseUrl, natsUrl, settings, acknowledgements })
  const child = spawn(process.execPath, [main, given], { stdio: ['ignore', 'pipe', 'inherit'] })
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      process.off('exit', killWithUs)
      resolve(code)
    })
  })
  const [id] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { id, ended }
}
