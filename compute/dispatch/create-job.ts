// One statement: a job, its shards, what is to be published, and the run that asked.

import type { Sql } from '../../infra/store/port.ts'
import { shardKeyOf } from '../../schema/jobs.ts'
import type { Fleet } from './context.ts'
import { type Message, messageOf } from './envelope.ts'
import type { OutboxRow } from './publish.ts'
import { cutLanes, populationShards, shardCount } from './shards.ts'
import type { Question } from './submission.ts'
import type { SubmitOptions } from './submit.ts'

/** Writes a new job with all that belongs to it; undefined where an equal question is live or answered already. */
export async function createJob(
  fleet: Fleet,
  question: Question,
  runId: string,
  salt: string,
  { deadlineMs, chunkSteps }: SubmitOptions,
): Promise<OutboxRow[] | undefined> {
  const { tenant, key, parentKey, spec, seed, kernel } = question
  const jobId = fleet.clock.id()
  const submittedAt = fleet.clock.now()
  const deadlineAt = submittedAt + deadlineMs
  const { plan, lanes, rows } = question
  const count =
    spec.kind === 'POPULATION'
      ? populationShards(plan, lanes, question.shards)
      : shardCount(plan, lanes, question.shards, rows)
  const shards = cutLanes(lanes, count).map((range, shard) => ({
    shard,
    range,
    shardKey: shardKeyOf(key, range),
  }))
  const common = { tenant, jobId, class: question.class, kernel, parentKey, paramsSha256: key.params, seed, spec }
  const messages = shards.map((shard) =>
    messageOf({ ...common, ...shard, chunkSteps, submittedAt, deadlineAt, attemptEpoch: 0 }),
  )
  const created = await fleet.store.query<{ id: number; shard: number }>(
    `with job as (
       insert into fleet.job (tenant, job_id, parent_key, salt, kind, class, kernel_name, kernel_sha256, abi, params_sha256, seed,
         lanes, chunk_steps, result_spec, shards_total, input_hash, provenance, deadline_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $3, $16, $17)
       on conflict (tenant, parent_key, salt) where status not in ('FAILED', 'CANCELLED') do nothing returning job_id),
     shards as (
       insert into fleet.shard (tenant, job_id, shard, lane_from, lane_to, shard_key)
       select $1, $2, s.* from unnest($18::int[], $19::int[], $20::int[], $21::text[]) s where exists (select from job)),
     run as (
       insert into fleet.run (tenant, run_id, job_id, kind, subject_type, subject_id, verifies, provenance)
       select $1, $25, $2, $5, $26, $27, $28, $16 where exists (select from job))
     insert into fleet.outbox (tenant, job_id, shard, subject, message_id, body)
     select $1, $2, m.* from unnest($18::int[], $22::text[], $23::text[], $24::bytea[]) m where exists (select from job)
     returning id, shard`,
    [
      ...[tenant, jobId, parentKey, salt, question.kind, question.class, kernel.name, kernel.sha256, kernel.abi],
      ...[key.params, seed, question.lanes, chunkSteps, JSON.stringify(spec), shards.length],
      ...[JSON.stringify(question.provenance), new Date(deadlineAt)],
      ...[shards.map((s) => s.shard), shards.map((s) => s.range.from), shards.map((s) => s.range.to)],
      ...[shards.map((s) => s.shardKey), messages.map((m) => m.subject), messages.map((m) => m.messageId)],
      messages.map((m) => Buffer.from(m.body)),
      ...[runId, question.subject.type, question.subject.id, question.verifies],
    ],
  )
  if (created.length === 0) return undefined
  return created.map(({ id, shard }) => {
    const { subject, messageId, body } = messages[shard] as Message
    return { id, subject, message_id: messageId, body }
  })
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
