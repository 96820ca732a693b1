// Redrive: what is missing of a run that failed is sent once more; what its shards have stored stays.
import type { Sql } from '../../infra/store/port.ts'
import { fromWireError, QuesnayError } from '../../schema/errors.ts'
import { announce } from './announce.ts'
import type { Fleet, JobKey } from './context.ts'
import { OF_THE_QUESTION } from './endings.ts'
import { CLAIMED, type ClaimedShard, messageFor } from './envelope-of-row.ts'
import { loadRun, type StoredRun } from './runs.ts'

/**
 * Sends the shards of a run that failed once more, or one of them; returns how many. A run that has ended goes on from where it was, with as much
 * time as it had at first. None where nothing of the run has failed.
 * Errors: NOT_FOUND; RUN_CANCELLED; the run's own error where the question itself is at fault, which another try does not change; BAD_INPUT for a
 * shard that has not failed; CONFLICT where the question was asked anew in the meantime.
 */
export async function redriveRun(fleet: Fleet, tenant: string, runId: string, shard?: number): Promise<number> {
  const { run, jobId } = await loadRun(fleet.store, tenant, runId)
  assertRedrivable(run)
  if (run.status === 'SUCCEEDED' || run.status === 'MERGING') return 0
  const job = { tenant, jobId }
  // Workers that come late give up what they find flagged.
  if (run.status === 'FAILED') await (await fleet.bus.bucket('qz_jobs')).delete(jobId)
  const sent = await fleet.store.transaction(async (sql) => {
    // The job before its shards, as everywhere.
    await sql.query('select from fleet.job where tenant = $1 and job_id = $2 for no key update', [tenant, jobId])
    await reviveJob(sql, job, runId)
    const shards = await resetShards(sql, job, shard)
    if (shard !== undefined && !shards.some((one) => one.shard === shard)) throw notFailed(shard)
    if (shards.length > 0) await queueShards(sql, job, shards)
    return shards.length
  })
  fleet.log.info({ runId, ...job, shards: sent }, 'a run is sent once more')
  await announce(fleet, job).catch((err) => fleet.log.warn({ err, ...job }, 'a run that goes on is announced later'))
  return sent
}

function assertRedrivable({ id, status, error }: StoredRun): void {
  if (status === 'CANCELLED') {
    throw new QuesnayError('RUN_CANCELLED', `the run ${id} was cancelled`, {
      runId: id,
      suggestion: 'submit it again: what its shards have stored is used',
    })
  }
  if (error && (OF_THE_QUESTION.has(error.code) || error.code === 'DETERMINISM_ALARM')) throw fromWireError(error)
}

/** A job that failed is live again, and its runs wait to be told so. */
async function reviveJob(sql: Sql, { tenant, jobId }: JobKey, runId: string): Promise<void> {
  const [asked] = await sql.query<{ run_id: string }>(
    `select r.run_id from fleet.job j
       join fleet.job other on other.tenant = j.tenant and other.parent_key = j.parent_key and other.salt = j.salt
         and other.job_id <> j.job_id and other.status not in ('FAILED', 'CANCELLED')
       join fleet.run r on r.tenant = other.tenant and r.job_id = other.job_id
     where j.tenant = $1 and j.job_id = $2 limit 1`,
    [tenant, jobId],
  )
  if (asked) {
    throw new QuesnayError('CONFLICT', `the question of the run ${runId} was asked anew`, {
      path: 'id',
      suggestion: `see the run ${asked.run_id}`,
    })
  }
  await sql.query(
    `with revived as (
       update fleet.job set status = case when started_at is null then 'QUEUED' else 'RUNNING' end, error = null, finished_at = null,
         deadline_at = greatest(deadline_at, clock_timestamp() + (deadline_at - created_at))
       where tenant = $1 and job_id = $2 and status = 'FAILED' returning job_id)
     update fleet.run set announced = 'QUEUED'
     where tenant = $1 and job_id = $2 and announced = 'FAILED' and cancelled_at is null and exists (select from revived)`,
    [tenant, jobId],
  )
}

/** Shards without a stored result, because they failed, the end of the job took them, or it was thrown away: they wait again. */
async function resetShards(sql: Sql, { tenant, jobId }: JobKey, only?: number): Promise<ClaimedShard[]> {
  const rows = await sql.query<ClaimedShard>(
    `with reset as (
       update fleet.shard s set status = 'QUEUED', admitted = false, deaths = 0, worker_id = null, heartbeat_at = null,
         attempt_epoch = s.attempt_epoch + 1, published_at = clock_timestamp()
       where s.tenant = $1 and s.job_id = $2
         and (s.status = 'FAILED' and ($3::int is null or s.shard = $3)
              or s.status = 'SUCCEEDED' and not exists (
                select from fleet.shard_result r where (r.tenant, r.job_id, r.shard) = (s.tenant, s.job_id, s.shard)))
       returning s.*)
     select ${CLAIMED} from reset s join fleet.job j using (tenant, job_id) order by s.shard`,
    [tenant, jobId, only ?? null],
  )
  await sql.query(
    `update fleet.job set shards_done = n.done, shards_failed = n.failed, announced_done = least(announced_done, n.done)
     from (select count(*) filter (where status = 'SUCCEEDED') as done, count(*) filter (where status = 'FAILED') as failed
           from fleet.shard where tenant = $1 and job_id = $2) n
     where tenant = $1 and job_id = $2`,
    [tenant, jobId],
  )
  return rows
}

/** Their messages go into the outbox, to be admitted as any others. */
async function queueShards(sql: Sql, { tenant, jobId }: JobKey, shards: readonly ClaimedShard[]): Promise<void> {
  const numbers = shards.map(({ shard }) => shard)
  const messages = shards.map(messageFor)
  await sql.query('delete from fleet.outbox where tenant = $1 and job_id = $2 and shard = any($3::int[])', [
    tenant,
    jobId,
    numbers,
  ])
  await sql.query(
    `insert into fleet.outbox (tenant, job_id, shard, subject, message_id, body)
     select $1, $2, m.* from unnest($3::int[], $4::text[], $5::text[], $6::bytea[]) m`,
    [
      ...[tenant, jobId, numbers, messages.map((m) => m.subject), messages.map((m) => m.messageId)],
      messages.map((m) => Buffer.from(m.body)),
    ],
  )
}

function notFailed(shard: number): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the shard ${shard} of this run has not failed`, {
    path: 'shard',
    suggestion: 'leave it out to send all that failed; deadLetters names them',
  })
}
