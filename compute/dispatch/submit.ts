// Submission: joins the equal question that is answered or being answered, or stores a new job and publishes what is admitted.
import { PREPARED } from '../../infra/store/port.ts'
import { QuesnayError, toWireError } from '../../schema/errors.ts'
import { originOf } from '../../schema/jobs.ts'
import { ACCOUNT, type Account, type AccountRow, accountOf, assertAffordable, dayOf } from './admission/account.ts'
import { assertOneMore } from './admission/at-once.ts'
import type { CapacityReader } from './admission/capacity.ts'
import type { TenantLimits } from './admission/limits.ts'
import { assertColumnsStored, saveMissing } from './blobs.ts'
import type { Fleet } from './context.ts'
import { type CreatedJob, createJob, insertRun, type Terms } from './create-job.ts'
import { estimatedSeconds, rangesOf } from './estimate.ts'
import type { Asker, Estimate } from './port.ts'
import { markSent, sendOutbox } from './publish.ts'
import { reuseShards } from './reuse.ts'
import type { Question } from './submission.ts'

export interface SubmitOptions {
  /** A job that has not ended this long after its submission fails. */
  readonly deadlineMs: number
  /** Of tenants that have no row of their own. */
  readonly limits: TenantLimits
  /** Block-steps between two looks at cancellation; 0: as the kernel chooses. */
  readonly chunkSteps: number
}

/** An equal question that ends, or a budget that goes, between two statements begins submission anew: so often at most. */
const MAX_ROUNDS = 20

/** What submission goes by beside the fleet. */
export interface Admission {
  /** Called where shards wait for admission. */
  kick(): void
  readonly capacity: CapacityReader
}

export interface Submitted {
  readonly runId: string
  /** The shards are on their way; what is still to be noted of that need not be waited for. */
  readonly noted: Promise<void>
}

/**
 * Stores a run of the question.
 * One transaction writes job, shards, outbox and run; an equal question of the tenant in flight or answered is shared instead.
 * A verification is salted with its run's id, so it is never shared, and takes over nothing.
 * Errors: NOT_FOUND and BAD_INPUT for a stored column that is not there or of another length, LIMIT_EXCEEDED, BUDGET_EXHAUSTED and OVERLOADED
 * of the tenant's limits, STORE_UNAVAILABLE.
 */
export async function submitQuestion(
  fleet: Fleet,
  { kick, capacity: reader }: Admission,
  question: Question,
  options: SubmitOptions,
  asker: Asker = {},
): Promise<Submitted> {
  const runId = fleet.clock.id()
  const salt = question.verifies === null ? '' : runId
  const { store, clock } = fleet
  const { tenant } = question
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = await lookFor(fleet, question, salt, options.limits)
    const { account } = before
    if (before.shared && (await joinJob(fleet, question, runId, salt))) return { runId, noted: Promise.resolve() }
    const capacity = reader.now
    await Promise.all([
      assertColumnsStored(store, tenant, question.stored),
      saveMissing(store, tenant, question.blobs, before.there),
    ])
    const asked = { lanes: question.lanes, estimatedSeconds: estimatedSeconds(question, capacity) }
    asker.weigh?.(asked.estimatedSeconds)
    assertAffordable(account, asked, capacity, clock.now())
    const atOnce = question.verifies === null ? asker.atOnce?.[question.kind] : undefined
    await assertOneMore(store, question, atOnce)
    const origin = originOf(runId, asker)
    const terms: Terms = { limits: account.limits, capacity, admits: true, origin, atOnce }
    const created = before.unanswered
      ? await createFromStored(fleet, question, runId, salt, options, terms)
      : await createJob(fleet, question, runId, salt, options, terms)
    // undefined: an equal question was stored in the meantime, or what was left went; the next round tells.
    if (!created) continue
    const sent = await sendOutbox(fleet, created.admitted)
    if (created.waits) kick()
    return { runId, noted: markSent(fleet, created.admitted, sent) }
  }
  throw new QuesnayError('OVERLOADED', 'equal questions come and go faster than this one is stored', {
    retryAfterMs: 1000,
  })
}

/** What submission would say of the cost. Errors: STORE_UNAVAILABLE. */
export async function estimateQuestion(
  fleet: Fleet,
  reader: CapacityReader,
  question: Question,
  { limits }: Pick<SubmitOptions, 'limits'>,
): Promise<Estimate> {
  const capacity = await reader.read().catch(() => reader.now)
  const { lanes } = question
  const computeSeconds = estimatedSeconds(question, capacity)
  const { shared, account } = await lookFor(fleet, question, '', limits)
  const common = { computeSeconds, shards: rangesOf(question).length, slots: capacity.slots, shared }
  if (shared) return { ...common, refusal: null }
  try {
    assertAffordable(account, { lanes, estimatedSeconds: computeSeconds }, capacity, fleet.clock.now())
    return { ...common, refusal: null }
  } catch (error) {
    return { ...common, refusal: toWireError(error) }
  }
}

interface Before {
  /** An equal question is live or answered. */
  readonly shared: boolean
  /** An equal question has ended without an answer. */
  readonly unanswered: boolean
  /** Those of the question's blobs that are stored. */
  readonly there: ReadonlySet<string>
  readonly account: Account
}

/** All that a submission goes by, in one statement. */
async function lookFor(
  { store, clock }: Fleet,
  { tenant, parentKey, blobs }: Question,
  salt: string,
  limits: TenantLimits,
): Promise<Before> {
  const [row] = await store.query<AccountRow & Pick<Before, 'shared' | 'unanswered'> & { there: string[] }>(
    `select exists (select from fleet.job where tenant = $1 and parent_key = $3 and salt = $4
                      and status not in ('FAILED', 'CANCELLED')) as shared,
       $4 = '' and exists (select from fleet.job where tenant = $1 and parent_key = $3
                             and status in ('FAILED', 'CANCELLED')) as unanswered,
       array(select sha256 from fleet.blob where tenant = $1 and sha256 = any($5::text[])) as there, account.*
     from (${ACCOUNT}) account`,
    [tenant, dayOf(clock.now()), parentKey, salt, [...blobs.keys()]],
    PREPARED,
  )
  const { shared, unanswered, there } = row!
  return { shared, unanswered, there: new Set(there), account: accountOf(row!, limits) }
}

/** Adds a run to the live or answered job of an equal question; false where it has ended in the meantime. */
async function joinJob(fleet: Fleet, question: Question, runId: string, salt: string): Promise<boolean> {
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

/** A new job that begins with what earlier ones have left; the rest of it waits for admission. */
async function createFromStored(
  fleet: Fleet,
  question: Question,
  runId: string,
  salt: string,
  options: SubmitOptions,
  terms: Terms,
): Promise<CreatedJob | undefined> {
  return fleet.store.transaction(async (sql) => {
    const inside = { clock: fleet.clock, store: sql }
    const created = await createJob(inside, question, runId, salt, options, { ...terms, admits: false })
    if (!created) return undefined
    const merge = await reuseShards(sql, { tenant: question.tenant, jobId: created.jobId }, question.parentKey)
    return { ...created, admitted: merge, waits: merge.length === 0 }
  })
}
