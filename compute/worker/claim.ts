// Claims a shard: decides, in one transaction, what a delivery of it means.
import { PREPARED } from '../../infra/store/port.ts'
import type { ShardEnvelope } from '../../schema/jobs.ts'
import { isTerminal, type RunStatus } from '../../schema/terms/run.ts'
import { seconds } from '../dispatch/context.ts'
import type { WorkerContext } from './context.ts'

export type Claim =
  /** Ours to compute. `first`: no shard of the job was worked on before. */
  | { readonly kind: 'RUN'; readonly first: boolean }
  /** Computed or given up already, or its job has ended. */
  | { readonly kind: 'DONE' }
  /** Somebody alive works on it. */
  | { readonly kind: 'BUSY' }
  /** All shards are there, the merge may be nobody's. */
  | { readonly kind: 'MERGE' }
  /** The database knows no such shard. */
  | { readonly kind: 'GONE' }
  /** It has killed this many workers. */
  | { readonly kind: 'POISON'; readonly deaths: number }
  /** The envelope says something else than the database, the truth; `path` is the member. */
  | { readonly kind: 'REFUSED'; readonly path: string }

/** Workers that die of a shard before it is held to be the shard's fault. */
export const POISON_DEATHS = 2

interface ShardRow {
  readonly job_status: RunStatus
  readonly status: string
  readonly shard_key: string
  readonly params_sha256: string
  readonly seed: string
  readonly lane_from: number
  readonly lane_to: number
  readonly worker_id: string | null
  readonly deaths: number
  readonly fresh: boolean
}

/** Two heartbeats may be late before a shard counts as left. */
const staleMs = (ackWaitMs: number) => 0.75 * ackWaitMs

/** Claims of one job that are made at a time. */
export const MOST_CLAIMED = { items: 64 } as const

/** Rejects with STORE_UNAVAILABLE. */
export async function claimShard(worker: WorkerContext, envelope: ShardEnvelope): Promise<Claim> {
  return (await worker.claims.add(`${envelope.tenant}/${envelope.jobId}`, envelope)) ?? decide(worker, envelope)
}

/**
 * The claims of shards of one job where nothing stands in the way, which one statement sees: the job runs or has only to be begun, the
 * shard waits and has killed nobody, and the envelope says what the database does; else undefined, and nothing has changed but that the
 * job has begun. The row of a job that runs is not locked: who ends the job ends its shards after it.
 */
export async function claimWaiting(
  worker: Pick<WorkerContext, 'store' | 'id'>,
  envelopes: readonly ShardEnvelope[],
): Promise<(Claim | undefined)[]> {
  const { tenant, jobId } = envelopes[0]!
  const claimed = await worker.store.query<{ shard: number; first: boolean }>(
    `with begun as (
       update fleet.job set status = 'RUNNING', started_at = clock_timestamp()
       where tenant = $1 and job_id = $2 and status = 'QUEUED' returning job_id)
     update fleet.shard s set status = 'RUNNING', worker_id = $3, heartbeat_at = clock_timestamp()
     from fleet.job j, unnest($4::int[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[])
       said(shard, shard_key, params_sha256, seed, lane_from, lane_to)
     where s.tenant = $1 and s.job_id = $2 and s.shard = said.shard and j.tenant = $1 and j.job_id = $2
       and (j.status = 'RUNNING' or exists (select from begun)) and s.status = 'QUEUED' and s.deaths = 0
       and s.shard_key = said.shard_key and j.params_sha256 = said.params_sha256 and j.seed = said.seed
       and s.lane_from = said.lane_from and s.lane_to = said.lane_to
     returning s.shard, exists (select from begun) as first`,
    [
      ...[tenant, jobId, worker.id, envelopes.map((e) => e.shard), envelopes.map((e) => e.shardKey)],
      ...[envelopes.map((e) => e.params.sha256), envelopes.map((e) => e.seed)],
      ...[envelopes.map((e) => e.range.from), envelopes.map((e) => e.range.to)],
    ],
    PREPARED,
  )
  const byShard = new Map(claimed.map(({ shard, first }) => [shard, { kind: 'RUN', first } as const]))
  return envelopes.map(({ shard }) => byShard.get(shard))
}

