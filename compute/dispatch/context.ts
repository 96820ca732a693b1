// What every part of the fleet is given: the store, the bus, the clock, the log and the instruments.
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Log } from '../../infra/log.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'

export interface Fleet {
  readonly store: Pick<Store, 'query' | 'bytes' | 'transaction'>
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** A job is known by its tenant and its id, everywhere. */
export interface JobKey {
  readonly tenant: string
  readonly jobId: string
}

/** A statement's interval parameter is given in seconds: `make_interval(secs => $n)`. */
export const seconds = (ms: number) => ms / 1000
