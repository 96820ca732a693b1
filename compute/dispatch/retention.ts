// What is thrown away in time: what ended runs have left behind, and the dead letters that nobody asks for any more.
import type { Sql } from '../../infra/store/port.ts'

export interface Retention {
  /** What the shards of a run that ended without a result have stored: for partial results, redrive and equal questions. */
  readonly shardDays: number
  /** Dead letters, and what was kept of shards with other bits. */
  readonly letterDays: number
}

export const RETENTION: Retention = { shardDays: 1, letterDays: 30 }

export interface Discarded {
  readonly shards: number
  readonly letters: number
  readonly outbox: number
}

/** Rows of one round at most: what is left goes with the next. */
const BATCH = 1000

/**
 * Throws away what is older than it is kept. Results and runs stay: they are what was asked for. Any number of processes may do so at once.
 * Rejects with STORE_UNAVAILABLE.
 */
export async function discardOld(sql: Sql, { shardDays, letterDays }: Retention = RETENTION): Promise<Discarded> {
  const shards = await count(
    sql,
    `delete from fleet.shard_result where (tenant, job_id, shard) in (
       select r.tenant, r.job_id, r.shard from fleet.job j join fleet.shard_result r using (tenant, job_id)
       where j.status in ('FAILED', 'CANCELLED') and j.finished_at < now() - make_interval(days => $1)
         and not exists (select from fleet.shard_conflict c where c.tenant = r.tenant and c.job_id = r.job_id and c.shard = r.shard)
       limit ${BATCH} for update of r skip locked)`,
    [shardDays],
  )
  const letters = await count(
    sql,
    `delete from fleet.dead_letter where id in (
       select id from fleet.dead_letter where created_at < now() - make_interval(days => $1) limit ${BATCH} for update skip locked)`,
    [letterDays],
  )
  const conflicts = await count(
    sql,
    `delete from fleet.shard_conflict where id in (
       select id from fleet.shard_conflict where created_at < now() - make_interval(days => $1) limit ${BATCH} for update skip locked)`,
    [letterDays],
  )
  // An end deletes the rows of its job; what a shard that was sent again has left behind goes here.
  const outbox = await count(
    sql,
    `delete from fleet.outbox where id in (
       select o.id from fleet.outbox o join fleet.job j using (tenant, job_id)
       where j.status in ('SUCCEEDED', 'FAILED', 'CANCELLED') limit ${BATCH} for update of o skip locked)`,
    [],
  )
  return { shards, letters: letters + conflicts, outbox }
}

async function count(sql: Sql, statement: string, values: readonly unknown[]): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `with gone as (${statement} returning 1) select count(*)::int as n from gone`,
    values,
  )
  return row?.n ?? 0
}