async function decide(worker: WorkerContext, envelope: ShardEnvelope): Promise<Claim> {
  const { tenant, jobId, shard } = envelope
  return worker.store.transaction(async (sql) => {
    // The job before the shard, as everywhere: locks taken in one order do not deadlock.
    const begun = await sql.query(
      `update fleet.job set status = 'RUNNING', started_at = clock_timestamp()
       where tenant = $1 and job_id = $2 and status = 'QUEUED' returning job_id`,
      [tenant, jobId],
    )
    const [row] = await sql.query<ShardRow>(
      `select j.status as job_status, s.status, s.shard_key, j.params_sha256, j.seed, s.lane_from, s.lane_to, s.worker_id, s.deaths,
         coalesce(s.heartbeat_at > clock_timestamp() - make_interval(secs => $4), false) as fresh
       from fleet.shard s join fleet.job j using (tenant, job_id)
       where s.tenant = $1 and s.job_id = $2 and s.shard = $3 for update of s`,
      [tenant, jobId, shard, seconds(staleMs(worker.settings.ackWaitMs))],
    )
    if (!row) return { kind: 'GONE' }
    if (isTerminal(row.job_status)) return { kind: 'DONE' }
    if (row.job_status === 'MERGING') return { kind: 'MERGE' }
    if (row.status === 'SUCCEEDED' || row.status === 'FAILED') return { kind: 'DONE' }
    const wrong = difference(envelope, row)
    if (wrong) return { kind: 'REFUSED', path: wrong }
    const left = row.status === 'RUNNING' && row.worker_id !== null && row.worker_id !== worker.id
    if (left && row.fresh) return { kind: 'BUSY' }
    const died = left && (await isDead(worker, row.worker_id as string))
    if (died) worker.metrics.shardDeaths.inc({ cause: 'worker' })
    const deaths = row.deaths + (died ? 1 : 0)
    await sql.query(
      `update fleet.shard set status = 'RUNNING', worker_id = $4, heartbeat_at = clock_timestamp(), deaths = $5
       where tenant = $1 and job_id = $2 and shard = $3`,
      [tenant, jobId, shard, worker.id, deaths],
    )
    return deaths >= POISON_DEATHS ? { kind: 'POISON', deaths } : { kind: 'RUN', first: begun.length > 0 }
  })
}

function difference(envelope: ShardEnvelope, row: ShardRow): string | undefined {
  if (envelope.shardKey !== row.shard_key) return 'shardKey'
  if (envelope.params.sha256 !== row.params_sha256) return 'params'
  if (envelope.seed !== row.seed) return 'seed'
  if (envelope.range.from !== row.lane_from || envelope.range.to !== row.lane_to) return 'range'
  return undefined
}

/** True where a worker's heartbeat has run out. A bus that does not answer accuses nobody. */
async function isDead(worker: WorkerContext, workerId: string): Promise<boolean> {
  try {
    const bucket = await worker.bus.bucket('qz_workers')
    return (await bucket.get(workerId)) === undefined
  } catch {
    return false
  }
}

/** Gives a claimed shard back; with `death`, one more is counted against it. Returns the deaths so far. */
export async function releaseShard(worker: WorkerContext, envelope: ShardEnvelope, death: boolean): Promise<number> {
  const [row] = await worker.store.query<{ deaths: number }>(
    `update fleet.shard set status = 'QUEUED', worker_id = null, heartbeat_at = null, published_at = now(), deaths = deaths + $5
     where tenant = $1 and job_id = $2 and shard = $3 and worker_id = $4 and status = 'RUNNING' returning deaths`,
    [envelope.tenant, envelope.jobId, envelope.shard, worker.id, death ? 1 : 0],
  )
  return row?.deaths ?? 0
}
