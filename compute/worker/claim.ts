// Claims a shard: decides, in one transaction, what a delivery of it means.
import type { ShardEnvelope } from '../../schema/jobs.ts'
import { isTerminal, type RunStatus } from '../../schema/terms/run.ts'
import { seconds } from '../dispatch/context.ts'
import type { WorkerContext } from './context.ts'

export type Claim =
  /** Ours to compute. `first`: no shard of the job was worked on before. */
  | { readonly kind: 'RUN'; readonly first: boolean }
  /** Computed already, or its job has ended. */
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

/** Rejects with STORE_UNAVAILABLE. */
export async function claimShard(worker: WorkerContext, envelope: ShardEnvelope): Promise<Claim> {
  if (await claimWaiting(worker, envelope)) return { kind: 'RUN', first: false }
  return decide(worker, envelope)
}

/**
 * True where nothing stands in the way, which one statement sees: the job runs, the shard waits and has killed nobody, and the envelope
 * says what the database does. The job's row is not locked: who ends the job ends its shards after it.
 */
async function claimWaiting(worker: WorkerContext, envelope: ShardEnvelope): Promise<boolean> {
  const { tenant, jobId, shard, shardKey, params, seed, range } = envelope
  const claimed = await worker.store.query(
    `update fleet.shard s set status = 'RUNNING', worker_id = $4, heartbeat_at = clock_timestamp() from fleet.job j
     where s.tenant = $1 and s.job_id = $2 and s.shard = $3 and j.tenant = s.tenant and j.job_id = s.job_id
       and j.status = 'RUNNING' and s.status = 'QUEUED' and s.deaths = 0
       and s.shard_key = $5 and j.params_sha256 = $6 and j.seed = $7 and s.lane_from = $8 and s.lane_to = $9
     returning s.shard`,
    [tenant, jobId, shard, worker.id, shardKey, params.sha256, seed, range.from, range.to],
  )
  return claimed.length > 0
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
    if (row.status === 'SUCCEEDED') return { kind: 'DONE' }
    const wrong = difference(envelope, row)
    if (wrong) return { kind: 'REFUSED', path: wrong }
    const left = row.status === 'RUNNING' && row.worker_id !== null && row.worker_id !== worker.id
    if (left && row.fresh) return { kind: 'BUSY' }
    const deaths = row.deaths + (left && (await isDead(worker, row.worker_id as string)) ? 1 : 0)
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
