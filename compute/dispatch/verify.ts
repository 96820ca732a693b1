// Verification: the stored question of a run, asked again.

import type { Sql } from '../../infra/store/port.ts'
import { fromWireError, QuesnayError } from '../../schema/errors.ts'
import type { PlanBinding } from '../model/plan.ts'
import { asFloats, loadBlob } from './blobs.ts'
import type { Submission } from './port.ts'
import { loadRun } from './runs.ts'

/**
 * The submission that computes a run's question anew.
 * Errors: NOT_FOUND; RUN_NOT_FINISHED, RUN_CANCELLED or the run's own error where there is no result to compare with.
 */
export async function verification(sql: Sql, tenant: string, runId: string): Promise<Submission> {
  const { run, jobId } = await loadRun(sql, tenant, runId)
  if (run.error) throw fromWireError(run.error)
  if (run.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `the run ${runId} was cancelled`, { runId })
  if (run.status !== 'SUCCEEDED') {
    throw new QuesnayError('RUN_NOT_FINISHED', `the run ${runId} is ${run.status}: nothing to compare with yet`, {
      runId,
    })
  }
  const [job] = await sql.query<{
    params_sha256: string
    result_spec: Submission['result']
    class: 'p0' | 'p1' | 'p2'
  }>('select params_sha256, result_spec, class from fleet.job where tenant = $1 and job_id = $2', [tenant, jobId])
  if (!job) throw new QuesnayError('NOT_FOUND', `no run ${runId}`, { path: 'runId' })
  const params = await loadBlob(sql, tenant, job.params_sha256)
  const binding = JSON.parse(new TextDecoder().decode(params)) as PlanBinding
  const columns: Record<string, Float64Array> = {}
  for (const [name, hash] of Object.entries(binding.columns))
    columns[name] = asFloats(await loadBlob(sql, tenant, hash))
  return {
    tenant,
    kind: run.kind,
    subject: run.subject,
    plan: binding.plan,
    inputs: binding.inputs,
    series: binding.series,
    columns,
    lanes: run.lanes,
    seed: run.provenance.seed,
    result: job.result_spec,
    class: job.class,
    provenance: run.provenance,
    verifies: runId,
  }
}

/** Thrown where the question of a verification is not that of the run it verifies. */
export function otherQuestion(verified: string, kernels: readonly string[], now: readonly string[]): QuesnayError {
  if (kernels.join() !== now.join()) {
    const message = `the run ${verified} was computed by other kernels than this version's`
    return new QuesnayError('KERNEL_REFUSED', message, { path: 'verifies', expected: kernels, got: now })
  }
  const message = `the run ${verified} answers another question`
  return new QuesnayError('BAD_INPUT', message, {
    path: 'verifies',
    suggestion: 'submit the same plan, data, lanes and seed',
  })
}
