// Brings subscribers up to date with a job: its state, never dropped, and its progress, at most four times a second.
import { type RunEvent, subjects } from '../../schema/jobs.ts'
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
}

interface Listener {
  readonly run_id: string
  readonly announced: RunStatus
  readonly cancelled: boolean
}

/**
 * Emits, to every run of the job, the states it has not heard yet and the progress where it is due, and notes what was said.
 * All of it happens under the job's row lock: whoever calls, events leave in order, progress before the end, each state once
 * (twice only where the process dies between saying and noting). Nothing happens for an unknown job.
 * Returns true where progress is left to say later. Rejects with BUS_UNAVAILABLE; the sweeper then tries again.
 */
export async function announce(fleet: Fleet, { tenant, jobId }: JobKey): Promise<boolean> {
  return fleet.store.transaction(async (sql) => {
    const [job] = await sql.query<JobState>(
      `select status, shards_done, shards_total, announced_done, started_at is not null as started,
         coalesce(progress_at <= clock_timestamp() - make_interval(secs => $3), true) as due
       from fleet.job where tenant = $1 and job_id = $2 for no key update`,
      [tenant, jobId, seconds(PROGRESS_INTERVAL_MS)],
    )
    if (!job) return false
    const listeners = await sql.query<Listener>(
      `select run_id, announced, cancelled_at is not null as cancelled from fleet.run
       where tenant = $1 and job_id = $2 and announced in ('QUEUED', 'RUNNING', 'MERGING') order by run_id`,
      [tenant, jobId],
    )
    const says = sayings(job)
    for (const listener of listeners) {
      for (const { kind, status } of eventsFor(job, listener, says)) {
        const { shards_done: shardsDone, shards_total: shardsTotal } = job
        const event: RunEvent = { runId: listener.run_id, status, shardsDone, shardsTotal }
        const subject = subjects.event(tenant, listener.run_id, kind)
        await fleet.bus.emit(subject, new TextEncoder().encode(JSON.stringify(event)))
      }
    }
    if (says.progress) {
      await sql.query(
        'update fleet.job set announced_done = shards_done, progress_at = clock_timestamp() where tenant = $1 and job_id = $2',
        [tenant, jobId],
      )
    }
    if (listeners.some((listener) => statusFor(job, listener) !== listener.announced)) {
      await sql.query(
        `update fleet.run set announced = case when cancelled_at is null then $3 else 'CANCELLED' end
         where tenant = $1 and job_id = $2 and announced in ('QUEUED', 'RUNNING', 'MERGING')`,
        [tenant, jobId, job.status],
      )
    }
    return says.later
  })
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
