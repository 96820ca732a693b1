// How the usage series is written: by a trigger of the jobs' table, so that no way in which a job ends goes without.
import type { Sql } from '../port.ts'
import { USAGE } from './kinds.ts'
import { ensurePartitions } from './partitions.ts'

const ENDED = `('SUCCEEDED', 'FAILED', 'CANCELLED')`

/** Of a job `j` that ended at `ended_at`: what it took since it last ended. */
const TOOK = `
  j.tenant, coalesce(j.finished_at, now()), j.job_id, j.kind, j.class, j.status,
  j.shards_done - j.usage_shards, j.compute_seconds - j.usage_seconds,
  greatest(extract(epoch from coalesce(j.started_at, j.finished_at, now()) - j.created_at), 0),
  greatest(extract(epoch from coalesce(j.finished_at, now()) - coalesce(j.started_at, j.finished_at, now())), 0)`

const COLUMNS = 'tenant, ended_at, job_id, kind, class, status, shards, compute_seconds, wait_seconds, run_seconds'

/** The function and trigger, which may be made again. */
export const usageTrigger = () => `
  create or replace function fleet.record_usage() returns trigger language plpgsql as $$
  declare j fleet.job := new;
  begin
    insert into ${USAGE.relation} (${COLUMNS}) select ${TOOK} on conflict do nothing;
    perform fleet.mark_series('${USAGE.name}', j.tenant, coalesce(j.finished_at, now()));
    new.usage_seconds := new.compute_seconds;
    new.usage_shards := new.shards_done;
    return new;
  end $$;
  create or replace trigger job_usage before update of status on fleet.job for each row
    when (new.status in ${ENDED} and old.status not in ${ENDED}) execute function fleet.record_usage()`

/** Makes the trigger, and writes the rows of jobs that ended before there was one. */
export async function recordUsage(sql: Sql, now: Date): Promise<void> {
  const [made] = await sql.query(
    `select from pg_trigger where tgname = 'job_usage' and tgrelid = 'fleet.job'::regclass`,
  )
  await sql.query(usageTrigger())
  if (made) return
  await sql.query(
    `with ended as (
       update fleet.job set usage_seconds = compute_seconds, usage_shards = shards_done where status in ${ENDED} returning tenant, job_id)
     insert into ${USAGE.relation} (${COLUMNS})
     select ${TOOK} from fleet.job j where j.status in ${ENDED} on conflict do nothing`,
  )
  const [partitioned] = await sql.query(
    `select from pg_class where oid = '${USAGE.relation}'::regclass and relkind = 'p'`,
  )
  if (partitioned) await ensurePartitions(sql, USAGE, now)
}
