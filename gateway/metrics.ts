// What the gateway counts, out of the instruments of its process.
import type { ExecutionResult } from 'graphql'
import type { Metrics } from '../infra/metrics.ts'

export type GatewayMetrics = Pick<
  Metrics,
  'operations' | 'operationSeconds' | 'subgraphRequests' | 'subscriptions' | 'pushSeconds'
>

/** `ok`, or the code of the first error. */
export function outcomeOf(result: ExecutionResult): string {
  const first = result.errors?.[0]
  return first ? String(first.extensions['code']) : 'ok'
}

/** How many requests each subgraph has had so far, by name: the difference over an operation shows an N+1. */
export async function subgraphRequestCounts({
  subgraphRequests,
}: Pick<GatewayMetrics, 'subgraphRequests'>): Promise<Record<string, number>> {
  const { values } = await subgraphRequests.get()
  return Object.fromEntries(values.map(({ labels, value }) => [labels.subgraph, value]))
}
