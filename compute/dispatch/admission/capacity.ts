// What the fleet can do, as this process heard last: how many threads, and how long an operation takes them.
import type { Bus } from '../../../infra/bus/port.ts'
import type { Clock } from '../../../infra/clock.ts'
import { NS_PER_OPERATION } from '../shards.ts'
import { loadWorkers, type WorkerReport } from '../workers.ts'

export interface Capacity {
  /** Threads of all workers alive; 0 for none. */
  readonly slots: number
  /** Nanoseconds of one operation on one lane: what workers measure, weighted by their threads; NS_PER_OPERATION before one has. */
  readonly nsPerOperation: number
}

const FRESH_MS = 5000

export function capacityOf(workers: readonly Pick<WorkerReport, 'slots' | 'nsPerOperation'>[]): Capacity {
  const measured = workers.filter(({ nsPerOperation: ns }) => ns !== null && Number.isFinite(ns) && ns > 0)
  const threads = measured.reduce((sum, { slots }) => sum + slots, 0)
  const total = measured.reduce((sum, { slots, nsPerOperation }) => sum + slots * nsPerOperation!, 0)
  return {
    slots: workers.reduce((sum, { slots }) => sum + slots, 0),
    nsPerOperation: threads > 0 ? total / threads : NS_PER_OPERATION,
  }
}

/** Reads the workers' heartbeats every five seconds at most, beside what asks: nobody waits for it. */
export class CapacityReader {
  readonly #bus: Bus
  readonly #clock: Clock
  #last: Capacity = capacityOf([])
  #readAt = Number.NEGATIVE_INFINITY

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus
    this.#clock = clock
  }

  /** What was heard last; a bus that is away leaves it as it is. */
  get now(): Capacity {
    if (this.#clock.now() - this.#readAt >= FRESH_MS) this.read().catch(() => {})
    return this.#last
  }

  /** Reads now. Rejects with BUS_UNAVAILABLE. */
  async read(): Promise<Capacity> {
    this.#readAt = this.#clock.now()
    this.#last = capacityOf(await loadWorkers(this.#bus))
    return this.#last
  }
}
