// Keeps processes of ours running: starts them, waits until each is ready, restarts one that falls, stops them all.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readyUrlOf } from '../infra/announce.ts'
import type { Clock } from '../infra/clock.ts'
import { inheritedEnvironment } from '../infra/config.ts'
import type { Log } from '../infra/log.ts'
import { QuesnayError } from '../schema/errors.ts'

export interface ProcessSpec {
  readonly name: string
  /** Compiled module to run. */
  readonly module: string
  readonly environment: Readonly<Record<string, string>>
  /** The variable that tells it its port, and that port; 0: any free one, which it then keeps when it is started again. */
  readonly port: { readonly variable: string; readonly number: number }
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
  /** 0 until it has said which one it took. */
  port: number
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

  /**
   * Starts a process; resolves when it is ready, to the URL at which it then listens. It says so itself over the channel that only we
   * share with it: that something answers on a port would not prove that it is ours.
   * @throws SUBGRAPH_UNAVAILABLE where it does not come up in a minute
   */
  async start(spec: ProcessSpec): Promise<string> {
    const { number } = spec.port
    const running: Running = { spec, child: launch(spec, number), port: number, falls: [] }
    this.#running.push(running)
    const ready = this.#ready(running)
    this.#watch(running)
    const url = await ready
    running.port = Number(new URL(url).port) || number
    this.#options.say(`${spec.name.padEnd(22)} pid ${running.child.pid}  ${new URL(url).origin}`)
    return url
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
        running.child = launch(running.spec, running.port)
        this.#watch(running)
      })
    })
  }

  async #ready({ spec, child }: Running): Promise<string> {
    const patience = new AbortController()
    const late = this.#options.clock.sleep(READY_WITHIN_MS, patience.signal).catch(() => {})
    const url = await Promise.race([readyUrl(child), late])
    patience.abort()
    if (url) return url
    throw new QuesnayError('SUBGRAPH_UNAVAILABLE', `${spec.name} did not become ready`, {
      suggestion: 'its log is above; QUESNAY_LOG=debug says more',
    })
  }
}

/** Where it says that it listens; undefined where it ends before. */
function readyUrl(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      const url = readyUrlOf(message)
      if (url) resolve(url)
    })
    child.once('exit', () => resolve(undefined))
    child.once('error', () => resolve(undefined))
  })
}

function launch(spec: ProcessSpec, port: number): ChildProcess {
  // Their logs go where ours go. A terminal's Ctrl-C reaches only us, so that we stop them in order; the channel tells
  // them when we are gone without having done so.
  return spawn(process.execPath, [spec.module], {
    env: inheritedEnvironment({ ...spec.environment, [spec.port.variable]: String(port) }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  })
}
