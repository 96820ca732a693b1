// What the fleet has still to do: how many shards, and what they are estimated to cost.
import type { Sql } from '../../infra/store/port.ts'
import type { JobClass } from '../../schema/terms/run.ts'

export interface Backlog {
  readonly shards: number
  /** Estimated seconds of one thread. */
  readonly costSeconds: number
}

/** A merge reads what shards have stored; it is counted so that a fleet without workers starts one for it. */
const MERGE_SECONDS = 0.1

/** Of all tenants: shards that are neither done nor ended, waiting or in hand, and merges that are due; each merge counts as a shard. */
export async function loadBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await sql.query<Backlog>(
    `select (s.n + m.n)::int as shards, s.cost + ${MERGE_SECONDS} * m.n as "costSeconds"
     from (select count(*) as n, coalesce(sum(cost_seconds), 0)::float8 as cost from fleet.shard
           where status in ('QUEUED', 'RUNNING')) s,
          (select count(*) as n from fleet.job where status = 'MERGING') m`,
  )
  return row ?? { shards: 0, costSeconds: 0 }
}

export interface Queue {
  readonly tenant: string
  readonly class: JobClass
  /** Shards that nobody works on, admitted to the bus or not. */
  readonly waiting: number
  readonly running: number
  /** Estimated seconds of one thread for both. */
  readonly costSeconds: number
}

/** By tenant and class, for a view of the queues; a tenant without shards to do has no row. */
export async function loadQueues(sql: Sql): Promise<readonly Queue[]> {
  return sql.query<Queue>(
    `select s.tenant, j.class, count(*) filter (where s.status = 'QUEUED')::int as waiting,
       count(*) filter (where s.status = 'RUNNING')::int as running, sum(s.cost_seconds)::float8 as "costSeconds"
     from fleet.shard s join fleet.job j using (tenant, job_id)
     where s.status in ('QUEUED', 'RUNNING') group by s.tenant, j.class order by s.tenant, j.class`,
  )
}
