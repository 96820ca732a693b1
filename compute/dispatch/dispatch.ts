// Opens the dispatcher: the fleet as the rest of Quesnay sees it.
import { readFileSync } from 'node:fs'
import { packageFile } from '../../infra/paths.ts'
import { loadKernel } from '../worker/kernels.ts'
import { deleteBlobs, loadBlob, saveBlob } from './blobs.ts'
import { cancelRun } from './cancel.ts'
import type { Fleet } from './context.ts'
import type { Dispatch } from './port.ts'
import { loadResult, resultOf, waitForEnd } from './results.ts'
import { listRuns, loadRun, loadRuns } from './runs.ts'
import { type Kernels, type Question, readSubmission } from './submission.ts'
import { type SubmitOptions, submitQuestion } from './submit.ts'
import { type SweepOptions, startSweeper } from './sweeper.ts'
import { otherQuestion, verification } from './verify.ts'

export interface DispatchOptions extends Partial<SubmitOptions>, Partial<SweepOptions> {
  /** Whether this process sweeps; default true. */
  readonly sweeps?: boolean
  /** How often `settled` looks when it hears nothing; default 1,000. */
  readonly pollMs?: number
  /** The kernels that new jobs name; default: those that were built. */
  readonly kernels?: Kernels
}

export interface OpenDispatch extends Dispatch {
  /** Stops sweeping; what was submitted goes on. */
  close(): Promise<void>
}

const SETTLED_TIMEOUT_MS = 30_000

/** Opens a dispatcher over a migrated store. Any number of them may share one store and bus. */
export function openDispatch(config: Fleet & DispatchOptions): OpenDispatch {
  const { store, pollMs = 1000 } = config
  const submitting: SubmitOptions = {
    deadlineMs: config.deadlineMs ?? 24 * 3_600_000,
    maxTenantShards: config.maxTenantShards ?? 20_000,
    chunkSteps: config.chunkSteps ?? 0,
  }
  const sweeping: SweepOptions = {
    sweepIntervalMs: config.sweepIntervalMs ?? 5000,
    // Above the bus's acknowledgement timer, which brings the shards of a dead worker back sooner.
    lostAfterMs: config.lostAfterMs ?? 45_000,
    publishGraceMs: config.publishGraceMs ?? 2000,
  }
  const sweeper = config.sweeps === false ? undefined : startSweeper(config, sweeping)
  const engineVersion = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
  // Read at the first submission: a process that only reads runs needs no kernels.
  const kernels = () => config.kernels ?? { machine: loadKernel('machine'), stats: loadKernel('stats') }

  const assertVerifiable = async (question: Question) => {
    if (question.verifies === null) return
    const { run } = await loadRun(store, question.tenant, question.verifies)
    if (run.inputHash === question.parentKey) return
    throw otherQuestion(run.id, run.provenance.kernels, question.provenance.kernels)
  }

  const dispatch: OpenDispatch = {
    async submit(submission) {
      const question = readSubmission(submission, kernels(), engineVersion)
      await assertVerifiable(question)
      const runId = await submitQuestion(config, question, submitting)
      return (await loadRun(store, question.tenant, runId)).run
    },
    async load(tenant, runIds) {
      return (await loadRuns(store, tenant, runIds)).map((found) => found?.run)
    },
    list: (tenant, filter, first, after) => listRuns(store, tenant, filter, first, after),
    async cancel(tenant, runId) {
      await cancelRun(config, tenant, runId)
      return (await loadRun(store, tenant, runId)).run
    },
    result: (tenant, runId) => loadResult(store, tenant, runId),
    async settled(tenant, runId, timeoutMs = SETTLED_TIMEOUT_MS) {
      return resultOf(store, await waitForEnd(config, tenant, runId, timeoutMs, pollMs))
    },
    async verify(tenant, runId) {
      return dispatch.submit(await verification(store, tenant, runId))
    },
    saveBlob: (tenant, bytes) => saveBlob(store, tenant, bytes),
    loadBlob: (tenant, sha256) => loadBlob(store, tenant, sha256),
    deleteBlobs: (tenant, sha256s) => deleteBlobs(store, tenant, sha256s),
    async close() {
      await sweeper?.stop()
    },
  }
  return dispatch
}
