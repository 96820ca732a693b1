// Merges a job whose shards are all there: some rows of all shards at a time, so that memory does not grow with the job.

import type { JobKey } from '../dispatch/context.ts'
import { claimMerge, finishMerge, loadParts, loadShards } from '../dispatch/merge.ts'
import { arrayLengths, headerOf } from '../dispatch/result-bytes.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'
import { persistently } from './persistently.ts'
import type { Slot } from './thread-pool.ts'

/**
 * Merges where the lease is to be had and stores the result; false where somebody else has the lease.
 * True also where the job has ended in the meantime. Rejects with the job's own error, or STORE_UNAVAILABLE.
 */
export async function mergeJob(worker: WorkerContext, key: JobKey, slot: Slot, active: ActiveShard): Promise<boolean> {
  const { leaseMs, mergeCells } = worker.settings
  const claim = () => persistently(worker, active, 'lease', () => claimMerge(worker.store, key, worker.id, leaseMs))
  const job = await claim()
  if (!job) return isOver(worker, key)
  const { plan } = await worker.bindings.load(job.tenant, job.paramsSha256)
  const header = headerOf(plan, job.lanes, job.spec)
  const arrays = arrayLengths(header).map((length) => new Float64Array(length))
  const rows = header.outputs.length * header.times.length
  const step = Math.max(1, Math.floor(mergeCells / job.lanes))
  const shards = await persistently(worker, active, 'parts', () => loadShards(worker.store, job))
  const known = ({ shard, sha256 }: { shard: number; sha256: string }) => worker.computed.find(key, shard, sha256)
  let computeSeconds = 0
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step)
    // Renewed with each round, which is far shorter than the lease.
    if (from > 0 && !(await claim())) return isOver(worker, key)
    const parts = await persistently(worker, active, 'parts', () =>
      loadParts(worker.store, job, shards, [from, to], known),
    )
    const task = { kind: 'MERGE', spec: job.spec, rows: to - from, parts } as const
    const merged = await slot.run(
      task,
      parts.map((part) => part.values.buffer),
      active.signal,
    )
    const stride = (arrays[0] as Float64Array).length / rows
    for (const [i, values] of merged.arrays.entries()) arrays[i]?.set(values, from * stride)
    computeSeconds += merged.seconds
    active.step()
  }
  const sealed = await slot.run(
    { kind: 'SEAL', header, arrays },
    // The arrays of an ensemble are still needed for the time series.
    job.spec.kind === 'LANES' ? arrays.map((array) => array.buffer) : [],
    active.signal,
  )
  const [mean, sd, ...quantiles] = arrays
  const { outputs, times, probabilities } = header
  const ensemble =
    job.spec.kind === 'ENSEMBLE' && mean && sd
      ? ({ kind: 'ENSEMBLE', outputs, times, probabilities, mean, sd, quantiles } as const)
      : undefined
  const result = { ...sealed, computeSeconds: computeSeconds + sealed.seconds, ensemble }
  await persistently(worker, active, 'finish', () => finishMerge(worker, job, worker.id, result))
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
