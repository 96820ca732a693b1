// Changes of data that concern kept answers: heard from the bus, and told to the other gateways after a mutation.
import type { Logger } from 'pino'
import { BUS_LIMITS } from '../../infra/bus/limits.ts'
import type { Bus, Listener, StreamMessage } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import {
  type CacheChange,
  CHANGES_HEARD,
  cacheChanged,
  changeIn,
  encodeCacheChange,
} from '../../schema/cache-events.ts'
import type { Generations } from './generations.ts'
import type { Readings } from './readings.ts'
import type { ResponseStore } from './response-store.ts'

export interface DataChangesDeps {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly store: ResponseStore
  readonly generations: Generations
  readonly readings: Readings
}

/** Between two attempts to listen again, in ms. */
const RETRY_MS = 1_000

export class DataChanges {
  readonly #deps: DataChangesDeps
  readonly #own: string
  readonly #closed = new AbortController()
  readonly #listeners = new Map<string, Listener<StreamMessage>>()
  #done: Promise<unknown> = Promise.resolve()

  private constructor(deps: DataChangesDeps) {
    this.#deps = deps
    this.#own = deps.clock.id()
  }

  static async open(deps: DataChangesDeps): Promise<DataChanges> {
    const changes = new DataChanges(deps)
    // Noted before, so that what comes while the listeners are opened is heard.
    const { last } = await deps.bus.eventRange()
    for (const pattern of CHANGES_HEARD) changes.#listeners.set(pattern, await deps.bus.listen(pattern, last))
    changes.#done = Promise.all(CHANGES_HEARD.map((pattern) => changes.#hear(pattern, last)))
    return changes
  }

  /** Something of the tenant's has changed through this gateway: known here at once, and told to the others. Never rejects. */
  async tell(tenant: string, changed: CacheChange['changed']): Promise<void> {
    if (changed.length === 0) return
    this.#apply(tenant, { changed })
    const { bus, log } = this.#deps
    await bus.emit(cacheChanged(tenant), encodeCacheChange({ changed, by: this.#own })).catch((error) => {
      log.warn({ err: error, tenant }, 'other gateways were not told of a change: what they keep ends by its age')
    })
  }

  async close(): Promise<void> {
    this.#closed.abort()
    for (const listener of this.#listeners.values()) await listener.stop().catch(() => undefined)
    await this.#done
  }

  #apply(tenant: string, change: CacheChange): void {
    const { store, generations, readings } = this.#deps
    generations.rise(tenant)
    readings.note(tenant, change)
    store.drop(tenant, change)
  }

  /** Events were dropped by the stream before they were heard: nobody knows what they told of. */
  #forget(): void {
    const { store, generations, readings, log } = this.#deps
    log.warn('changes of data may have been missed; nothing that was kept is given any more')
    generations.riseAll()
    readings.spoilAll()
    store.clear()
  }

  /** Events that come while nobody listens are told afterwards: it goes on after the last one that was heard. */
  async #hear(pattern: string, from: number): Promise<void> {
    const { bus, clock, log } = this.#deps
    let last = from
    while (!this.#closed.signal.aborted)
      try {
        const listener = this.#listeners.get(pattern) ?? (await bus.listen(pattern, last))
        this.#listeners.set(pattern, listener)
        for await (const { subject, data, sequence } of listener) {
          // As many as the stream keeps have passed since the last one: of those before them some may be gone.
          if (sequence - last > BUS_LIMITS.maxEvents) this.#forget()
          last = sequence
          const { tenant, ...change } = changeIn(subject, data)
          if (change.by !== this.#own) this.#apply(tenant, change)
        }
        this.#listeners.delete(pattern)
      } catch (error) {
        this.#listeners.delete(pattern)
        if (this.#closed.signal.aborted) return
        log.warn({ err: error }, 'changes of data are not heard; listening again')
        await clock.sleep(RETRY_MS, this.#closed.signal).catch(() => undefined)
      }
  }
}
