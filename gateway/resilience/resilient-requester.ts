// Around the requests to one subgraph: bulkhead, circuit breaker, and retries of queries within their time.
import type { FormattedExecutionResult } from 'graphql'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import {
  type BreakerState,
  isMutation,
  reasonOf,
  type SubgraphHealth,
  type SubgraphRequest,
  type SubgraphRequester,
  type UnavailableReason,
  unavailable,
} from '../requesters/requester.ts'
import { Bulkhead } from './bulkhead.ts'
import { CircuitBreaker, type Verdict } from './circuit-breaker.ts'
import type { ResilienceLimits } from './resilience-config.ts'

export interface ResilienceDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'subgraphBreakers' | 'subgraphRetries' | 'subgraphRefusals'>
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'halfOpen']
/** Those where nothing of the query can have been answered, and another attempt may find another instance. */
const WORTH_A_RETRY: ReadonlySet<UnavailableReason | undefined> = new Set(['connection', 'busy'] as const)

/** Rejects with SUBGRAPH_UNAVAILABLE; where the breaker is open at once, and `detail.retryAfterMs` says when to ask again. */
export function resilientRequester(
  name: string,
  inner: SubgraphRequester,
  limits: ResilienceLimits,
  { clock, log, metrics }: ResilienceDeps,
): SubgraphRequester {
  let reason: UnavailableReason | undefined
  const show = (state: BreakerState) => {
    for (const one of STATES) metrics.subgraphBreakers.set({ subgraph: name, state: one }, one === state ? 1 : 0)
  }
  const breaker = new CircuitBreaker(limits.breaker, clock, (state) => {
    show(state)
    const about = { subgraph: name, state, ...(state === 'closed' ? {} : { reason }) }
    if (state === 'open')
      log.warn({ ...about, retryAfterMs: breaker.retryAfterMs }, 'a subgraph fails and is left alone')
    else log.info(about, state === 'closed' ? 'a subgraph is back' : 'a subgraph is tried again')
  })
  const bulkhead = new Bulkhead(limits.maxInFlight, limits.maxQueued)
  show('closed')

  function refuse(why: UnavailableReason, more: Readonly<Record<string, unknown>> = {}) {
    metrics.subgraphRefusals.inc({ subgraph: name, reason: why })
    return unavailable(name, why, more)
  }

  async function attempt(request: SubgraphRequest): Promise<FormattedExecutionResult> {
    const room = bulkhead.enter(request.caller.signal)
    if (room !== true && !(await room))
      throw request.caller.signal?.aborted ? unavailable(name, 'aborted') : refuse('queue')
    try {
      const leave = breaker.enter()
      if (!leave) throw refuse('breaker', { retryAfterMs: breaker.retryAfterMs })
      let verdict: Verdict = 'ignored'
      try {
        const answer = await inner.request(request)
        verdict = 'succeeded'
        return answer
      } catch (error) {
        const why = reasonOf(error)
        if (why !== 'aborted') {
          verdict = 'failed'
          reason = why
        }
        throw error
      } finally {
        leave(verdict)
      }
    } finally {
      bulkhead.leave()
    }
  }

  /** Full jitter: Brooker, Exponential Backoff and Jitter, 2015. */
  const delayOf = (retry: number) => clock.jitter() * limits.retryDelayMs * 2 ** retry

  return {
    async request(request) {
      const end = clock.now() + limits.timeoutMs
      for (let retry = 0; ; retry++)
        try {
          return await attempt(retry === 0 ? request : { ...request, limitMs: end - clock.now() })
        } catch (error) {
          const delayMs = delayOf(retry)
          const mayRetry = retry < limits.retries && WORTH_A_RETRY.has(reasonOf(error)) && !isMutation(request.query)
          if (!mayRetry || request.caller.signal?.aborted || clock.now() + delayMs >= end) throw error
          metrics.subgraphRetries.inc({ subgraph: name })
          await clock.sleep(delayMs, request.caller.signal).catch(() => {
            throw unavailable(name, 'aborted')
          })
        }
    },
    ready: () => inner.ready(),
    health: (): SubgraphHealth => ({
      breaker: breaker.state,
      ...(breaker.state === 'closed' ? {} : { reason }),
      retryAfterMs: breaker.retryAfterMs,
    }),
    close: () => inner.close(),
  }
}
