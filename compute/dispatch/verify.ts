// Verification: the stored question of a run, asked again.

import type { Bytes, Sql } from '../../infra/store/port.ts'
import { fromWireError, QuesnayError } from '../../schema/errors.ts'
import type { Plan } from '../model/plan.ts'
import { asFloats, loadBlob } from './blobs.ts'
import { loadBinding } from './params.ts'
import type { StoredColumn, Submission } from './port.ts'
import { loadRun } from './runs.ts'

/**
 * The submission that computes a run's question anew.
 * Errors: NOT_FOUND; RUN_NOT_FINISHED, RUN_CANCELLED or the run's own error where there is no result to compare with.
 */
export async function verification(store: Sql & Bytes, tenant: string, runId: string): Promise<Submission> {
  const { run, jobId } = await loadRun(store, tenant, runId)
  if (run.error) throw fromWireError(run.error)
  if (run.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `the run ${runId} was cancelled`, { runId })
  if (run.status !== 'SUCCEEDED') {
    throw new QuesnayError('RUN_NOT_FINISHED', `the run ${runId} is ${run.status}: nothing to compare with yet`, {
      runId,
    })
  }
  const [job] = await store.query<{
    params_sha256: string
    result_spec: Submission['result']
    class: 'p0' | 'p1' | 'p2'
  }>('select params_sha256, result_spec, class from fleet.job where tenant = $1 and job_id = $2', [tenant, jobId])
  if (!job) throw new QuesnayError('NOT_FOUND', `no run ${runId}`, { path: 'runId' })
  const binding = await loadBinding(store, tenant, job.params_sha256)
  const columns: Record<string, Float64Array | StoredColumn> = {}
  for (const [name, sha256] of Object.entries(binding.columns)) {
    columns[name] = isOfLanes(binding.plan, name)
      ? { sha256, length: run.lanes }
      : asFloats(await loadBlob(store, tenant, sha256))
  }
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

/** Whether a column has a value per lane and need not be read; one that counts members is. */
function isOfLanes({ columns, levels }: Plan, name: string): boolean {
  return columns.some((c) => c.name === name && c.level === 0) && !levels.some(({ count }) => count === name)
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
