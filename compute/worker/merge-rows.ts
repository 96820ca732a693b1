// Merges the lanes of a job: some rows of all shards at a time, so that memory does not grow with the job.
import { loadParts, type Merged, type MergeJob, type StoredShard } from '../dispatch/merge.ts'
import { emptyResult, headerOf, type RowSpec } from '../dispatch/result-bytes.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'
import { persistently } from './persistently.ts'
import type { Slot } from './thread-pool.ts'

/** A merge whose lease this worker has. */
export interface Merging {
  readonly worker: WorkerContext
  readonly slot: Slot
  readonly active: ActiveShard
  readonly job: MergeJob
  readonly shards: readonly StoredShard[]
  /** False where the lease is no longer to be had. */
  renew(): Promise<boolean>
}

/** undefined where the lease was lost on the way. */
export async function mergeRows(merging: Merging, spec: RowSpec): Promise<Merged | undefined> {
  const { worker, slot, active, job, shards } = merging
  const { binding } = await worker.bindings.load(job.tenant, job.paramsSha256)
  const header = headerOf(binding.plan, job.lanes, spec)
  // Where they are to be stored: the largest result, of 128 MiB, lies in memory once.
  const { bytes, arrays } = emptyResult(header)
  const rows = header.outputs.length * header.times.length
  const step = Math.max(1, Math.floor(worker.settings.mergeCells / job.lanes))
  const known = ({ shard, sha256 }: StoredShard) => worker.computed.values(job, shard, sha256)
  let computeSeconds = 0
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step)
    // Renewed with each round, which is far shorter than the lease.
    if (from > 0 && !(await merging.renew())) return undefined
    const parts = await persistently(worker, active, 'parts', () =>
      loadParts(worker.store, job, shards, [from, to], known),
    )
    // Rows of lanes are put together without a kernel.
    const kernel = job.kernels.stats ?? job.kernels.machine
    const task = { kind: 'MERGE', kernel, spec, rows: to - from, parts } as const
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
    { kind: 'SEAL', bytes },
    // The arrays of an ensemble are still needed for the time series.
    spec.kind === 'LANES' ? [bytes.buffer] : [],
    active.signal,
  )
  const [mean, sd, ...quantiles] = arrays
  const { outputs, times, probabilities } = header
  const ensemble =
    spec.kind === 'ENSEMBLE' && mean && sd
      ? ({ kind: 'ENSEMBLE', outputs, times, probabilities, mean, sd, quantiles } as const)
      : undefined
  return { ...sealed, computeSeconds: computeSeconds + sealed.seconds, ensemble }
}
