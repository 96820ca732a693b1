// Merges a job whose shards are all there, under its lease.

import type { JobKey } from '../dispatch/context.ts'
import { claimMerge, finishMerge, loadShards, type MergeJob } from '../dispatch/merge.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'
import { type Merging, mergeRows } from './merge-rows.ts'
import { mergeSums } from './merge-sums.ts'
import { assertHeld } from './missing-kernel.ts'
import { persistently } from './persistently.ts'
import type { Slot } from './thread-pool.ts'

/**
 * Merges where the lease is to be had and stores the result; false where somebody else has the lease.
 * True also where the job has ended in the meantime. Rejects with the job's own error, STORE_UNAVAILABLE, or KernelElsewhere (missing-kernel.ts).
 * @param leased the job, where the storing of its last shard has given this worker the lease just now.
 */
export async function mergeJob(
  worker: WorkerContext,
  key: JobKey,
  slot: Slot,
  active: ActiveShard,
  leased?: MergeJob,
): Promise<boolean> {
  const { leaseMs } = worker.settings
  const claim = () => persistently(worker, active, 'lease', () => claimMerge(worker.store, key, worker.id, leaseMs))
  const job = leased ?? (await claim())
  if (!job) return isOver(worker, key)
  for (const kernel of [job.kernels.machine, job.kernels.stats]) if (kernel) await assertHeld(worker, active, kernel)
  const shards =
    worker.computed.whole(job) ?? (await persistently(worker, active, 'parts', () => loadShards(worker.store, job)))
  const merging: Merging = { worker, slot, active, job, shards, renew: async () => (await claim()) !== undefined }
  const { spec } = job
  const merged = spec.kind === 'POPULATION' ? await mergeSums(merging, spec) : await mergeRows(merging, spec)
  if (!merged) return isOver(worker, key)
  // The thread goes on with another shard while the result is stored.
  slot.release()
  worker.announcer.forget(key)
  await persistently(worker, active, 'finish', () => finishMerge(worker, job, worker.id, merged))
  worker.computed.forget(key, shards.length)
  return true
}

async function isOver(worker: WorkerContext, { tenant, jobId }: JobKey): Promise<boolean> {
  const waiting = await worker.store.query(
    `select from fleet.job where tenant = $1 and job_id = $2 and status = 'MERGING'`,
    [tenant, jobId],
  )
  return waiting.length === 0
}
