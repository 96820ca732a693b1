// The bytes of a population's shard: what its hash is of, and what is stored of it.
//
// f64 little-endian: [lengths of numbers, runs and kept] numbers, runs, kept (see shard-numbers.ts). Where bus and worker are one process,
// and a shard that is lost with it is computed again sooner than it is stored and read, only what comes before the runs is stored.
import { createHash } from 'node:crypto'
import { bytesOf } from '../../dispatch/blobs.ts'
import type { ShardNumbers } from './shard-numbers.ts'

const lengthsOf = ({ numbers, runs, kept }: ShardNumbers) => Float64Array.of(numbers.length, runs.length, kept.length)

/** SHA-256 of the whole. */
export function hashOfShard(shard: ShardNumbers): string {
  const hash = createHash('sha256')
  for (const part of [lengthsOf(shard), shard.numbers, shard.runs, shard.kept]) hash.update(bytesOf(part))
  return hash.digest('hex')
}

export function bytesOfShard(shard: ShardNumbers, whole: boolean): Buffer {
  const parts = [lengthsOf(shard), shard.numbers, ...(whole ? [shard.runs, shard.kept] : [])]
  return Buffer.concat(parts.map(bytesOf))
}

/** The shard that is stored; undefined where only a part of it is. @param values the stored bytes as f64 */
export function shardOf(values: Float64Array): ShardNumbers | undefined {
  const [numbers = 0, runs = 0, kept = 0] = values
  if (values.length !== 3 + numbers + runs + kept) return undefined
  const runsAt = 3 + numbers
  return {
    numbers: values.subarray(3, runsAt),
    runs: values.subarray(runsAt, runsAt + runs),
    kept: values.subarray(runsAt + runs),
  }
}

export function bytesInShard({ numbers, runs, kept }: ShardNumbers): number {
  return numbers.byteLength + runs.byteLength + kept.byteLength
}
