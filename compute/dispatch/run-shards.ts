// The shards of a run, for whoever watches it.
import type { Sql } from '../../infra/store/port.ts'

/** Shards of one run that are shown at most: those that need a look, then those that go on. */
const SHOWN = 200

export interface ShardRecord {
  readonly shard: number
  readonly status: string
  /** Its lanes, from and to, of which `to` is the first of the next. */
  readonly from: number
  readonly to: number
  /** How often it was sent: 1 where nothing went wrong. */
  readonly sent: number
  /** Workers and threads that ended under it. */
  readonly deaths: number
  readonly workerId: string | null
  readonly heartbeatAt: Date | null
  /** Of computing; null before it is stored. */
  readonly computeSeconds: number | null
}

/** By run: at most 200 shards of each, failed and running ones first, then waiting, then done. A run of another tenant has none. */
export async function loadShardsOf(
  sql: Sql,
  tenant: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ShardRecord[]>> {
  const rows = await sql.query<ShardRecord & { readonly runId: string }>(
    `select r.run_id as "runId", s.* from fleet.run r cross join lateral (
       select s.shard, s.status, s.lane_from as "from", s.lane_to as "to", s.attempt_epoch + 1 as sent, s.deaths,
         s.worker_id as "workerId", s.heartbeat_at as "heartbeatAt", d.compute_seconds as "computeSeconds"
       from fleet.shard s left join fleet.shard_result d using (tenant, job_id, shard)
       where s.tenant = r.tenant and s.job_id = r.job_id
       order by array_position(array['FAILED', 'RUNNING', 'QUEUED', 'SUCCEEDED'], s.status) nulls last, s.shard
       limit ${SHOWN}) s
     where r.tenant = $1 and r.run_id = any($2::text[])`,
    [tenant, [...new Set(runIds)]],
  )
  const byRun = new Map<string, ShardRecord[]>()
  for (const { runId, ...shard } of rows) {
    const shards = byRun.get(runId)
    if (shards) shards.push(shard)
    else byRun.set(runId, [shard])
  }
  return byRun
}
