// The metrics: one registry per service with the instruments that dashboards and scaling rules read.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** Jobs ended. */
  readonly jobs: Counter<'kind' | 'status'>
  /** Seconds from a job's submission to its end, by the database's clock. */
  readonly runSeconds: Histogram<'kind' | 'status'>
  /** Seconds a thread computed one shard. */
  readonly shardSeconds: Histogram
  /** Seconds a shard waited from its submission until a slot took it. */
  readonly queueWaitSeconds: Histogram<'class'>
  /** Seconds from the call that cancelled a run until a thread that computed it was idle. */
  readonly cancelSeconds: Histogram
  /** Seconds a statement or transaction of the store took. */
  readonly storeSeconds: Histogram<'operation'>
  /** Seconds from the end of a run being stored to its last state being handed to a subscriber. */
  readonly pushSeconds: Histogram
  /** Shards given back to be tried again; reason is an error code. */
  readonly shardRetries: Counter<'reason'>
  /** Shards and merges that the sweeper sent again. */
  readonly resends: Counter<'what'>
  /** Shards whose thread or worker ended under them; cause is `died`, `hung` or `worker`. */
  readonly shardDeaths: Counter<'cause'>
  /** Shards that came out with other bits than those stored: 0, or an alarm. */
  readonly shardConflicts: Counter
  /** Messages put aside because they cannot be worked on. */
  readonly deadLetters: Counter<'code'>
  /** Submissions refused with OVERLOADED. */
  readonly overloaded: Counter
  /** Threads of this worker. */
  readonly slots: Gauge
  readonly slotsBusy: Gauge
  /** Messages of the work queue that are not settled. */
  readonly backlog: Gauge
  /** Estimated seconds of work that is not done, over the threads of all workers alive. */
  readonly backlogSeconds: Gauge
  /** Threads of all workers alive. */
  readonly fleetSlots: Gauge
  /** Workers of an autoscaler, by state: `wanted` or `running`. */
  readonly workers: Gauge<'state'>
  /** GraphQL operations answered; outcome is `ok` or an error code. */
  readonly operations: Counter<'type' | 'outcome'>
  readonly operationSeconds: Histogram<'type'>
  readonly subgraphRequests: Counter<'subgraph'>
  /** 1 for the state that the circuit breaker of a subgraph is in: `closed`, `open` or `halfOpen`. */
  readonly subgraphBreakers: Gauge<'subgraph' | 'state'>
  readonly subgraphRetries: Counter<'subgraph'>
  /** Requests that were not sent; reason is `breaker` or `queue`. */
  readonly subgraphRefusals: Counter<'subgraph' | 'reason'>
  /** Answers given to several who asked at one time; what is `operation` or `fetch`. */
  readonly sharedAnswers: Counter<'what'>
  /** Reads of what is kept in memory; outcome is `hit` or `miss`. */
  readonly cacheReads: Counter<'cache' | 'outcome'>
  /** Subscriptions that are open now. */
  readonly subscriptions: Gauge
  /** Rows of the audit; outcome is `written` or `lost`. */
  readonly auditRows: Counter<'outcome'>
  /** Rows of the audit that are not written yet. */
  readonly auditWaiting: Gauge
  /** Operations refused with RATE_LIMITED; policy is `burst`, `day` or `authentication`. */
  readonly rateLimited: Counter<'policy'>
  /** Times that rates could not be shared with other gateways: the database did not answer. */
  readonly rateFailures: Counter
  /** Operations that were asked for and are not published; what is `answered` or `refused`. */
  readonly unpublished: Counter<'what'>
}

