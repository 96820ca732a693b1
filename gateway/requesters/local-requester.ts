// Asks a subgraph of this process by calling it: no HTTP, no JSON, the same values.
import type { FormattedExecutionResult } from 'graphql'
import type { SubgraphRequest, SubgraphRequester } from './requester.ts'

/** What a subgraph of this process offers. */
export interface LocalSubgraph {
  execute(request: SubgraphRequest): Promise<FormattedExecutionResult>
}

/** A requester that calls the subgraph; `ready` says whether what stands behind it (its store) answers. */
export function localRequester(
  subgraph: LocalSubgraph,
  ready: () => Promise<boolean> = async () => true,
): SubgraphRequester {
  return {
    request: async (request) => asJson(await subgraph.execute(request)) as FormattedExecutionResult,
    ready: () => ready().catch(() => false),
    close: async () => {},
  }
}

/**
 * What JSON would make of a value, without the text between: own containers, `toJSON` applied (dates become text).
 * The gateway merges answers in place, and a required field must reach the next subgraph in the form it has over HTTP.
 */
export function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return isColumn(value) ? value.slice() : value.map(asJson)
  if ('toJSON' in value && typeof value.toJSON === 'function') return asJson(value.toJSON())
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = asJson((value as Record<string, unknown>)[key])
  return copy
}

/** A list of GraphQL leaves: its first member that is there tells for all. */
function isColumn(list: readonly unknown[]): boolean {
  const first = list.find((member) => member != null)
  return typeof first !== 'object'
}
