// How long a subgraph may take, how often it is asked again, and when it is asked no more: a section of the gateway's configuration.
import { z } from 'zod'

const count = z.int().positive()

const BREAKER = z
  .strictObject({
    /** The breaker opens where, of the requests of this time, */
    windowMs: count,
    /** at least so many */
    minimumRequests: count,
    /** and at least this share of them have failed; 1: only when all fail. */
    failureFraction: z.number().positive().max(1),
    /** After this time one request is let through to see whether the subgraph is back. */
    openMs: count,
  })
  .partial()

const LIMITS = z
  .strictObject({
    /** For one answer, and for all attempts at it together. */
    timeoutMs: count,
    /** Of queries, where there was no connection, it broke, or the subgraph said 503. */
    retries: z.int().min(0).max(10),
    /** The first retry waits at most this long, each further one twice as long. */
    retryDelayMs: count,
    /** Requests under way at once; more wait. */
    maxInFlight: count,
    /** Requests that may wait; more are refused. */
    maxQueued: z.int().min(0),
    breaker: BREAKER,
  })
  .partial()

export const RESILIENCE = LIMITS.extend({
  /** By name of the subgraph: what is otherwise there. */
  subgraphs: z.record(z.string(), LIMITS).default({}),
})

export type ResilienceConfig = z.infer<typeof RESILIENCE>

export interface BreakerLimits {
  readonly windowMs: number
  readonly minimumRequests: number
  readonly failureFraction: number
  readonly openMs: number
}

export interface ResilienceLimits {
  readonly timeoutMs: number
  readonly retries: number
  readonly retryDelayMs: number
  readonly maxInFlight: number
  readonly maxQueued: number
  readonly breaker: BreakerLimits
}

/** A field may wait for the fleet, hence the long timeout; a subgraph that is gone is noticed by its connections. */
const DEFAULTS: ResilienceLimits = {
  timeoutMs: 60_000,
  retries: 2,
  retryDelayMs: 100,
  maxInFlight: 128,
  maxQueued: 1_000,
  breaker: { windowMs: 10_000, minimumRequests: 10, failureFraction: 0.5, openMs: 5_000 },
}

/** Of one subgraph: its own, else those for all, else the defaults. */
export function limitsOf({ subgraphs, ...all }: ResilienceConfig, name: string): ResilienceLimits {
  const own = subgraphs[name] ?? {}
  const breaker = { ...DEFAULTS.breaker, ...all.breaker, ...own.breaker }
  return { ...DEFAULTS, ...all, ...own, breaker } as ResilienceLimits
}