// Upper bounds in s. Shards are cut to 50-500 ms of work; statements take 0.2 ms and more.
const SHARD_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STORE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
// A kernel that does not look is ended 0.5 s after the call; all is to be idle after 0.6.
const CANCEL_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.6, 1, 2.5]
const WAIT_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300]
// From an empty kernel to a batch of an hour.
const RUN_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
const PUSH_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** A registry of its own with the process's default metrics and our instruments, every sample labelled with the service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram<L>({ name, help, buckets, labelNames, registers })
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  return {
    registry,
    jobs: counter('quesnay_jobs_total', 'Jobs ended, by kind and status.', ['kind', 'status']),
    runSeconds: histogram(
      'quesnay_run_seconds',
      'Seconds from the submission of a job to its end, by kind and status.',
      RUN_BUCKETS,
      ['kind', 'status'],
    ),
    shardSeconds: histogram('quesnay_shard_seconds', 'Seconds a thread computed one shard.', SHARD_BUCKETS),
    cancelSeconds: histogram(
      'quesnay_cancel_seconds',
      'Seconds from a cancellation to an idle thread.',
      CANCEL_BUCKETS,
    ),
    queueWaitSeconds: histogram(
      'quesnay_queue_wait_seconds',
      'Seconds from the submission of a shard to a slot taking it, by class; of first deliveries.',
      WAIT_BUCKETS,
      ['class'],
    ),
    storeSeconds: histogram('quesnay_store_seconds', 'Seconds the store took, by operation.', STORE_BUCKETS, [
      'operation',
    ]),
    pushSeconds: histogram(
      'quesnay_push_seconds',
      'Seconds from the end of a run being stored to its last state being handed to a subscriber.',
      PUSH_BUCKETS,
    ),
    shardRetries: counter('quesnay_shard_retries_total', 'Shards given back to be tried again, by the code of why.', [
      'reason',
    ]),
    resends: counter('quesnay_resends_total', 'Shards and merges that the sweeper sent again, by what.', ['what']),
    shardDeaths: counter('quesnay_shard_deaths_total', 'Threads and workers that ended under a shard, by cause.', [
      'cause',
    ]),
    shardConflicts: counter('quesnay_shard_conflicts_total', 'Shards that came out with other bits than are stored.'),
    deadLetters: counter('quesnay_dead_letters_total', 'Messages put aside that cannot be worked on, by code.', [
      'code',
    ]),
    overloaded: counter('quesnay_overloaded_total', 'Submissions refused with OVERLOADED.'),
    slots: gauge('quesnay_slots', 'Threads of this worker.'),
    slotsBusy: gauge('quesnay_slots_busy', 'Threads of this worker that compute now.'),
    backlog: gauge('quesnay_backlog', 'Messages of the work queue that are not settled.'),
    backlogSeconds: gauge(
      'quesnay_backlog_seconds',
      'Estimated seconds of work not done, over the threads of the fleet.',
    ),
    fleetSlots: gauge('quesnay_fleet_slots', 'Threads of all workers alive.'),
    workers: new Gauge({
      name: 'quesnay_workers',
      help: 'Workers of an autoscaler, by state: wanted or running.',
      labelNames: ['state'],
      registers,
    }),
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
    subgraphBreakers: new Gauge({
      name: 'quesnay_subgraph_breaker',
      help: 'Circuit breakers of subgraphs: 1 for the state each is in (closed, open, halfOpen).',
      labelNames: ['subgraph', 'state'],
      registers,
    }),
    subgraphRetries: counter('quesnay_subgraph_retries_total', 'Requests asked again of a subgraph, by subgraph.', [
      'subgraph',
    ]),
    subgraphRefusals: counter(
      'quesnay_subgraph_refusals_total',
      'Requests not sent to a subgraph, by subgraph and reason: breaker or queue.',
      ['subgraph', 'reason'],
    ),
    sharedAnswers: counter(
      'quesnay_shared_answers_total',
      'Answers that were under way already when they were asked for, by what: operation or fetch.',
      ['what'],
    ),
    cacheReads: counter('quesnay_cache_reads_total', 'Reads of what is kept in memory, by cache and outcome.', [
      'cache',
      'outcome',
    ]),
    subscriptions: gauge('quesnay_subscriptions', 'Subscriptions that are open now.'),
    auditRows: counter('quesnay_audit_rows_total', 'Rows of the audit, by outcome: written or lost.', ['outcome']),
    auditWaiting: gauge('quesnay_audit_waiting', 'Rows of the audit that are not written yet.'),
    rateLimited: counter('quesnay_rate_limited_total', 'What was refused with RATE_LIMITED, by policy.', ['policy']),
    rateFailures: counter(
      'quesnay_rate_failures_total',
      'Times that the database did not say what is left of a rate; each gateway then counts for itself, or refuses.',
    ),
    unpublished: counter('quesnay_unpublished_operations_total', 'Operations asked for that are not published.', [
      'what',
    ]),
  }
}

/** The answer to GET /metrics: text in the Prometheus exposition format, and its content type. */
export async function metricsPage(metrics: Metrics): Promise<{ readonly contentType: string; readonly body: string }> {
  return { contentType: metrics.registry.contentType, body: await metrics.registry.metrics() }
}
