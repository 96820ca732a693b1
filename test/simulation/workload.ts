// The work of a simulation: jobs of tenants, cut into shards, and how far each has come.
import type { SimulationOptions } from './options.ts'
import type { Random } from './random.ts'

export const CLASSES = 3
export const BUCKETS = 16
export const QUEUES = CLASSES * BUCKETS
/** Of ten jobs two are interactive, five normal, three batch. */
const CLASS_SHARES = [0.2, 0.7]

export interface Workload {
  readonly jobs: number
  readonly shards: Int32Array
  readonly tenant: Int32Array
  /** Which of the 48 consumers its shards go to. */
  readonly queue: Uint8Array
  readonly submittedAt: Float64Array
  readonly unpublished: Int32Array
  readonly stored: Int32Array
  readonly announced: Int32Array
  readonly announcedAt: Float64Array
  /** When its first shard was stored and when it was merged; -1 before. */
  readonly firstStoredAt: Float64Array
  readonly endedAt: Float64Array
  /** By tenant: its jobs in the order in which it asks for them. */
  readonly ofTenant: readonly (readonly number[])[]
}

export function makeWorkload({ shards: total, jobShards, tenants }: SimulationOptions, random: Random): Workload {
  const sizes: number[] = []
  for (let left = total; left > 0; ) {
    const size = Math.min(left, Math.max(1, Math.round(jobShards * (0.25 + 0.75 * random.next()))))
    sizes.push(size)
    left -= size
  }
  const jobs = sizes.length
  const tenant = Int32Array.from(sizes, (_, job) => job % tenants)
  const ofTenant = Array.from({ length: tenants }, () => [] as number[])
  for (let job = 0; job < jobs; job++) ofTenant[tenant[job]!]!.push(job)
  const bucketOf = Array.from({ length: tenants }, () => random.below(BUCKETS))
  const queue = Uint8Array.from(sizes, (_, job) => {
    const draw = random.next()
    const jobClass = draw < CLASS_SHARES[0]! ? 0 : draw < CLASS_SHARES[1]! ? 1 : 2
    return jobClass * BUCKETS + bucketOf[tenant[job]!]!
  })
  return {
    jobs,
    shards: Int32Array.from(sizes),
    tenant,
    queue,
    submittedAt: new Float64Array(jobs),
    unpublished: Int32Array.from(sizes),
    stored: new Int32Array(jobs),
    announced: new Int32Array(jobs),
    announcedAt: new Float64Array(jobs).fill(-1e9),
    firstStoredAt: new Float64Array(jobs).fill(-1),
    endedAt: new Float64Array(jobs).fill(-1),
    ofTenant,
  }
}
