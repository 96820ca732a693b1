// The bytes of a population's shard: what its hash is of, and what is stored of it.
//
// f64 little-endian: [lengths of numbers, runs, kept and order] numbers, runs, kept; then order, u16 (see shard-numbers.ts). The hash is of
// the numbers: the rest comes of the same values. Where bus and worker are one process, and a shard that is lost with it is computed again
// sooner than it is stored and read, the numbers alone are stored.
import { createHash } from 'node:crypto'
import { asFloats, bytesOf } from '../../dispatch/blobs.ts'
import type { ShardNumbers } from './shard-numbers.ts'

const LENGTHS = 4

const lengthsOf = ({ numbers, runs, kept, order }: ShardNumbers) =>
  Float64Array.of(numbers.length, runs.length, kept.length, order.length)

export function hashOfShard(shard: ShardNumbers): string {
  return createHash('sha256')
    .update(bytesOf(lengthsOf(shard)))
    .update(bytesOf(shard.numbers))
    .digest('hex')
}

export function bytesOfShard(shard: ShardNumbers, whole: boolean): Buffer {
  const { numbers, runs, kept, order } = shard
  const parts = [lengthsOf(shard), numbers, ...(whole ? [runs, kept, order] : [])]
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)))
}

/** The shard that is stored; undefined where only its numbers are. */
export function shardOf(bytes: Uint8Array): ShardNumbers | undefined {
  const [numbers = 0, runs = 0, kept = 0, order = 0] = asFloats(bytes.subarray(0, 8 * LENGTHS))
  const reals = LENGTHS + numbers + runs + kept
  if (bytes.byteLength !== 8 * reals + 2 * order) return undefined
  const values = asFloats(bytes.subarray(0, 8 * reals))
  const runsAt = LENGTHS + numbers
  return {
    numbers: values.subarray(LENGTHS, runsAt),
    runs: values.subarray(runsAt, runsAt + runs),
    kept: values.subarray(runsAt + runs),
    // Copied, so that it begins at an even address.
    order: new Uint16Array(new Uint8Array(bytes.subarray(8 * reals)).buffer),
  }
}

export function bytesInShard({ numbers, runs, kept, order }: ShardNumbers): number {
  return numbers.byteLength + runs.byteLength + kept.byteLength + order.byteLength
}
