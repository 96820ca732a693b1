// Shards that an earlier job of the tenant has computed for the same question: an ended job without an answer leaves them behind.
import type { Sql } from '../../infra/store/port.ts'
import type { JobKey } from './context.ts'
import type { OutboxRow } from './publish.ts'

/**
 * Within the transaction that wrote a job: takes over what failed and cancelled jobs have stored under the same shard keys, so that only what
 * is missing is computed. Nothing of a job whose bits are in doubt is taken. Where nothing is missing the job waits for its merge, and the row
 * returned wakes a worker for it.
 */
export async function reuseShards(sql: Sql, { tenant, jobId }: JobKey, parentKey: string): Promise<OutboxRow[]> {
  return sql.query<OutboxRow>(
    `with stored as (
       select distinct on (s.shard) s.shard, r.shard_key, r.sha256, r.bytes, r.compute_seconds, r.worker_id
       from fleet.job e
         join fleet.shard_result r on r.tenant = e.tenant and r.job_id = e.job_id
         join fleet.shard s on s.tenant = $1 and s.job_id = $2 and s.shard_key = r.shard_key
       where e.tenant = $1 and e.parent_key = $3 and e.status in ('FAILED', 'CANCELLED') and octet_length(r.bytes) > 0
         and not exists (select from fleet.shard_conflict c where c.tenant = e.tenant and c.job_id = e.job_id)
       order by s.shard, r.created_at desc),
     copied as (
       insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
       select $1, $2, * from stored returning shard),
     marked as (
       update fleet.shard s set status = 'SUCCEEDED', admitted = true from copied c
       where s.tenant = $1 and s.job_id = $2 and s.shard = c.shard),
     counted as (
       update fleet.job set shards_done = n, status = case when n = shards_total then 'MERGING' else 'QUEUED' end,
         started_at = case when n = shards_total then clock_timestamp() end
       from (select count(*)::int as n from copied) c where tenant = $1 and job_id = $2 returning status),
     dropped as (
       delete from fleet.outbox o using copied c where o.tenant = $1 and o.job_id = $2 and o.shard = c.shard
         and not (o.shard = 0 and exists (select from counted where status = 'MERGING')))
     update fleet.outbox o set admitted_at = clock_timestamp() from counted
     where o.tenant = $1 and o.job_id = $2 and o.shard = 0 and counted.status = 'MERGING'
     returning o.id, o.subject, o.message_id, o.body`,
    [tenant, jobId, parentKey],
  )
}
