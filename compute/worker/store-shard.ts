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

class JobEnded extends Error {}

/** One transaction; any number of deliveries of a shard store and count it once. Rejects with STORE_UNAVAILABLE. */
export async function storeShard(
  worker: WorkerContext,
  envelope: ShardEnvelope,
  result: ComputedShard,
): Promise<Stored> {
  const { tenant, jobId, shard, shardKey } = envelope
  const bytes = storedBytes(worker, result.content)
  try {
    return await worker.store.transaction(async (sql) => {
      const inserted = await sql.query(
        `insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning shard`,
        [tenant, jobId, shard, shardKey, result.sha256, bytes, result.seconds, worker.id],
      )
      if (inserted.length === 0) {
        const [there] = await sql.query<{ sha256: string }>(
          'select sha256 from fleet.shard_result where tenant = $1 and job_id = $2 and shard = $3',
          [tenant, jobId, shard],
        )
        if (there?.sha256 === result.sha256) return 'DUPLICATE'
        await sql.query(
          `insert into fleet.shard_conflict (tenant, job_id, shard, shard_key, sha256, bytes, worker_id)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [tenant, jobId, shard, shardKey, result.sha256, bytes, worker.id],
        )
        return 'CONFLICT'
      }
      const [job] = await sql.query<{ last: boolean }>(
        `update fleet.job set shards_done = shards_done + 1, compute_seconds = compute_seconds + $3,
           status = case when shards_done + 1 = shards_total then 'MERGING' else status end,
           merge_owner = case when shards_done + 1 = shards_total then $4 end,
           merge_lease_until = case when shards_done + 1 = shards_total then clock_timestamp() + make_interval(secs => $5) end
         where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING') returning shards_done = shards_total as last`,
        [tenant, jobId, result.seconds, worker.id, seconds(worker.settings.leaseMs)],
      )
      // Thrown, so that the row just written goes too.
      if (!job) throw new JobEnded()
      await sql.query(
        `update fleet.shard set status = 'SUCCEEDED', heartbeat_at = clock_timestamp()
         where tenant = $1 and job_id = $2 and shard = $3`,
        [tenant, jobId, shard],
      )
      return job.last ? 'LAST' : 'STORED'
    })
  } catch (error) {
    if (error instanceof JobEnded) return 'ENDED'
    throw error
  }
}

/** Of a population's shard the part that any worker needs; the rest only where another worker may merge it. */
function storedBytes({ bus }: WorkerContext, content: ShardContent): Buffer {
  if (content instanceof Float64Array) return asBuffer(bytesOf(content))
  return bytesOfShard(content, bus.adapter !== 'memory')
}
