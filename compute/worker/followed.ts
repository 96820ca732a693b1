// A shard in traces, logs and counts: one span that continues its submission's trace, and ids on every line about it.
import { inSpan, recordSpan, type Span } from '../../infra/tracing.ts'
import type { ShardEnvelope } from '../../schema/jobs.ts'
import { idsOf, withIds } from '../dispatch/context.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'

/** The worker as one shard sees it: what is logged on its behalf carries its ids. */
export function followed(worker: WorkerContext, envelope: ShardEnvelope): WorkerContext {
  const { tenant, jobId, shard } = envelope
  return withIds(worker, { ...idsOf(envelope), tenant, jobId, shard })
}

/** Works on a delivery in a span. That of a first delivery begins with the submission, and its first part is the wait. */
export function shardSpan(
  worker: WorkerContext,
  { envelope, delivery }: ActiveShard,
  work: (span: Span) => Promise<void>,
) {
  const { traceparent, submittedAt, attemptEpoch } = envelope
  const now = worker.clock.now()
  const fresh = delivery.attempt === 1 && attemptEpoch === 0
  if (fresh) worker.metrics.queueWaitSeconds.observe({ class: envelope.class }, Math.max(0, now - submittedAt) / 1000)
  const attributes = {
    'quesnay.job.id': envelope.jobId,
    'quesnay.shard': envelope.shard,
    'quesnay.worker.id': worker.id,
    'quesnay.attempt': delivery.attempt,
    'quesnay.attempt.epoch': attemptEpoch,
    ...(envelope.runId ? { 'quesnay.run.id': envelope.runId } : {}),
  }
  const startedAt = fresh ? Math.min(submittedAt, now) : now
  return inSpan('shard', { kind: 'consumer', parent: traceparent, attributes, startedAt }, async (span) => {
    if (fresh) recordSpan('shard.queue', { startedAt, endedAt: now })
    await work(span)
  })
}
