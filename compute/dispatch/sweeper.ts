// The sweeper: compares the database, which is the truth, with what should be on its way, and sends again what was lost.
import type { Origin } from '../../schema/jobs.ts'
import { admitWaiting } from './admission/admit.ts'
import { CapacityReader } from './admission/capacity.ts'
import { announce } from './announce.ts'
import { type Fleet, idsOf, type JobKey, seconds, withIds } from './context.ts'
import { failJob } from './endings.ts'
import { queued } from './envelope.ts'
import { CLAIMED, type ClaimedShard, messageFor } from './envelope-of-row.ts'
import { setGauges } from './gauges.ts'
import { endThrough } from './isolate.ts'
import { type OutboxRow, publishOutbox } from './publish.ts'
import { discardOld } from './retention.ts'

export interface SweepOptions {
  /** Time between two sweeps. */
  readonly sweepIntervalMs: number
  /** A shard that nobody works on is sent again this long after it was last sent, twice as long each further time. */
  readonly lostAfterMs: number
  /** An outbox row is left this long to the process that wrote it. */
  readonly publishGraceMs: number
  /** Shards last heard of before this instant are lost whatever their age: when the bus began empty. */
  readonly lostBefore?: Date
  /** Told what is read of the workers. */
  readonly capacity?: CapacityReader
}

export interface SweepReport {
  /** Let through from what waited. */
  readonly admitted: number
  readonly published: number
  readonly resent: number
  readonly merges: number
  readonly announced: number
  readonly expired: number
  /** Jobs ended whose shards were all done or failed. */
  readonly through: number
}

/** Rows of one sweep at most: what is left comes next time. */
const BATCH = 500
/** Time between two looks for what is too old to keep. */
const DISCARD_INTERVAL_MS = 3_600_000
/** The waiting time stops doubling here: 32 times. */
const MAX_DOUBLINGS = 5

/**
 * One sweep: admits what waits while there is room, publishes what was let through and not sent, sends shards again that are neither done nor alive, wakes a worker for
 * merges whose lease ran out, repeats events that were not said, and fails jobs past their deadline.
 * Any number of processes may sweep at once. Rejects where the store or the bus is away; the next sweep goes on.
 */
export async function sweep(fleet: Fleet, options: SweepOptions): Promise<SweepReport> {
  const capacity = await (options.capacity ?? new CapacityReader(fleet.bus, fleet.clock)).read()
  const admitted = await admitWaiting(fleet, capacity)
  const published = await publishOverdue(fleet, options)
  const resent = await resend(fleet, await claimLost(fleet, options), 'shard')
  const merges = await resend(fleet, await claimMerges(fleet, options), 'merge')
  const announced = await announceMissed(fleet)
  const through = await endAllThrough(fleet)
  const expired = await failExpired(fleet)
  await setGauges(fleet)
  return { admitted, published, resent, merges, announced, expired, through }
}

async function publishOverdue(fleet: Fleet, { publishGraceMs }: SweepOptions): Promise<number> {
  const rows = await fleet.store.query<OutboxRow>(
    `select id, subject, message_id, body from fleet.outbox
     where published_at is null and admitted_at < now() - make_interval(secs => $1) order by id limit ${BATCH}`,
    [seconds(publishGraceMs)],
  )
  return publishOutbox(fleet, rows)
}

/**
 * Shards that are not done and of which nothing was heard: not sent, not worked on. A shard that only waits in a long queue is
 * among them; sending it again puts it at the end, which is why the waiting time doubles.
 */
async function claimLost(fleet: Fleet, { lostAfterMs, lostBefore }: SweepOptions): Promise<ClaimedShard[]> {
  return fleet.store.query<ClaimedShard>(
    `with lost as (
       select s.tenant, s.job_id, s.shard from fleet.shard s join fleet.job j using (tenant, job_id)
       where s.status in ('QUEUED', 'RUNNING') and s.admitted and j.status in ('QUEUED', 'RUNNING')
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
async function claimMerges(fleet: Fleet, { sweepIntervalMs }: SweepOptions): Promise<ClaimedShard[]> {
  return fleet.store.query<ClaimedShard>(
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

async function resend(fleet: Fleet, shards: readonly ClaimedShard[], what: 'shard' | 'merge'): Promise<number> {
  for (const shard of shards) {
    const { subject, body, messageId } = messageFor(shard)
    // A copy that only waits is taken out first, so that a long queue does not fill with repetitions.
    await fleet.bus.purge(queued({ tenant: shard.tenant, jobId: shard.job_id }, shard.shard))
    await fleet.bus.enqueue(subject, body, messageId)
    fleet.metrics.resends.inc({ what })
    const ids = { ...idsOf(shard.origin), tenant: shard.tenant, jobId: shard.job_id, shard: shard.shard }
    fleet.log.info(ids, `a ${what} was sent again`)
  }
  return shards.length
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

/** Jobs whose worker died between the last shard and the end. */
async function endAllThrough(fleet: Fleet): Promise<number> {
  const jobs = await fleet.store.query<JobKey>(
    `select tenant, job_id as "jobId" from fleet.job
     where status in ('QUEUED', 'RUNNING') and shards_failed > 0 and shards_done + shards_failed = shards_total limit ${BATCH}`,
  )
  for (const job of jobs) await endThrough(fleet, job)
  return jobs.length
}

async function failExpired(fleet: Fleet): Promise<number> {
  const jobs = await fleet.store.query<JobKey & { origin: Origin }>(
    `select tenant, job_id as "jobId", origin from fleet.job
     where status in ('QUEUED', 'RUNNING', 'MERGING') and deadline_at < now() limit ${BATCH}`,
  )
  for (const { tenant, jobId, origin } of jobs) {
    const message = 'the job did not end before its deadline'
    await failJob(
      withIds(fleet, { tenant, jobId, ...idsOf(origin) }),
      { tenant, jobId },
      { code: 'KERNEL_FAILED', message, detail: { reason: 'deadline' } },
    )
  }
  return jobs.length
}

export interface Sweeper {
  stop(): Promise<void>
}

/** Sweeps at an interval until it is stopped, and throws away what is old once an hour; a sweep that fails is logged and the next one goes on. */
export function startSweeper(fleet: Fleet, options: SweepOptions): Sweeper {
  const stopping = new AbortController()
  const once = async (more: Partial<SweepOptions> = {}) => {
    await sweep(fleet, { ...options, ...more }).catch((err) => fleet.log.warn({ err }, 'a sweep did not finish'))
  }
  let discardAt = fleet.clock.now() + options.sweepIntervalMs
  const discard = async () => {
    if (fleet.clock.now() < discardAt) return
    discardAt = fleet.clock.now() + DISCARD_INTERVAL_MS
    await discardOld(fleet.store).catch((err) => fleet.log.warn({ err }, 'what is old is thrown away later'))
  }
  const loop = async () => {
    // A bus in memory begins empty: what an earlier process had queued is lost, and need not be waited for.
    if (fleet.bus.adapter === 'memory') await once({ lostBefore: await storeTime(fleet) })
    while (!stopping.signal.aborted) {
      await fleet.clock.sleep(options.sweepIntervalMs, stopping.signal).catch(() => {})
      if (!stopping.signal.aborted) await once()
      if (!stopping.signal.aborted) await discard()
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
