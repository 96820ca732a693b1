// Writes rows of the audit behind the answers: a bounded queue, one batch at a time, kept while the database is away.
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { type Recorded, writeBatch } from './write-batch.ts'

export interface AuditWriterOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'auditRows' | 'auditWaiting'>
  /** Rows that wait at most. */
  readonly queue: number
}

/** How long a row waits for others, and how many are written at once. */
const FLUSH_MS = 200
const BATCH = 100
const RETRY_MS = 1_000

export class AuditWriter {
  readonly #options: AuditWriterOptions
  readonly #queue: Recorded[] = []
  readonly #closing = new AbortController()
  #wait: AbortController | undefined
  #writing: Promise<void> | undefined
  #down = false
  #lost = 0

  constructor(options: AuditWriterOptions) {
    this.#options = options
  }

  /** Whether rows are written as they come: not while the database is away, and not while the queue is full. */
  get well(): boolean {
    return !this.#down && this.#queue.length < this.#options.queue
  }

  /** Queues a row. Where the queue is full it is lost: that is counted and logged. */
  add(recorded: Recorded): void {
    const { queue, metrics, log } = this.#options
    if (this.#queue.length >= queue) {
      metrics.auditRows.inc({ outcome: 'lost' })
      // The first, and then every thousandth: the log must not fill what is left.
      if (this.#lost++ % 1_000 === 0) log.error({ lost: this.#lost, queue }, 'the audit loses rows: its queue is full')
      return
    }
    this.#queue.push(recorded)
    metrics.auditWaiting.set(this.#queue.length)
    if (this.#queue.length >= BATCH) this.#wait?.abort()
    this.#start()
  }

  /** Writes what waits now. */
  async flush(): Promise<void> {
    this.#wait?.abort()
    await this.#writing
  }

  /** Writes what waits, as far as the database answers. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.flush()
    const { log } = this.#options
    if (this.#queue.length > 0)
      log.error({ lost: this.#queue.length }, 'the audit ends with rows that the database did not take')
  }

  #start(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
      // A row may have come after the last look at the queue.
      if (this.#queue.length > 0 && !this.#closing.signal.aborted) this.#start()
    })
  }

  async #write(): Promise<void> {
    if (!this.#closing.signal.aborted && this.#queue.length < BATCH) await this.#pause(FLUSH_MS)
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH)
      if (await this.#take(batch)) {
        this.#queue.splice(0, batch.length)
        this.#options.metrics.auditWaiting.set(this.#queue.length)
      } else if (this.#closing.signal.aborted) return
      else await this.#pause(RETRY_MS)
    }
  }

  /** Ends early when the writer is closed, when the queue has a batch, and by flush(). */
  async #pause(ms: number): Promise<void> {
    this.#wait = new AbortController()
    const signal = AbortSignal.any([this.#wait.signal, this.#closing.signal])
    await this.#options.clock.sleep(ms, signal).catch(() => undefined)
    this.#wait = undefined
  }

  /** False where the database is away: the batch is to be tried again. A row that it refuses is lost, the others are not. */
  async #take(batch: readonly Recorded[]): Promise<boolean> {
    const { store, metrics, log } = this.#options
    try {
      await writeBatch(store, batch)
      metrics.auditRows.inc({ outcome: 'written' }, batch.length)
      this.#down = false
      return true
    } catch (error) {
      if (isQuesnayError(error) && error.code === 'STORE_UNAVAILABLE') {
        if (!this.#down) log.error({ err: error, waiting: this.#queue.length }, 'the audit waits for the database')
        this.#down = true
        return false
      }
      if (batch.length === 1) {
        metrics.auditRows.inc({ outcome: 'lost' })
        log.error({ err: error, id: batch[0]!.entry.id }, 'a row of the audit cannot be written')
        return true
      }
    }
    for (const recorded of batch) if (!(await this.#take([recorded]))) return false
    return true
  }
}
