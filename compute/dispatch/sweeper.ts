// The sweeper: compares the database, which is the truth, with what should be on its way, and sends again what was lost.
import type { KernelRef, ResultSpec } from '../../schema/jobs.ts'
import type { JobClass } from '../../schema/terms/run.ts'
import { announce } from './announce.ts'
import { type Fleet, type JobKey, seconds } from './context.ts'
import { failJob } from './endings.ts'
import { type Message, messageOf, queued } from './envelope.ts'
import { type OutboxRow, publishOutbox } from './publish.ts'

export interface SweepOptions {
  /** Time between two sweeps. */
  readonly sweepIntervalMs: number
  /** A shard that nobody works on is sent again this long after it was last sent, twice as long each further time. */
  readonly lostAfterMs: number
  /** An outbox row is left this long to the process that wrote it. */
  readonly publishGraceMs: number
  /** Shards last heard of before this instant are lost whatever their age: when the bus began empty. */
  readonly lostBefore?: Date
}

export interface SweepReport {
  readonly published: number
  readonly resent: number
  readonly merges: number
  readonly announced: number
  readonly expired: number
}

/** Rows of one sweep at most: what is left comes next time. */
const BATCH = 500
/** The waiting time stops doubling here: 32 times. */
const MAX_DOUBLINGS = 5

/**
 * One sweep: publishes what the outbox still holds, sends shards again that are neither done nor alive, wakes a worker for
 * merges whose lease ran out, repeats events that were not said, and fails jobs past their deadline.
 * Any number of processes may sweep at once. Rejects where the store or the bus is away; the next sweep goes on.
 */
export async function sweep(fleet: Fleet, options: SweepOptions): Promise<SweepReport> {
  const published = await publishOverdue(fleet, options)
  const resent = await resend(fleet, await claimLost(fleet, options))
  const merges = await resend(fleet, await claimMerges(fleet, options))
  const announced = await announceMissed(fleet)
  const expired = await failExpired(fleet)
  fleet.metrics.backlog.set(await fleet.bus.backlog())
  return { published, resent, merges, announced, expired }
}

async function publishOverdue(fleet: Fleet, { publishGraceMs }: SweepOptions): Promise<number> {
  const rows = await fleet.store.query<OutboxRow>(
    `select id, subject, message_id, body from fleet.outbox
     where published_at is null and created_at < now() - make_interval(secs => $1) order by id limit ${BATCH}`,
    [seconds(publishGraceMs)],
  )
  return publishOutbox(fleet, rows)
}

interface LostShard {
  readonly tenant: string
  readonly job_id: string
  readonly shard: number
  readonly shard_key: string
  readonly lane_from: number
  readonly lane_to: number
  readonly attempt_epoch: number
  readonly class: JobClass
  readonly kernel_name: string
  readonly kernel_sha256: string
  readonly abi: number
  readonly parent_key: string
  readonly params_sha256: string
  readonly seed: string
  readonly result_spec: ResultSpec
  readonly chunk_steps: number
  readonly created_at: Date
  readonly deadline_at: Date | null
}

const CLAIMED = `s.tenant, s.job_id, s.shard, s.shard_key, s.lane_from, s.lane_to, s.attempt_epoch, j.class, j.kernel_name,
  j.kernel_sha256, j.abi, j.parent_key, j.params_sha256, j.seed, j.result_spec, j.chunk_steps, j.created_at, j.deadline_at`

/**
 * Shards that are not done and of which nothing was heard: not sent, not worked on. A shard that only waits in a long queue is
 * among them; sending it again puts it at the end, which is why the waiting time doubles.
 */
async function claimLost(fleet: Fleet, { lostAfterMs, lostBefore }: SweepOptions): Promise<LostShard[]> {
  return fleet.store.query<LostShard>(
    `with lost as (
       select s.tenant, s.job_id, s.shard from fleet.shard s join fleet.job j using (tenant, job_id)
       where s.status in ('QUEUED', 'RUNNING') and j.status in ('QUEUED', 'RUNNING')
         and greatest(s.published_at, s.heartbeat_at)
             < greatest(now() - make_interval(secs => $1 * power(2, least(s.attempt_epoch, ${MAX_DOUBLINGS}))), $2::timestamptz)
         and not exists (select from fleet.outbox o where o.tenant = s.tenant and o.job_id = s.job_id and o.shard = s.shard
                           and o.published_at is null)
       order by s.published_at limit ${BATCH} for update of s skip locked)
     update fleet.shard s set attempt_epoch = s.attempt_epoch + 1, published_at = now()
     from lost, fleet.job j
     where (s.tenant, s.job_id, s.shard) = (lost.tenant, lost.job_id, lost.shard)
       and j.tenant = s.tenant and j.job_id = s.job_id
     returning ${CLAIMED}`,
    [seconds(lostAfterMs), lostBefore ?? null],
  )
}

