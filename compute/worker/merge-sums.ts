// Merges the shards of a population: from memory, from the store, or computed again where neither has them whole.
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import type { PopulationSpec } from '../../schema/jobs.ts'
import { loadShardBytes, type Merged } from '../dispatch/merge.ts'
import { encodePopulation } from '../dispatch/population-bytes.ts'
import type { WorkerContext } from './context.ts'
import type { Merging } from './merge-rows.ts'
import { persistently } from './persistently.ts'
import { joinShares, type Share, sharesOf } from './population/figures.ts'
import { shardOf } from './population/shard-bytes.ts'
import type { ShardNumbers } from './population/shard-numbers.ts'
import type { PopulationShard } from './population/totals.ts'
import type { Slot } from './thread-pool.ts'

/** undefined where the lease was lost on the way. */
export async function mergeSums(merging: Merging, spec: PopulationSpec): Promise<Merged | undefined> {
  const { worker, slot, active, job } = merging
  const load = <T>(work: () => Promise<T>) => persistently(worker, active, 'parts', work)
  const { binding, planHash } = await load(() => worker.bindings.load(job.tenant, job.paramsSha256))
  const columns = await load(() => worker.bindings.wholeColumns(job.tenant, binding))
  const common = {
    kernel: job.kernels.machine,
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
      worker.computed.numbers(job, shard, hash) ?? shardOf(await load(() => loadShardBytes(worker.store, job, shard)))
    shards.push({ ...(known ?? (await again(shard, range, hash))), lanes })
    active.step()
  }
  const shares = await shared(worker, slot, sharesOf(spec), (own, share) =>
    own.run({ kind: 'FIGURES', ...common, lanes: job.lanes, shards, share }, [], active.signal),
  )
  for (const { seconds } of shares) computeSeconds += seconds
  const bytes = encodePopulation(
    joinShares(
      spec,
      shares.map(({ figures }) => figures),
    ),
  )
  return { bytes, sha256: sha256(bytes), computeSeconds, ensemble: undefined }

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

/** Does the work in as many shares as there are threads that have nothing else to do, `most` at most. */
async function shared<T>(
  { pool }: WorkerContext,
  slot: Slot,
  most: number,
  work: (slot: Slot, share: Share) => Promise<T>,
): Promise<T[]> {
  const slots = [slot]
  while (slots.length < most) {
    const idle = pool.acquireIdle()
    if (!idle) break
    slots.push(idle)
  }
  // A slot is given back once its thread is through, also where another one failed.
  const done = await Promise.allSettled(slots.map((own, index) => work(own, { index, of: slots.length })))
  for (const other of slots.slice(1)) other.release()
  return done.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
