// Keeps as many local workers running as the backlog wants: starts them, drains them, and bears with those that fall.
import type { Clock } from '../../infra/clock.ts'
import type { Log } from '../../infra/log.ts'
import { initialScale, nextScale, type ScaleLoad, type ScaleRule } from './rule.ts'

/** A worker process of ours. */
export interface LocalWorker {
  readonly pid: number
  /** How it ended; see ChildProcess. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** Asks it to finish what it has in hand and end. */
  drain(): void
}

export interface AutoscalerOptions {
  readonly rule: ScaleRule
  readonly clock: Clock
  readonly log: Log
  readonly launch: () => LocalWorker
  readonly load: () => Promise<ScaleLoad>
  /** Process numbers of workers that have nothing in hand: these go first. */
  readonly idle: () => Promise<ReadonlySet<number>>
  /** Time between two looks. */
  readonly lookMs: number
  /** Hears what is wanted and what runs, and the load that it was reckoned from. */
  readonly said?: (wanted: number, running: number, load: ScaleLoad) => void
}

/** A worker that ends by itself before this has fallen at its start. */
const SOUND_AFTER_MS = 10_000
const FIRST_BACK_OFF_MS = 500
const LAST_BACK_OFF_MS = 60_000

interface Running {
  readonly worker: LocalWorker
  readonly startedAt: number
  draining: boolean
}

export class Autoscaler {
  readonly #options: AutoscalerOptions
  readonly #running = new Set<Running>()
  readonly #stopping = new AbortController()
  #state
  #falls = 0
  #startsAgainAt = 0

  constructor(options: AutoscalerOptions) {
    this.#options = options
    this.#state = initialScale(options.rule)
  }

  get wanted(): number {
    return this.#state.wanted
  }

  /** Those that are on their way out are not among them. */
  get running(): number {
    return [...this.#running].filter(({ draining }) => !draining).length
  }

  /** Looks and acts until it is stopped, then drains all workers and resolves when the last has ended. */
  async run(): Promise<void> {
    const { clock, lookMs, log } = this.#options
    while (!this.#stopping.signal.aborted) {
      // A store or bus that is away leaves the workers as they are: they wait for it too.
      await this.look().catch((err) => log.warn({ err }, 'the backlog is not known at the moment'))
      await clock.sleep(lookMs, this.#stopping.signal).catch(() => {})
    }
    for (const one of this.#running) this.#drain(one)
    await Promise.all([...this.#running].map(({ worker }) => worker.ended))
  }

  stop(): void {
    this.#stopping.abort()
  }

  /** One look at the load, and what follows from it. Rejects as `load`. */
  async look(): Promise<void> {
    const { rule, clock, load, said } = this.#options
    const found = await load()
    if (this.#stopping.signal.aborted) return
    this.#state = nextScale(rule, found, this.#state, clock.now())
    const { wanted } = this.#state
    if (clock.now() >= this.#startsAgainAt) while (this.running < wanted) this.#start()
    if (this.running > wanted) await this.#shrink(wanted)
    said?.(wanted, this.running, found)
  }

  #start(): void {
    const { launch, clock, log } = this.#options
    const worker = launch()
    const running: Running = { worker, startedAt: clock.now(), draining: false }
    this.#running.add(running)
    log.info({ pid: worker.pid, wanted: this.wanted }, 'a worker is started')
    void worker.ended.then(({ code, signal }) => {
      this.#running.delete(running)
      if (!running.draining && !this.#stopping.signal.aborted) this.#fallen(running, code, signal)
    })
  }

  /** One that had worked for a while is replaced at the next look; one that falls at its start again and again, ever later. */
  #fallen({ worker, startedAt }: Running, code: number | null, signal: string | null): void {
    const { clock, log } = this.#options
    const now = clock.now()
    const sound = now - startedAt >= SOUND_AFTER_MS
    this.#falls = sound ? 0 : this.#falls + 1
    const backOffMs = sound ? 0 : Math.min(LAST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(this.#falls - 1, 10))
    this.#startsAgainAt = Math.max(this.#startsAgainAt, now + backOffMs)
    // An end that somebody asked for, by `quesnay worker drain`, is no fault.
    if (code === 0) log.info({ pid: worker.pid }, 'a worker has ended')
    else log.error({ pid: worker.pid, code, signal, backOffMs }, 'a worker ended by itself')
  }

  /** Those with nothing in hand first, then the youngest, which has the least in its caches. */
  async #shrink(wanted: number): Promise<void> {
    const idle = await this.#options.idle().catch(() => new Set<number>())
    const rank = ({ worker }: Running) => (idle.has(worker.pid) ? 0 : 1)
    const going = [...this.#running]
      .filter(({ draining }) => !draining)
      .reverse()
      .sort((a, b) => rank(a) - rank(b))
    for (const one of going.slice(0, Math.max(0, going.length - wanted))) this.#drain(one)
  }

  #drain(one: Running): void {
    if (one.draining) return
    one.draining = true
    this.#options.log.info({ pid: one.worker.pid }, 'a worker is drained')
    one.worker.drain()
  }
}
