// A shard that fails by itself: it is set aside with its dead letter, and the run's other shards go on.
import type { Sql } from '../../infra/store/port.ts'
import type { WireError } from '../../schema/errors.ts'
import { type Fleet, idsOfKey, type JobKey, withIds } from './context.ts'
import { type Culprit, endJob, tellAll, writeDeadLetter } from './endings.ts'

/** More failed shards than this are no accident: the job ends, rather than end two workers with each. */
export const MAX_FAILED_SHARDS = 8
/** Shards that an error names. */
const MAX_NAMED = 100

/**
 * Whether a failure is that of one shard: it ended workers or trapped, its message is damaged, or something failed inside. What is wrong with the
 * question, the kernel or the time it was given is wrong with every shard.
 */
export function isOfOneShard({ code, detail }: WireError): boolean {
  if (code === 'KERNEL_FAILED') return detail['reason'] !== 'deadline'
  return code === 'ENVELOPE_REFUSED' || code === 'INTERNAL'
}

/** Fails a shard and keeps its message; the job ends FAILED with it where no other shard is left to do, or where too many have failed. */
export async function failShard(given: Fleet, job: JobKey, error: WireError, culprit: Culprit): Promise<void> {
  const fleet = withIds(given, { ...idsOfKey(job), shard: culprit.shard })
  const { tenant, jobId } = job
  const ended = await fleet.store.transaction(async (sql) => {
    // The job before the shard, as everywhere.
    const [row] = await sql.query<{ left: number; failed: number }>(
      `select shards_total - shards_done - shards_failed as left, shards_failed as failed from fleet.job
       where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING') for no key update`,
      [tenant, jobId],
    )
    await writeDeadLetter(sql, job, error, culprit)
    if (!row) return undefined
    const failed = await sql.query(
      `with failed as (
         update fleet.shard set status = 'FAILED', worker_id = null
         where tenant = $1 and job_id = $2 and shard = $3 and status in ('QUEUED', 'RUNNING') returning shard),
       dropped as (
         delete from fleet.outbox where tenant = $1 and job_id = $2 and shard = $3 and exists (select from failed))
       update fleet.job set shards_failed = shards_failed + 1 where tenant = $1 and job_id = $2 and exists (select from failed)
       returning job_id`,
      [tenant, jobId, culprit.shard],
    )
    if (failed.length === 0 || (row.left > 1 && row.failed < MAX_FAILED_SHARDS)) return undefined
    return endJob(sql, job, 'FAILED', await errorOfShards(sql, job))
  })
  fleet.metrics.deadLetters.inc({ code: error.code })
  fleet.log.warn({ code: error.code, ended: ended !== undefined }, 'a shard failed')
  if (ended) await tellAll(fleet, job, ended, 'FAILED')
}

/** Ends a job whose shards are all done or failed, some of them failed; does nothing to any other. */
export async function endThrough(fleet: Fleet, job: JobKey): Promise<void> {
  const ended = await fleet.store.transaction(async (sql) => {
    const through = await sql.query(
      `select from fleet.job where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING')
         and shards_failed > 0 and shards_done + shards_failed = shards_total for no key update`,
      [job.tenant, job.jobId],
    )
    return through.length > 0 ? endJob(sql, job, 'FAILED', await errorOfShards(sql, job)) : undefined
  })
  if (ended) await tellAll(fleet, job, ended, 'FAILED')
}

/** The error of a job of whose shards some failed: that of the first, and which they are. */
async function errorOfShards(sql: Sql, { tenant, jobId }: JobKey): Promise<WireError> {
  const rows = await sql.query<{ shard: number; reason: WireError | null }>(
    `select s.shard, (select d.reason from fleet.dead_letter d where d.tenant = s.tenant and d.job_id = s.job_id and d.shard = s.shard
                      order by d.id desc limit 1) as reason
     from fleet.shard s where s.tenant = $1 and s.job_id = $2 and s.status = 'FAILED' order by s.shard limit ${MAX_NAMED}`,
    [tenant, jobId],
  )
  const shards = rows.map(({ shard }) => shard)
  const first = rows[0]?.reason ?? { code: 'INTERNAL', message: 'a shard failed', detail: {} }
  const message = shards.length > 1 ? `${shards.length} shards failed; the first: ${first.message}` : first.message
  const suggestion = 'the other shards are kept for a day: redrive the run to compute what is missing'
  return { code: first.code, message, detail: { suggestion, ...first.detail, shards } }
}
