// Submission: joins the equal question that is answered or being answered, or stores a new job and publishes its shards.
import { QuesnayError } from '../../schema/errors.ts'
import { assertColumnsStored, saveAll } from './blobs.ts'
import type { Fleet } from './context.ts'
import { createJob, insertRun } from './create-job.ts'
import { publishOutbox } from './publish.ts'
import type { Question } from './submission.ts'

export interface SubmitOptions {
  /** A job that has not ended this long after its submission fails. */
  readonly deadlineMs: number
  /** Shards of one tenant that may wait or run at a time; beyond, OVERLOADED. */
  readonly maxTenantShards: number
  /** Block-steps between two looks at cancellation; 0: as the kernel chooses. */
  readonly chunkSteps: number
}

/**
 * Stores a run of the question and returns its id.
 * One transaction writes job, shards, outbox and run; an equal question of the tenant in flight or answered is shared instead.
 * A verification is salted with its run's id, so it is never shared.
 * Errors: NOT_FOUND and BAD_INPUT for a stored column that is not there or of another length, OVERLOADED with retryAfterMs, STORE_UNAVAILABLE.
 */
export async function submitQuestion(fleet: Fleet, question: Question, options: SubmitOptions): Promise<string> {
  const runId = fleet.clock.id()
  const salt = question.verifies === null ? '' : runId
  for (;;) {
    if (await joinJob(fleet, question, runId, salt)) return runId
    const { store } = fleet
    const { tenant } = question
    await Promise.all([
      admit(fleet, tenant, options),
      assertColumnsStored(store, tenant, question.stored),
      saveAll(store, tenant, question.blobs),
    ])
    const outbox = await createJob(fleet, question, runId, salt, options)
    // undefined: an equal question was stored in the meantime; it is joined on the next round.
    if (!outbox) continue
    await publishOutbox(fleet, outbox)
    return runId
  }
}

/** Adds a run to the live or answered job of an equal question; false where there is none. */
async function joinJob(fleet: Fleet, question: Question, runId: string, salt: string): Promise<boolean> {
  const [there] = await fleet.store.query(
    `select from fleet.job where tenant = $1 and parent_key = $2 and salt = $3 and status not in ('FAILED', 'CANCELLED')`,
    [question.tenant, question.parentKey, salt],
  )
  if (!there) return false
  return fleet.store.transaction(async (sql) => {
    // The lock keeps the job from being cancelled for want of runs before this one is written.
    const [job] = await sql.query<{ job_id: string; status: string }>(
      `select job_id, status from fleet.job
       where tenant = $1 and parent_key = $2 and salt = $3 and status not in ('FAILED', 'CANCELLED') for no key update`,
      [question.tenant, question.parentKey, salt],
    )
    if (!job) return false
    await insertRun(sql, question, runId, job.job_id, job.status)
    return true
  })
}

async function admit(fleet: Fleet, tenant: string, { maxTenantShards }: SubmitOptions): Promise<void> {
  const [row] = await fleet.store.query<{ waiting: number }>(
    `select coalesce(sum(shards_total - shards_done), 0)::int as waiting from fleet.job
     where tenant = $1 and status in ('QUEUED', 'RUNNING', 'MERGING')`,
    [tenant],
  )
  const waiting = row?.waiting ?? 0
  if (waiting < maxTenantShards) return
  throw new QuesnayError('OVERLOADED', `${waiting} shards of ${tenant} wait already`, {
    limit: maxTenantShards,
    retryAfterMs: 5000,
  })
}
