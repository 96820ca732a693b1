// Merges the shards of a population: from memory, from the store, or computed again where neither has them whole.
import { QuesnayError } from '../../schema/errors.ts'
import type { PopulationSpec } from '../../schema/jobs.ts'
import { asFloats } from '../dispatch/blobs.ts'
import { loadShardBytes, type Merged } from '../dispatch/merge.ts'
import { loadKernel } from './kernels.ts'
import type { Merging } from './merge-rows.ts'
import { persistently } from './persistently.ts'
import type { PopulationShard } from './population/merge-population.ts'
import { shardOf } from './population/shard-bytes.ts'
import type { ShardNumbers } from './population/shard-numbers.ts'

/** undefined where the lease was lost on the way. */
export async function mergeSums(merging: Merging, spec: PopulationSpec): Promise<Merged | undefined> {
  const { worker, slot, active, job } = merging
  const load = <T>(work: () => Promise<T>) => persistently(worker, active, 'parts', work)
  const { binding, planHash } = await load(() => worker.bindings.load(job.tenant, job.paramsSha256))
  const columns = await load(() => worker.bindings.wholeColumns(job.tenant, binding))
  const { name, sha256, abi } = loadKernel('machine')
  const common = {
    kernel: { name, sha256, abi },
    plan: { hash: planHash, plan: binding.plan },
    given: { inputs: binding.inputs, series: binding.series },
    ...{ columns, seed: job.seed, spec },
  }
  active.follow(() => slot.chunks())
  let computeSeconds = 0
  let from = 0
  const shards: PopulationShard[] = []
  for (const { shard, lanes, sha256: hash } of merging.shards) {
    const range = { from, to: from + lanes }
    from = range.to
    const known =
      worker.computed.numbers(job, shard, hash) ??
      shardOf(asFloats(await load(() => loadShardBytes(worker.store, job, shard))))
    shards.push({ ...(known ?? (await again(shard, range, hash))), lanes })
    active.step()
  }
  const merged = await slot.run({ kind: 'MERGE_POPULATION', ...common, lanes: job.lanes, shards }, [], active.signal)
  return { ...merged, computeSeconds: computeSeconds + merged.seconds, ensemble: undefined }

  /** A shard whose worker is gone with what it kept. */
  async function again(shard: number, range: { from: number; to: number }, hash: string): Promise<ShardNumbers> {
    if (!(await merging.renew())) throw new QuesnayError('STORE_UNAVAILABLE', 'the lease of a merge was lost')
    const done = await slot.run({ kind: 'SUM', ...common, range }, [], active.signal)
    computeSeconds += done.seconds
    if (done.sha256 === hash) return done.numbers
    const message = `shard ${shard} was computed again and gave other bits`
    throw new QuesnayError('DETERMINISM_ALARM', message, { shard, expected: hash, got: done.sha256 })
  }
}
