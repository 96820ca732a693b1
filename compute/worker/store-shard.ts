// Stores what a shard computed, exactly once, before its message is acknowledged.
import { PREPARED } from '../../infra/store/port.ts'
import type { ShardEnvelope } from '../../schema/jobs.ts'
import { asBuffer, bytesOf } from '../dispatch/blobs.ts'
import { seconds } from '../dispatch/context.ts'
import { MERGE_ROW, type MergeJob, type MergeRow, mergeJobOf } from '../dispatch/merge.ts'
import type { ComputedShard } from './compute-shard.ts'
import type { ShardContent } from './computed.ts'
import type { WorkerContext } from './context.ts'
import { bytesOfShard } from './population/shard-bytes.ts'

export type Stored =
  /** Counted; others are still missing. */
  | 'STORED'
  /** Counted as the last one: the job is to be merged, and the lease is this worker's. */
  | 'LAST'
  /** Counted as the last one that was to do; others failed, and the job is to be ended. */
  | 'THROUGH'
  /** The same bits were there. */
  | 'DUPLICATE'
  /** Other bits were there; these are kept aside. */
  | 'CONFLICT'
  /** The job has ended: nothing is stored. */
  | 'ENDED'

export interface StoreOutcome {
  readonly kind: Stored
  /** Of the last one: what there is to merge. */
  readonly merge?: MergeJob
}

/** A shard that was computed, and what it gave. */
export interface ToStore {
  readonly envelope: ShardEnvelope
  readonly result: ComputedShard
  /** What is kept of it in the database. */
  readonly bytes: Buffer
}

/** So much at a time: a statement is to be over before anybody minds. */
export const MOST_STORED = { items: 64, bytes: 4 * 1024 * 1024 } as const

/** Stores a shard, together with those of its job that wait for the same row. Rejects with STORE_UNAVAILABLE. */
export function storeShard(
  worker: WorkerContext,
  envelope: ShardEnvelope,
  result: ComputedShard,
): Promise<StoreOutcome> {
  const bytes = storedBytes(worker, result.content)
  return worker.stores.add(`${envelope.tenant}/${envelope.jobId}`, { envelope, result, bytes })
}

interface StoredRow extends MergeRow {
  readonly stored: readonly number[]
  readonly last: boolean | null
  readonly through: boolean | null
  readonly waiting: boolean
}

/** One statement stores and counts shards of one job; any number of deliveries of them do so once. Rejects with STORE_UNAVAILABLE. */
export async function storeShards(worker: WorkerContext, shards: readonly ToStore[]): Promise<StoreOutcome[]> {
  const { tenant, jobId } = shards[0]!.envelope
  const begins: number[] = []
  let next = 1
  for (const { bytes } of shards) {
    begins.push(next)
    next += bytes.length
  }
  const [row] = await worker.store.query<StoredRow>(
    `with live as (
       select from fleet.job where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING') for no key update),
     given as (
       select * from unnest($3::int[], $4::text[], $5::text[], $6::int[], $7::int[], $8::float8[])
         g(shard, shard_key, sha256, begins, length, seconds)),
     stored as (
       insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
       select $1, $2, g.shard, g.shard_key, g.sha256, substring($9::bytea from g.begins for g.length), g.seconds, $10 from given g
       where exists (select from live) on conflict do nothing returning shard, compute_seconds),
     added as (select count(*)::int as shards, sum(compute_seconds) as seconds from stored),
     counted as (
       update fleet.job set shards_done = shards_done + added.shards, compute_seconds = compute_seconds + added.seconds,
         status = case when shards_done + added.shards = shards_total then 'MERGING' else status end,
         merge_owner = case when shards_done + added.shards = shards_total then $10 end,
         merge_lease_until = case when shards_done + added.shards = shards_total then clock_timestamp() + make_interval(secs => $11) end
       from added where tenant = $1 and job_id = $2 and added.shards > 0
       returning shards_done = shards_total as last, shards_done + shards_failed = shards_total as through, ${MERGE_ROW}),
     marked as (
       update fleet.shard s set status = 'SUCCEEDED', heartbeat_at = clock_timestamp() from stored
       where s.tenant = $1 and s.job_id = $2 and s.shard = stored.shard and exists (select from counted))
     select array(select shard from stored) as stored, counted.*,
       exists (select from fleet.shard where status = 'QUEUED' and not admitted) as waiting
     from (select) nothing left join counted on true`,
    [
      ...[tenant, jobId, shards.map(({ envelope }) => envelope.shard), shards.map(({ envelope }) => envelope.shardKey)],
      ...[shards.map(({ result }) => result.sha256), begins, shards.map(({ bytes }) => bytes.length)],
      ...[shards.map(({ result }) => result.seconds), joined(shards), worker.id, seconds(worker.settings.leaseMs)],
    ],
    PREPARED,
  )
  if (row?.waiting) for (const _ of row.stored) worker.admitter.freed()
  const [first] = row?.stored ?? []
  return Promise.all(
    shards.map(async (one): Promise<StoreOutcome> => {
      const { shard } = one.envelope
      if (!row?.stored.includes(shard)) return { kind: await compareWithStored(worker, one) }
      // Of several that were the last together, one ends the job.
      if (shard !== first || !(row.last || row.through)) return { kind: 'STORED' }
      return row.last ? { kind: 'LAST', merge: mergeJobOf({ tenant, jobId }, row) } : { kind: 'THROUGH' }
    }),
  )
}

/** The bytes of all, one after the other; of one alone they are not copied. */
function joined(shards: readonly ToStore[]): Buffer {
  return shards.length === 1 ? shards[0]!.bytes : Buffer.concat(shards.map(({ bytes }) => bytes))
}

/** What it means that nothing was stored. */
async function compareWithStored(
  worker: WorkerContext,
  { envelope: { tenant, jobId, shard, shardKey }, result: { sha256: hash }, bytes }: ToStore,
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
