// Brings subscribers up to date with a job: its state, never dropped, and its progress, at most four times a second.
import { PREPARED, type Sql } from '../../infra/store/port.ts'
import { currentTraceparent } from '../../infra/tracing.ts'
import { type Origin, type RunEvent, subjects } from '../../schema/jobs.ts'
import { isTerminal, RunStatus } from '../../schema/terms/run.ts'
import { type Fleet, type JobKey, seconds } from './context.ts'

/** Three in a second, so that with the last one, which does not wait, it is never more than four. */
export const PROGRESS_INTERVAL_MS = 334

interface JobState {
  readonly status: RunStatus
  readonly shards_done: number
  readonly shards_total: number
  readonly announced_done: number
  readonly started: boolean
  readonly due: boolean
  readonly origin: Origin
}

interface Listener {
  readonly run_id: string
  readonly announced: RunStatus
  readonly cancelled: boolean
}

/**
 * Emits, to every run of the job, the states it has not heard yet and the progress where it is due, and notes what was said.
 * All of it happens under the job's row lock: whoever calls, events leave in order, progress before the end, each state once
 * (twice only where the process dies between saying and noting). The lock is taken only where there is something to say, which a
 * look before it tells. Nothing happens for an unknown job.
 * Returns true where progress is left to say later. Rejects with BUS_UNAVAILABLE; the sweeper then tries again.
 * @param hasNews where the caller knows that there is something to say.
 */
export async function announce(fleet: Fleet, { tenant, jobId }: JobKey, hasNews = false): Promise<boolean> {
  const glance = hasNews ? 'NEWS' : await glanceAt(fleet.store, tenant, jobId)
  if (glance !== 'NEWS') return glance === 'LATER'
  return fleet.store.transaction(async (sql) => {
    const [job] = await sql.query<JobState>(
      `select status, shards_done, shards_total, announced_done, started_at is not null as started,
         coalesce(progress_at <= clock_timestamp() - make_interval(secs => $3), true) as due, origin
       from fleet.job where tenant = $1 and job_id = $2 for no key update`,
      [tenant, jobId, seconds(PROGRESS_INTERVAL_MS)],
      PREPARED,
    )
    if (!job) return false
    const listeners = await sql.query<Listener>(
      `select run_id, announced, cancelled_at is not null as cancelled from fleet.run
       where tenant = $1 and job_id = $2 and announced in ('QUEUED', 'RUNNING', 'MERGING') order by run_id`,
      [tenant, jobId],
      PREPARED,
    )
    const says = sayings(job)
    // Whoever tells it without a part in it, such as the sweeper, tells it for the question.
    const traceparent = currentTraceparent() ?? job.origin.traceparent
    const cause = traceparent ? { traceparent } : {}
    const said = listeners.flatMap((listener) =>
      eventsFor(job, listener, says).map(({ kind, status }) => {
        const { shards_done: shardsDone, shards_total: shardsTotal } = job
        const event: RunEvent = { runId: listener.run_id, status, shardsDone, shardsTotal, ...cause }
        const subject = subjects.event(tenant, listener.run_id, kind)
        return { subject, body: new TextEncoder().encode(JSON.stringify(event)) }
      }),
    )
    // Sent one after the other without waiting for each to be taken: the bus keeps their order, and the lock is held for less.
    await Promise.all(said.map(({ subject, body }) => fleet.bus.emit(subject, body)))
    const changes = listeners.some((listener) => statusFor(job, listener) !== listener.announced)
    if (says.progress || changes) await noteSaid(sql, { tenant, jobId }, job.status, says.progress, changes)
    const ended = listeners.filter((listener) => isTerminal(statusFor(job, listener))).map(({ run_id: runId }) => runId)
    await tellEnded(fleet, tenant, ended)
    return says.later
  })
}

async function noteSaid(
  sql: Sql,
  { tenant, jobId }: JobKey,
  status: RunStatus,
  progress: boolean,
  changes: boolean,
): Promise<void> {
  await sql.query(
    `with told as (
       update fleet.run set announced = case when cancelled_at is null then $3 else 'CANCELLED' end
       where tenant = $1 and job_id = $2 and announced in ('QUEUED', 'RUNNING', 'MERGING') and $5)
     update fleet.job set announced_done = shards_done, progress_at = clock_timestamp() where tenant = $1 and job_id = $2 and $4`,
    [tenant, jobId, status, progress, changes],
    PREPARED,
  )
}

/** Wakes those who wait for the result of a run; whoever does not hear of it looks now and then. */
export async function tellEnded(fleet: Fleet, tenant: string, runIds: readonly string[]): Promise<void> {
  const none = new Uint8Array()
  await Promise.allSettled(runIds.map((runId) => fleet.bus.publish(subjects.ended(tenant, runId), none)))
}

/**
 * What a look without the lock finds: of the many workers that move one large job on, most have nothing to say that another has not
 * said, and each turn at the lock keeps a shard from being stored. What this caller committed itself is seen.
 */
async function glanceAt(sql: Sql, tenant: string, jobId: string): Promise<'NEWS' | 'LATER' | 'NOTHING'> {
  const [job] = await sql.query<{ states: boolean; progress: boolean; due: boolean }>(
    `select exists (select from fleet.run r where r.tenant = j.tenant and r.job_id = j.job_id
         and r.announced in ('QUEUED', 'RUNNING', 'MERGING')
         and r.announced <> case when r.cancelled_at is null then j.status else 'CANCELLED' end) as states,
       shards_done > announced_done and status not in ('FAILED', 'CANCELLED') as progress,
       shards_done = shards_total or coalesce(progress_at <= clock_timestamp() - make_interval(secs => $3), true) as due
     from fleet.job j where tenant = $1 and job_id = $2`,
    [tenant, jobId, seconds(PROGRESS_INTERVAL_MS)],
    PREPARED,
  )
  if (!job) return 'NOTHING'
  if (job.states || (job.progress && job.due)) return 'NEWS'
  return job.progress ? 'LATER' : 'NOTHING'
}

interface Sayings {
  readonly progress: boolean
  readonly later: boolean
}

function sayings(job: JobState): Sayings {
  const news = job.shards_done > job.announced_done && job.status !== 'FAILED' && job.status !== 'CANCELLED'
  const progress = news && (job.due || job.shards_done === job.shards_total)
  return { progress, later: news && !progress }
}

const statusFor = (job: JobState, listener: Listener): RunStatus => (listener.cancelled ? 'CANCELLED' : job.status)

interface Saying {
  readonly kind: 'state' | 'progress'
  readonly status: RunStatus
}

/** In order: RUNNING, progress, MERGING, the end; of the states those after the one heard last. */
function eventsFor(job: JobState, listener: Listener, { progress }: Sayings): Saying[] {
  const status = statusFor(job, listener)
  const state = (of: RunStatus): Saying => ({ kind: 'state', status: of })
  const events: Saying[] = []
  if (listener.announced === 'QUEUED' && job.started && !listener.cancelled) events.push(state('RUNNING'))
  if (progress && !listener.cancelled) {
    const whole = job.shards_done === job.shards_total
    events.push({ kind: 'progress', status: whole ? RunStatus.MERGING : RunStatus.RUNNING })
  }
  const merged = status === 'MERGING' || status === 'SUCCEEDED'
  if (merged && listener.announced !== 'MERGING') events.push(state('MERGING'))
  if (isTerminal(status)) events.push(state(status))
  return events
}
