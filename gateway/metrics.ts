// What the gateway counts: operations, requests to each subgraph, live subscriptions, loads of the supergraph.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface GatewayMetrics {
  /** By kind (query, mutation, subscription) and outcome (ok, error). */
  readonly operations: Counter<'kind' | 'outcome'>
  readonly operationSeconds: Histogram<'kind'>
  /** By subgraph and outcome (ok, error, unavailable). */
  readonly subgraphRequests: Counter<'subgraph' | 'outcome'>
  readonly subgraphSeconds: Histogram<'subgraph'>
  readonly subscriptions: Gauge
  /** By outcome (loaded, refused). */
  readonly supergraphLoads: Counter<'outcome'>
}

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60]
const REQUESTS = 'quesnay_gateway_subgraph_requests_total'

/** The gateway's metrics in a registry; asking twice of one registry gives the same ones. */
export function gatewayMetrics(registry: Registry): GatewayMetrics {
  const once = <M>(name: string, make: (name: string) => M): M =>
    (registry.getSingleMetric(name) as M | undefined) ?? make(name)
  const registers = [registry]
  return {
    operations: once('quesnay_gateway_operations_total', (name) => {
      return new Counter({ name, help: 'Operations answered.', labelNames: ['kind', 'outcome'], registers })
    }),
    operationSeconds: once('quesnay_gateway_operation_seconds', (name) => {
      return new Histogram({ name, help: 'Time to an answer.', labelNames: ['kind'], buckets: SECONDS, registers })
    }),
    subgraphRequests: once(REQUESTS, (name) => {
      return new Counter({ name, help: 'Requests to subgraphs.', labelNames: ['subgraph', 'outcome'], registers })
    }),
    subgraphSeconds: once('quesnay_gateway_subgraph_seconds', (name) => {
      const help = 'Time of a request to a subgraph.'
      return new Histogram({ name, help, labelNames: ['subgraph'], buckets: SECONDS, registers })
    }),
    subscriptions: once('quesnay_gateway_subscriptions', (name) => {
      return new Gauge({ name, help: 'Live subscriptions.', registers })
    }),
    supergraphLoads: once('quesnay_gateway_supergraph_loads_total', (name) => {
      return new Counter({ name, help: 'Supergraphs loaded or refused.', labelNames: ['outcome'], registers })
    }),
  }
}

/** How many requests each subgraph has had so far, by name: the difference over an operation shows an N+1. */
export async function subgraphRequestCounts(registry: Registry): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const metric = await registry.getSingleMetric(REQUESTS)?.get()
  for (const { labels, value } of metric?.values ?? []) {
    const name = String(labels['subgraph'])
    counts[name] = (counts[name] ?? 0) + value
  }
  return counts
}
