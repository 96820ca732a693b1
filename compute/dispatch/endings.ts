// How a job ends before it has a result: failed or cancelled. The database first, then everybody who works on it is told.

import type { Sql } from '../../infra/store/port.ts'
import type { WireError } from '../../schema/errors.ts'
import { subjects } from '../../schema/jobs.ts'
import { announce } from './announce.ts'
import { type Fleet, idsOfKey, type JobKey, withIds } from './context.ts'
import { encodeEnd } from './end-notice.ts'
import { queued } from './envelope.ts'

/** What a failure is blamed on: the shard and the message that brought it. */
export interface Culprit {
  readonly shard: number
  readonly body: Uint8Array
}

/** A job that has ended, and how long after its submission. */
export interface Ended {
  readonly kind: string
  readonly seconds: number
}

/** From the submission of the job whose row is being updated to its end. */
export const LIFE_SECONDS = 'extract(epoch from clock_timestamp() - created_at)::float8 as seconds'

/** What the numbers of a question brought about: nothing that the house has to mend. */
export const OF_THE_QUESTION: ReadonlySet<string> = new Set(['NOT_A_NUMBER', 'NOT_CONVERGED', 'ASSERTION_FAILED'])

/**
 * Fails a job with its typed error and keeps the message that brought it as a dead letter; false where it had ended already.
 * Runs that share the job fail with it, except those that were cancelled.
 */
export async function failJob(given: Fleet, job: JobKey, error: WireError, culprit?: Culprit): Promise<boolean> {
  const fleet = withIds(given, { ...idsOfKey(job), ...(culprit ? { shard: culprit.shard } : {}) })
  const ended = await fleet.store.transaction(async (sql) => {
    const row = await endJob(sql, job, 'FAILED', error)
    if (culprit) await writeDeadLetter(sql, job, error, culprit)
    return row
  })
  if (culprit) fleet.metrics.deadLetters.inc({ code: error.code })
  if (!ended) return false
  const level = OF_THE_QUESTION.has(error.code) ? 'info' : 'warn'
  fleet.log[level]({ code: error.code }, 'a job failed')
  await tellAll(fleet, job, ended, 'FAILED')
  return true
}

/** Keeps a message that cannot be worked on, with its reason. */
export async function writeDeadLetter(sql: Sql, job: JobKey, reason: WireError, culprit: Culprit): Promise<void> {
  await sql.query('insert into fleet.dead_letter (tenant, job_id, shard, reason, body) values ($1, $2, $3, $4, $5)', [
    job.tenant,
    job.jobId,
    culprit.shard,
    JSON.stringify(reason),
    Buffer.from(culprit.body),
  ])
}

/** Within a transaction: ends a live job and its shards, and drops what is still to be published. undefined where it had ended. */
export async function endJob(
  sql: Sql,
  { tenant, jobId }: JobKey,
  status: 'FAILED' | 'CANCELLED',
  error: WireError | null,
): Promise<Ended | undefined> {
  const [ended] = await sql.query<Ended>(
    `update fleet.job set status = $3, error = $4, finished_at = clock_timestamp(), merge_owner = null, merge_lease_until = null
     where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING', 'MERGING')
     returning kind, ${LIFE_SECONDS}`,
    [tenant, jobId, status, error && JSON.stringify(error)],
  )
  if (!ended) return undefined
  await sql.query(
    `update fleet.shard set status = $3 where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING')`,
    [tenant, jobId, status],
  )
  await sql.query('delete from fleet.outbox where tenant = $1 and job_id = $2', [tenant, jobId])
  return ended
}

/**
 * Tells of the end: a flag for workers that come late, the queue emptied of the job, a broadcast to those at work, events to
 * subscribers. The database holds the truth, so a bus that is away only delays: workers see the end when they store, and the
 * sweeper repeats the events. `since`: when the end was asked for.
 */
export async function tellAll(
  given: Fleet,
  job: JobKey,
  { kind, seconds }: Ended,
  status: string,
  since = given.clock.now(),
): Promise<void> {
  const { jobId } = job
  const fleet = withIds(given, idsOfKey(job))
  fleet.metrics.jobs.inc({ kind, status })
  fleet.metrics.runSeconds.observe({ kind, status }, seconds)
  const flag = encodeEnd(status, since)
  const told = await Promise.allSettled([
    fleet.bus.publish(subjects.cancel(jobId), flag),
    fleet.bus.bucket('qz_jobs').then((bucket) => bucket.put(jobId, flag)),
    fleet.bus.purge(queued(job)),
    announce(fleet, job),
  ])
  for (const one of told)
    if (one.status === 'rejected') fleet.log.warn({ err: one.reason }, 'the end of a job is told later')
}
