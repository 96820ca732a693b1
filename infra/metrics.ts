// The metrics: one registry per service with the instruments that dashboards and scaling rules read.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** Jobs ended. */
  readonly jobs: Counter<'kind' | 'status'>
  /** Seconds a thread computed one shard. */
  readonly shardSeconds: Histogram
  /** Seconds a shard waited from its submission until a slot took it. */
  readonly queueWaitSeconds: Histogram
  /** Seconds a statement or transaction of the store took. */
  readonly storeSeconds: Histogram<'operation'>
  /** Threads of this worker. */
  readonly slots: Gauge
  readonly slotsBusy: Gauge
  /** Messages of the work queue that are not settled. */
  readonly backlog: Gauge
  /** GraphQL operations answered; outcome is `ok` or an error code. */
  readonly operations: Counter<'type' | 'outcome'>
  readonly operationSeconds: Histogram<'type'>
  readonly subgraphRequests: Counter<'subgraph'>
  /** Reads of what a subgraph keeps in memory; outcome is `hit` or `miss`. */
  readonly cacheReads: Counter<'cache' | 'outcome'>
  /** Subscriptions that are open now. */
  readonly subscriptions: Gauge
}

// Upper bounds in s. Shards are cut to 50-500 ms of work; statements take 0.2 ms and more.
const SHARD_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STORE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const WAIT_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300]

/** A registry of its own with the process's default metrics and our instruments, every sample labelled with the service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram<L>({ name, help, buckets, labelNames, registers })
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  return {
    registry,
    jobs: counter('quesnay_jobs_total', 'Jobs ended, by kind and status.', ['kind', 'status']),
    shardSeconds: histogram('quesnay_shard_seconds', 'Seconds a thread computed one shard.', SHARD_BUCKETS),
    queueWaitSeconds: histogram('quesnay_queue_wait_seconds', 'Seconds a shard waited for a slot.', WAIT_BUCKETS),
    storeSeconds: histogram('quesnay_store_seconds', 'Seconds the store took, by operation.', STORE_BUCKETS, [
      'operation',
    ]),
    slots: gauge('quesnay_slots', 'Threads of this worker.'),
    slotsBusy: gauge('quesnay_slots_busy', 'Threads of this worker that compute now.'),
    backlog: gauge('quesnay_backlog', 'Messages of the work queue that are not settled.'),
    operations: counter('quesnay_operations_total', 'GraphQL operations answered, by type and outcome.', [
      'type',
      'outcome',
    ]),
    operationSeconds: histogram(
      'quesnay_operation_seconds',
      'Seconds a GraphQL operation took, by type.',
      SHARD_BUCKETS,
      ['type'],
    ),
    subgraphRequests: counter('quesnay_subgraph_requests_total', 'Requests to subgraphs, by subgraph.', ['subgraph']),
    cacheReads: counter('quesnay_cache_reads_total', 'Reads of what is kept in memory, by cache and outcome.', [
      'cache',
      'outcome',
    ]),
    subscriptions: gauge('quesnay_subscriptions', 'Subscriptions that are open now.'),
  }
}

/** The answer to GET /metrics: text in the Prometheus exposition format, and its content type. */
export async function metricsPage(metrics: Metrics): Promise<{ readonly contentType: string; readonly body: string }> {
  return { contentType: metrics.registry.contentType, body: await metrics.registry.metrics() }
}
