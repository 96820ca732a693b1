// Opens the dispatcher: the fleet as the rest of Quesnay sees it.
import { packageVersion } from '../../infra/version.ts'
import { loadKernel } from '../worker/kernels.ts'
import { Admitter } from './admission/admitter.ts'
import { CapacityReader } from './admission/capacity.ts'
import { DEFAULT_LIMITS, type TenantLimits } from './admission/limits.ts'
import { deleteBlobs, loadBlob, saveBlob } from './blobs.ts'
import { cancelRun } from './cancel.ts'
import type { Fleet } from './context.ts'
import { loadDeadLetters } from './dead-letters.ts'
import { Downloads } from './download.ts'
import { viewFleet } from './fleet-view.ts'
import { followed } from './followed.ts'
import { KnownResults } from './known-results.ts'
import { PartialResults } from './partial.ts'
import type { Dispatch, RunRecord } from './port.ts'
import { redriveRun } from './redrive.ts'
import { waitForEnd } from './results.ts'
import { loadShardsOf } from './run-shards.ts'
import { listRuns, loadRun, loadRuns, type StoredRun } from './runs.ts'
import { type KeeperOptions, startKeeper } from './series-keeper.ts'
import { type Kernels, type Question, readSubmission } from './submission.ts'
import { estimateQuestion, type SubmitOptions, submitQuestion } from './submit.ts'
import { type SweepOptions, startSweeper } from './sweeper.ts'
import { otherQuestion, verification } from './verify.ts'

export interface DispatchOptions
  extends Partial<Omit<SubmitOptions, 'limits'>>,
    Partial<SweepOptions>,
    Partial<KeeperOptions> {
  /** Of tenants that have no row of their own; default: DEFAULT_LIMITS. */
  readonly limits?: Partial<TenantLimits>
  /** Whether this process sweeps and keeps the time series; default true. */
  readonly sweeps?: boolean
  /** Whether this process admits what its submissions leave waiting; default true. Workers do so in any case. */
  readonly admits?: boolean
  /** How often `settled` looks when it hears nothing; default 1,000. */
  readonly pollMs?: number
  /** The kernels that new jobs name; default: those that were built. */
  readonly kernels?: Kernels
}

export interface OpenDispatch extends Dispatch {
  /** Stops sweeping and keeping; what was submitted goes on. */
  close(): Promise<void>
}

const SETTLED_TIMEOUT_MS = 30_000

/** Opens a dispatcher over a migrated store. Any number of them may share one store and bus. */
export function openDispatch(config: Fleet & DispatchOptions): OpenDispatch {
  const { store, pollMs = 1000 } = config
  const capacity = new CapacityReader(config.bus, config.clock)
  const admitter = new Admitter(config, capacity)
  const kick = () => void (config.admits !== false && admitter.kick())
  const partials = new PartialResults(store, config.clock, () => loadKernel('stats'))
  const submitting: SubmitOptions = {
    deadlineMs: config.deadlineMs ?? 24 * 3_600_000,
    limits: { ...DEFAULT_LIMITS, ...config.limits },
    chunkSteps: config.chunkSteps ?? 0,
  }
  const sweeping: SweepOptions = {
    sweepIntervalMs: config.sweepIntervalMs ?? 5000,
    // Above the bus's acknowledgement timer, which brings the shards of a dead worker back sooner.
    lostAfterMs: config.lostAfterMs ?? 45_000,
    publishGraceMs: config.publishGraceMs ?? 2000,
    capacity,
  }
  const keeping: KeeperOptions = { keepIntervalMs: config.keepIntervalMs ?? 60_000, keepDays: config.keepDays ?? {} }
  const sweeper = config.sweeps === false ? undefined : startSweeper(config, sweeping)
  const keeper = config.sweeps === false ? undefined : startKeeper(config, keeping)
  // Read at the first submission: a process that only reads runs needs no kernels.
  const kernels = () => config.kernels ?? { machine: loadKernel('machine'), stats: loadKernel('stats') }

  const seen = (run: StoredRun): RunRecord => ({ ...run, slots: capacity.now.slots })

  const assertVerifiable = async (question: Question) => {
    if (question.verifies === null) return
    const { run } = await loadRun(store, question.tenant, question.verifies)
    if (run.inputHash === question.parentKey) return
    throw otherQuestion(run.id, run.provenance.kernels, question.provenance.kernels)
  }

  const downloads = new Downloads(config)
  const results = new KnownResults(config)
  const dispatch: OpenDispatch = {
    submit: (submission) =>
      followed(config, submission, async (asker) => {
        const question = readSubmission(submission, kernels(), packageVersion)
        await assertVerifiable(question)
        const { runId, noted } = await submitQuestion(config, { kick, capacity }, question, submitting, asker)
        const [{ run, jobId }] = await Promise.all([loadRun(store, question.tenant, runId), noted])
        return { run: seen(run), jobId }
      }),
    estimate: (submission) =>
      estimateQuestion(config, capacity, readSubmission(submission, kernels(), packageVersion), submitting),
    async load(tenant, runIds) {
      return (await loadRuns(store, tenant, runIds)).map((found) => found && seen(found.run))
    },
    async list(tenant, filter, first, after) {
      const page = await listRuns(store, tenant, filter, first, after)
      return { ...page, runs: page.runs.map(seen) }
    },
    async cancel(tenant, runId) {
      await cancelRun(config, tenant, runId)
      kick()
      return seen((await loadRun(store, tenant, runId)).run)
    },
    async result(tenant, runId) {
      return results.of(await loadRun(store, tenant, runId))
    },
    async download(tenant, runId, format) {
      return downloads.linkTo(await loadRun(store, tenant, runId), format)
    },
    async settled(tenant, runId, timeoutMs = SETTLED_TIMEOUT_MS) {
      const { loaded, bytes } = await waitForEnd(config, tenant, runId, timeoutMs, pollMs)
      return results.of(loaded, bytes)
    },
    async verify(tenant, runId, asker = {}) {
      return dispatch.submit({ ...(await verification(store, tenant, runId)), asker })
    },
    async fleet(tenant, runs) {
      const view = await viewFleet(config, tenant, runs)
      return { ...view, runs: view.runs.map(seen) }
    },
    async shards(tenant, runIds) {
      const byRun = await loadShardsOf(store, tenant, runIds)
      return runIds.map((runId) => byRun.get(runId) ?? [])
    },
    partial: (tenant, runId) => partials.load(tenant, runId),
    deadLetters: (tenant, runId) => loadDeadLetters(store, tenant, runId),
    async redrive(tenant, runId, shard) {
      if ((await redriveRun(config, tenant, runId, shard)) > 0) kick()
      return seen((await loadRun(store, tenant, runId)).run)
    },
    saveBlob: (tenant, bytes) => saveBlob(store, tenant, bytes),
    loadBlob: (tenant, sha256) => loadBlob(store, tenant, sha256),
    deleteBlobs: (tenant, sha256s) => deleteBlobs(store, tenant, sha256s),
    async close() {
      await Promise.all([sweeper?.stop(), keeper?.stop()])
      await admitter.stop()
      await partials.close()
    },
  }
  return dispatch
}
