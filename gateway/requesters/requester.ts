// How the gateway asks a subgraph: the port behind which lies a call in this process, or HTTP.
import type { FormattedExecutionResult } from 'graphql'
import type { Caller } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'

export interface SubgraphRequest {
  readonly query: string
  readonly variables?: Record<string, unknown> | undefined
  readonly operationName?: string | undefined
  readonly caller: Caller
  /** The variables as JSON, where whoever asks has written it already. */
  readonly variablesText?: string | undefined
  /** What is left of its time, where that is less than the requester's own limit. */
  readonly limitMs?: number | undefined
}

/** What a circuit breaker lets through: everything, nothing, or one request to see whether the subgraph is back. */
export type BreakerState = 'closed' | 'open' | 'halfOpen'

/** How it goes with a subgraph, as the requests to it tell. */
export interface SubgraphHealth {
  readonly breaker: BreakerState
  /** Why the breaker is not closed. */
  readonly reason?: UnavailableReason | undefined
  /** Until a request may be let through again; 0 where one may. */
  readonly retryAfterMs: number
}

/** One subgraph, as the gateway sees it. */
export interface SubgraphRequester {
  /** The subgraph's answer, errors included; rejects with SUBGRAPH_UNAVAILABLE where none came. */
  request(request: SubgraphRequest): Promise<FormattedExecutionResult>
  /** Whether it would answer now; never rejects. */
  ready(): Promise<boolean>
  /** Absent where nothing is counted. */
  health?(): SubgraphHealth
  close(): Promise<void>
}

/** Gives the requester of a subgraph that the supergraph names. */
export type SubgraphRequesters = (name: string, url: string | undefined) => SubgraphRequester

/**
 * Why there is no answer, in the error's detail. `connection`: none, or it broke; `busy`: status 503; `refused`: status 401, it does not know this gateway; `answer`: no GraphQL result;
 * `breaker`: not asked, because it failed too often; `queue`: not asked, because too many wait; `aborted`: nobody waits for it.
 */
export type UnavailableReason =
  | 'timeout'
  | 'connection'
  | 'busy'
  | 'refused'
  | 'answer'
  | 'breaker'
  | 'queue'
  | 'aborted'

/** SUBGRAPH_UNAVAILABLE with its reason. */
export function unavailable(
  subgraph: string,
  reason: UnavailableReason,
  more: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): QuesnayError {
  const message = `the subgraph ${subgraph} does not answer`
  return new QuesnayError('SUBGRAPH_UNAVAILABLE', message, { subgraph, reason, ...more }, { cause })
}

export function reasonOf(error: unknown): UnavailableReason | undefined {
  return error instanceof QuesnayError && error.code === 'SUBGRAPH_UNAVAILABLE'
    ? (error.detail['reason'] as UnavailableReason | undefined)
    : undefined
}

/** What changes something is never asked twice. */
export const isMutation = (query: string): boolean => /^\s*mutation\b/.test(query)
