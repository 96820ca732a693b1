// One statement: a job, its shards, what is to be published, and the run that asked.

import { PREPARED, type Sql } from '../../infra/store/port.ts'
import { type Origin, shardKeyOf } from '../../schema/jobs.ts'
import { dayOf } from './admission/account.ts'
import type { Capacity } from './admission/capacity.ts'
import { busCap, flowCap, type TenantLimits } from './admission/limits.ts'
import type { Fleet } from './context.ts'
import { type Message, messageOf } from './envelope.ts'
import { estimatedSeconds, rangesOf } from './estimate.ts'
import type { OutboxRow } from './publish.ts'
import type { Question } from './submission.ts'
import type { SubmitOptions } from './submit.ts'

export interface CreatedJob {
  readonly jobId: string
  /** What may go to the bus at once. */
  readonly admitted: readonly OutboxRow[]
  /** Whether shards wait for admission. */
  readonly waits: boolean
}

/** What a new job is stored under. */
export interface Terms {
  readonly limits: TenantLimits
  readonly capacity: Capacity
  /** False: every shard waits. */
  readonly admits: boolean
  readonly origin: Origin
  /** Jobs of its kind that the tenant may have under way. */
  readonly atOnce: number | undefined
}

/**
 * Writes a new job with all that belongs to it, and admits as many of its shards as its tenant has room for. undefined where an equal question is
 * live or answered already, or where the day's budget, or the last place, has been taken in the meantime.
 */
export async function createJob(
  fleet: Pick<Fleet, 'clock'> & { readonly store: Sql },
  question: Question,
  runId: string,
  salt: string,
  { deadlineMs, chunkSteps }: SubmitOptions,
  { limits, capacity, admits, origin, atOnce }: Terms,
): Promise<CreatedJob | undefined> {
  const { tenant, key, parentKey, spec, seed, kernel, lanes } = question
  const jobId = fleet.clock.id()
  const submittedAt = fleet.clock.now()
  const deadlineAt = submittedAt + deadlineMs
  const seconds = estimatedSeconds(question, capacity)
  const shards = rangesOf(question).map((range, shard) => ({
    shard,
    range,
    shardKey: shardKeyOf(key, range),
    costSeconds: (seconds * (range.to - range.from)) / lanes,
  }))
  const common = {
    tenant,
    jobId,
    class: question.class,
    kernel,
    parentKey,
    paramsSha256: key.params,
    seed,
    spec,
    origin,
  }
  const messages = shards.map((shard) =>
    messageOf({ ...common, ...shard, chunkSteps, submittedAt, deadlineAt, attemptEpoch: 0 }),
  )
  const created = await fleet.store.query<{ id: number; shard: number; admitted: boolean }>(
    `with job as (
       insert into fleet.job (tenant, job_id, parent_key, salt, kind, class, kernel_name, kernel_sha256, abi, params_sha256, seed,
         lanes, chunk_steps, result_spec, shards_total, input_hash, provenance, deadline_at, estimated_seconds, origin)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $3, $16, $17, $29, $36
       where fleet.fits($1, $30, $29, $31) and fleet.one_more($1, $5, $37)
       on conflict (tenant, parent_key, salt) where status not in ('FAILED', 'CANCELLED') do nothing returning job_id),
     room as materialized (
       select case when $32 > 0 then fleet.room($1, $6, $32, $33, $34) else 0 end as n from job),
     shards as (
       insert into fleet.shard (tenant, job_id, class, shard, lane_from, lane_to, shard_key, cost_seconds, admitted)
       select $1, $2, $6, s.*, s.shard < room.n
       from unnest($18::int[], $19::int[], $20::int[], $21::text[], $28::float8[]) s(shard, lane_from, lane_to, shard_key, cost_seconds), room),
     run as (
       insert into fleet.run (tenant, run_id, job_id, kind, subject_type, subject_id, verifies, provenance)
       select $1, $25, $2, $5, $26, $27, $35, $16 where exists (select from job))
     insert into fleet.outbox (tenant, job_id, shard, subject, message_id, body, admitted_at)
     select $1, $2, m.*, case when m.shard < room.n then clock_timestamp() end
     from unnest($18::int[], $22::text[], $23::text[], $24::bytea[]) m(shard, subject, message_id, body), room
     returning id, shard, admitted_at is not null as admitted`,
    [
      ...[tenant, jobId, parentKey, salt, question.kind, question.class, kernel.name, kernel.sha256, kernel.abi],
      ...[key.params, seed, lanes, chunkSteps, JSON.stringify(spec), shards.length],
      ...[JSON.stringify(question.provenance), new Date(deadlineAt)],
      ...[shards.map((s) => s.shard), shards.map((s) => s.range.from), shards.map((s) => s.range.to)],
      ...[shards.map((s) => s.shardKey), messages.map((m) => m.subject), messages.map((m) => m.messageId)],
      messages.map((m) => Buffer.from(m.body)),
      ...[runId, question.subject.type, question.subject.id],
      shards.map((s) => s.costSeconds),
      ...[seconds, dayOf(submittedAt), limits.computeSecondsPerDay],
      ...[admits ? (limits.shardsInFlight ?? flowCap(capacity)) : 0, busCap(capacity), limits.jobsRunning],
      ...[question.verifies, JSON.stringify(origin), atOnce ?? null],
    ],
    PREPARED,
  )
  if (created.length === 0) return undefined
  const admitted = created
    .filter((row) => row.admitted)
    .map(({ id, shard }) => {
      const { subject, messageId, body } = messages[shard] as Message
      return { id, subject, message_id: messageId, body }
    })
  return { jobId, admitted, waits: admitted.length < created.length }
}

/** The state at submission is what the caller is answered: subscribers hear what comes after it. */
export async function insertRun(
  sql: Sql,
  question: Question,
  runId: string,
  jobId: string,
  status: string,
): Promise<void> {
  await sql.query(
    `insert into fleet.run (tenant, run_id, job_id, kind, subject_type, subject_id, cached, verifies, announced, provenance)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      question.tenant,
      runId,
      jobId,
      question.kind,
      question.subject.type,
      question.subject.id,
      status === 'SUCCEEDED',
      question.verifies,
      status,
      JSON.stringify(question.provenance),
    ],
  )
}
