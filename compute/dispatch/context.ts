// What every part of the fleet is given: the store, the bus, the clock, the log and the instruments.
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Log, LogBindings } from '../../infra/log.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import type { Origin } from '../../schema/jobs.ts'
import { traceIdOf } from '../../schema/trace-context.ts'

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

/** A job may come with more members than its key. */
export const idsOfKey = ({ tenant, jobId }: JobKey): LogBindings => ({ tenant, jobId })

/** The ids of an origin, as lines of a log carry them. */
export function idsOf({ runId, requestId, traceparent }: Origin): LogBindings {
  const traceId = traceIdOf(traceparent)
  return { ...(runId ? { runId } : {}), ...(requestId ? { requestId } : {}), ...(traceId ? { traceId } : {}) }
}

/** The same fleet, whose lines all carry these ids; those that they carry already are not written twice. */
export function withIds<F extends Fleet>(fleet: F, ids: LogBindings): F {
  const bound = fleet.log.bindings()
  const missing = Object.entries(ids).filter(([name]) => !(name in bound))
  return missing.length === 0 ? fleet : { ...fleet, log: fleet.log.child(Object.fromEntries(missing)) }
}

/** A statement's interval parameter is given in seconds: `make_interval(secs => $n)`. */
export const seconds = (ms: number) => ms / 1000
