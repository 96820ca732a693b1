// A submission in traces, logs and counts: one span, one line, and one count where it is refused.

import { currentTraceparent, inSpan } from '../../infra/tracing.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { traceIdOf } from '../../schema/trace-context.ts'
import type { Fleet } from './context.ts'
import type { Asker, Submission } from './port.ts'
import type { StoredRun } from './runs.ts'

/** Does the work in a span whose context the shards of the question continue. */
export function followed<Run extends StoredRun>(
  fleet: Fleet,
  { tenant, kind, asker = {} }: Submission,
  submit: (asker: Asker) => Promise<{ readonly run: Run; readonly jobId: string }>,
): Promise<Run> {
  const options = {
    kind: 'producer',
    parent: currentTraceparent() ?? asker.traceparent,
    attributes: { 'quesnay.tenant': tenant, 'quesnay.run.kind': kind },
  } as const
  return inSpan('dispatch.submit', options, async (span) => {
    const { requestId } = asker
    const { traceparent } = span
    try {
      const { run, jobId } = await submit({ ...asker, ...(traceparent ? { traceparent } : {}) })
      const { id: runId, cached, shardsTotal: shards } = run
      span.set({
        'quesnay.run.id': runId,
        'quesnay.job.id': jobId,
        'quesnay.run.cached': cached,
        'quesnay.shards': shards,
      })
      const ids = { runId, jobId, tenant, requestId, traceId: traceIdOf(traceparent) }
      fleet.log.info({ ...ids, kind, cached, shards }, 'a run was submitted')
      return run
    } catch (error) {
      if (isQuesnayError(error) && error.code === 'OVERLOADED') fleet.metrics.overloaded.inc()
      throw error
    }
  })
}
