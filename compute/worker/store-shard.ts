// Stores what a shard computed, exactly once, before its message is acknowledged.
import type { ShardEnvelope } from '../../schema/jobs.ts'
import { asBuffer, bytesOf } from '../dispatch/blobs.ts'
import { seconds } from '../dispatch/context.ts'
import type { ComputedShard } from './compute-shard.ts'
import type { ShardContent } from './computed.ts'
import type { WorkerContext } from './context.ts'
import { bytesOfShard } from './population/shard-bytes.ts'

export type Stored =
  /** Counted; others are still missing. */
  | 'STORED'
  /** Counted as the last one: the job is to be merged, and the lease is this worker's. */
  | 'LAST'
  /** The same bits were there. */
  | 'DUPLICATE'
  /** Other bits were there; these are kept aside. */
  | 'CONFLICT'
  /** The job has ended: nothing is stored. */
  | 'ENDED'

/** One statement stores and counts a shard; any number of deliveries of it do so once. Rejects with STORE_UNAVAILABLE. */
export async function storeShard(
  worker: WorkerContext,
  envelope: ShardEnvelope,
  result: ComputedShard,
): Promise<Stored> {
  const { tenant, jobId, shard, shardKey } = envelope
  const bytes = storedBytes(worker, result.content)
  const [row] = await worker.store.query<{ stored: boolean; last: boolean | null }>(
    `with live as (
       select from fleet.job where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING') for no key update),
     stored as (
       insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
       select $1, $2, $3, $4, $5, $6, $7, $8 where exists (select from live) on conflict do nothing returning shard),
     counted as (
       update fleet.job set shards_done = shards_done + 1, compute_seconds = compute_seconds + $7,
         status = case when shards_done + 1 = shards_total then 'MERGING' else status end,
         merge_owner = case when shards_done + 1 = shards_total then $8 end,
         merge_lease_until = case when shards_done + 1 = shards_total then clock_timestamp() + make_interval(secs => $9) end
       where tenant = $1 and job_id = $2 and exists (select from stored) returning shards_done = shards_total as last),
     marked as (
       update fleet.shard set status = 'SUCCEEDED', heartbeat_at = clock_timestamp()
       where tenant = $1 and job_id = $2 and shard = $3 and exists (select from counted))
     select exists (select from stored) as stored, (select last from counted) as last`,
    [
      ...[tenant, jobId, shard, shardKey, result.sha256, bytes, result.seconds, worker.id],
      seconds(worker.settings.leaseMs),
    ],
  )
  if (row?.stored) return row.last ? 'LAST' : 'STORED'
  return compareWithStored(worker, envelope, result.sha256, bytes)
}

/** What it means that nothing was stored. */
async function compareWithStored(
  worker: WorkerContext,
  { tenant, jobId, shard, shardKey }: ShardEnvelope,
  hash: string,
  bytes: Buffer,
): Promise<Stored> {
  const [there] = await worker.store.query<{ sha256: string }>(
    'select sha256 from fleet.shard_result where tenant = $1 and job_id = $2 and shard = $3',
    [tenant, jobId, shard],
  )
  if (!there) return 'ENDED'
  if (there.sha256 === hash) return 'DUPLICATE'
  await worker.store.query(
    `insert into fleet.shard_conflict (tenant, job_id, shard, shard_key, sha256, bytes, worker_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenant, jobId, shard, shardKey, hash, bytes, worker.id],
  )
  return 'CONFLICT'
}

/** Of a population's shard the part that any worker needs; the rest only where another worker may merge it. */
function storedBytes({ bus }: WorkerContext, content: ShardContent): Buffer {
  if (content instanceof Float64Array) return asBuffer(bytesOf(content))
  return bytesOfShard(content, bus.adapter !== 'memory')
}
