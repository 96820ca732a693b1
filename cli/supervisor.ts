// Keeps processes of ours running: starts them, waits until each is ready, restarts one that falls, stops them all.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Clock } from '../infra/clock.ts'
import { inheritedEnvironment } from '../infra/config.ts'
import type { Log } from '../infra/log.ts'
import { QuesnayError } from '../schema/errors.ts'

export interface ProcessSpec {
  readonly name: string
  /** Compiled module to run. */
  readonly module: string
  readonly environment: Readonly<Record<string, string>>
  /** Answers 200 once the process can work. */
  readonly readyUrl: string
}

export interface SupervisorOptions {
  readonly clock: Clock
  readonly log: Log
  /** Hears of each process that is ready. */
  readonly say: (line: string) => void
}

const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 28_000
/** A process that falls this often within a minute is not started again. */
const MOST_FALLS = 5
const MINUTE_MS = 60_000

interface Running {
  readonly spec: ProcessSpec
  child: ChildProcess
  readonly falls: number[]
}

export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #running: Running[] = []
  #stopping = false
  #gaveUp!: (error: QuesnayError) => void
  /** Rejects when a process falls again and again. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#gaveUp = reject
  })

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.failed.catch(() => {})
  }

  /** Starts a process and resolves when it is ready. @throws SUBGRAPH_UNAVAILABLE where it does not come up in a minute */
  async start(spec: ProcessSpec): Promise<void> {
    const running: Running = { spec, child: launch(spec), falls: [] }
    this.#running.push(running)
    this.#watch(running)
    await this.#ready(running)
    this.#options.say(`${spec.name.padEnd(22)} pid ${running.child.pid}  ${new URL(spec.readyUrl).origin}`)
  }

  /** Asks the last started to end, then all others at once; ends those that do not within 28 s. */
  async stop(): Promise<void> {
    this.#stopping = true
    const [last, ...others] = [...this.#running].reverse()
    if (last) await this.#end(last)
    await Promise.all(others.map((running) => this.#end(running)))
  }

  async #end({ child }: Running): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const patience = new AbortController()
    const late = this.#options.clock.sleep(STOP_WITHIN_MS, patience.signal).then(
      () => child.kill('SIGKILL'),
      () => false,
    )
    await Promise.race([ended, late])
    patience.abort()
    await ended
  }

  #watch(running: Running): void {
    running.child.once('exit', (code, signal) => {
      if (this.#stopping) return
      const { clock, log } = this.#options
      const now = clock.now()
      running.falls.push(now)
      log.error({ process: running.spec.name, code, signal }, 'a process ended by itself')
      const recent = running.falls.filter((fall) => fall > now - MINUTE_MS).length
      if (recent > MOST_FALLS)
        return this.#gaveUp(new QuesnayError('INTERNAL', `${running.spec.name} ended ${recent} times within a minute`))
      void clock.sleep(200 * recent).then(() => {
        if (this.#stopping) return
        running.child = launch(running.spec)
        this.#watch(running)
      })
    })
  }

  async #ready({ spec, child }: Running): Promise<void> {
    const { clock } = this.#options
    for (const until = clock.now() + READY_WITHIN_MS; clock.now() < until; await clock.sleep(50)) {
      if (child.exitCode !== null) break
      if (await answers(spec.readyUrl)) return
    }
    throw new QuesnayError('SUBGRAPH_UNAVAILABLE', `${spec.name} did not become ready`, {
      suggestion: 'its log is above; QUESNAY_LOG=debug says more',
    })
  }
}

function launch(spec: ProcessSpec): ChildProcess {
  // Their logs go where ours go. A terminal's Ctrl-C reaches only us, so that we stop them in order; the channel tells
  // them when we are gone without having done so.
  return spawn(process.execPath, [spec.module], {
    env: inheritedEnvironment(spec.environment),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  })
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** A port that was free a moment ago. */
export async function freePort(host: string): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
