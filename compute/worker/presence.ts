// A worker's entry in the registry: put with every heartbeat, taken away when it ends.
import { hostname } from 'node:os'
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import { packageVersion } from '../../infra/version.ts'
import { encodeReport } from '../dispatch/workers.ts'
import type { KernelShelf } from './kernel/shelf.ts'
import type { Speed } from './speed.ts'
import type { ThreadPool } from './thread-pool.ts'

export interface PresenceOptions {
  readonly id: string
  readonly bus: Bus
  readonly clock: Clock
  readonly pool: Pick<ThreadPool, 'size' | 'busy'>
  readonly speed: Speed
  readonly kernels: Pick<KernelShelf, 'names'>
}

export class Presence {
  readonly #options: PresenceOptions
  readonly #startedAt: number
  #draining = false

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#startedAt = options.clock.now()
  }

  /** One heartbeat. BUS_UNAVAILABLE. */
  async beat(): Promise<void> {
    const { id, bus, clock, pool, speed, kernels } = this.#options
    const bucket = await bus.bucket('qz_workers')
    const report = encodeReport({
      ...{ id, version: packageVersion, host: hostname(), pid: process.pid },
      ...{ slots: pool.size, busy: pool.busy, draining: this.#draining, kernels: kernels.names },
      ...{ nsPerOperation: speed.nsPerOperation, rssBytes: process.memoryUsage.rss() },
      ...{ startedAt: this.#startedAt, at: clock.now() },
    })
    await bucket.put(id, report)
  }

  /** Says from now on, and at once, that the worker pulls no more. BUS_UNAVAILABLE. */
  async drain(): Promise<void> {
    this.#draining = true
    await this.beat()
  }

  /** Takes the entry away: nothing is in hand any more. BUS_UNAVAILABLE. */
  async leave(): Promise<void> {
    await (await this.#options.bus.bucket('qz_workers')).delete(this.#options.id)
  }
}
