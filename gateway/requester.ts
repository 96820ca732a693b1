// How the gateway asks a subgraph: the port behind which lies a call in this process, or HTTP.
import type { FormattedExecutionResult } from 'graphql'
import type { Caller } from '../schema/caller.ts'

export interface SubgraphRequest {
  readonly query: string
  readonly variables?: Record<string, unknown> | undefined
  readonly operationName?: string | undefined
  readonly caller: Caller
}

/** One subgraph, as the gateway sees it. */
export interface SubgraphRequester {
  /** The subgraph's answer, errors included; rejects with SUBGRAPH_UNAVAILABLE where none came. */
  request(request: SubgraphRequest): Promise<FormattedExecutionResult>
  /** Whether it would answer now; never rejects. */
  ready(): Promise<boolean>
  close(): Promise<void>
}

/** Gives the requester of a subgraph that the supergraph names. */
export type SubgraphRequesters = (name: string, url: string | undefined) => SubgraphRequester