/** The first shard of each job whose merge nobody does: a worker that gets its message finds the merge to do. */
async function claimMerges(fleet: Fleet, { sweepIntervalMs }: SweepOptions): Promise<LostShard[]> {
  return fleet.store.query<LostShard>(
    `with stuck as (
       select s.tenant, s.job_id, s.shard from fleet.shard s join fleet.job j using (tenant, job_id)
       where j.status = 'MERGING' and s.shard = 0
         and (j.merge_lease_until is null or j.merge_lease_until < now())
         and s.published_at < now() - make_interval(secs => $1)
       limit ${BATCH} for update of s skip locked)
     update fleet.shard s set attempt_epoch = s.attempt_epoch + 1, published_at = now()
     from stuck, fleet.job j
     where (s.tenant, s.job_id, s.shard) = (stuck.tenant, stuck.job_id, stuck.shard)
       and j.tenant = s.tenant and j.job_id = s.job_id
     returning ${CLAIMED}`,
    [seconds(sweepIntervalMs)],
  )
}

async function resend(fleet: Fleet, shards: readonly LostShard[]): Promise<number> {
  for (const shard of shards) {
    const { subject, body, messageId } = messageFor(shard)
    // A copy that only waits is taken out first, so that a long queue does not fill with repetitions.
    await fleet.bus.purge(queued({ tenant: shard.tenant, jobId: shard.job_id }, shard.shard))
    await fleet.bus.enqueue(subject, body, messageId)
    fleet.log.info({ tenant: shard.tenant, jobId: shard.job_id, shard: shard.shard }, 'a shard was sent again')
  }
  return shards.length
}

function messageFor(s: LostShard): Message {
  const kernel: KernelRef = { name: s.kernel_name, sha256: s.kernel_sha256, abi: s.abi }
  return messageOf({
    tenant: s.tenant,
    jobId: s.job_id,
    class: s.class,
    kernel,
    parentKey: s.parent_key,
    paramsSha256: s.params_sha256,
    seed: s.seed,
    spec: s.result_spec,
    chunkSteps: s.chunk_steps,
    submittedAt: s.created_at.getTime(),
    deadlineAt: s.deadline_at?.getTime() ?? Number.MAX_SAFE_INTEGER,
    shard: s.shard,
    shardKey: s.shard_key,
    range: { from: s.lane_from, to: s.lane_to },
    attemptEpoch: s.attempt_epoch,
  })
}

/** Runs whose subscribers have not heard the state they are in; events are kept an hour, so later it would not help. */
async function announceMissed(fleet: Fleet): Promise<number> {
  const jobs = await fleet.store.query<{ tenant: string; job_id: string }>(
    `select distinct r.tenant, r.job_id from fleet.run r join fleet.job j using (tenant, job_id)
     where r.announced in ('QUEUED', 'RUNNING', 'MERGING')
       and r.announced <> case when r.cancelled_at is null then j.status else 'CANCELLED' end
       and coalesce(j.finished_at > now() - interval '1 hour', true) limit ${BATCH}`,
  )
  for (const { tenant, job_id: jobId } of jobs) await announce(fleet, { tenant, jobId })
  return jobs.length
}

async function failExpired(fleet: Fleet): Promise<number> {
  const jobs = await fleet.store.query<JobKey>(
    `select tenant, job_id as "jobId" from fleet.job
     where status in ('QUEUED', 'RUNNING', 'MERGING') and deadline_at < now() limit ${BATCH}`,
  )
  for (const { tenant, jobId } of jobs) {
    const message = 'the job did not end before its deadline'
    await failJob(fleet, { tenant, jobId }, { code: 'KERNEL_FAILED', message, detail: { reason: 'deadline' } })
  }
  return jobs.length
}

export interface Sweeper {
  stop(): Promise<void>
}

/** Sweeps at an interval until it is stopped; a sweep that fails is logged and the next one goes on. */
export function startSweeper(fleet: Fleet, options: SweepOptions): Sweeper {
  const stopping = new AbortController()
  const once = async (more: Partial<SweepOptions> = {}) => {
    await sweep(fleet, { ...options, ...more }).catch((err) => fleet.log.warn({ err }, 'a sweep did not finish'))
  }
  const loop = async () => {
    // A bus in memory begins empty: what an earlier process had queued is lost, and need not be waited for.
    if (fleet.bus.adapter === 'memory') await once({ lostBefore: await storeTime(fleet) })
    while (!stopping.signal.aborted) {
      await fleet.clock.sleep(options.sweepIntervalMs, stopping.signal).catch(() => {})
      if (!stopping.signal.aborted) await once()
    }
  }
  const ended = loop()
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** The database's clock, which is what its times are compared with; the epoch where it does not answer. */
async function storeTime(fleet: Fleet): Promise<Date> {
  const rows = await fleet.store.query<{ now: Date }>('select now() as now').catch(() => [])
  return rows[0]?.now ?? new Date(0)
}
