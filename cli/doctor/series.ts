// Whether the time series are kept: partitions ahead, nothing stray, rollups that keep up.
import type { Sql } from '../../infra/store/port.ts'
import { KINDS, type SeriesKind } from '../../infra/store/series/kinds.ts'
import { MONTHS_AHEAD } from '../../infra/store/series/partitions.ts'
import { count, duration, type Finding, findings } from './finding.ts'

/** The keeper comes by each minute; this long it may be behind. */
const LATE_S = 600
const STUCK_S = 86_400
const KEEPER = 'start Quesnay, or one of its services: it keeps the time series each minute'

/** Two findings a series, or one that it is not there yet. */
export async function checkSeries(sql: Sql, now: Date): Promise<readonly Finding[]> {
  const [made] = await sql.query(`select where to_regclass('quesnay.series') is not null`)
  const known = made ? await sql.query<{ name: string; rollup: string }>('select name, rollup from quesnay.series') : []
  const rollupOf = new Map(known.map(({ name, rollup }) => [name, rollup]))
  const found: Finding[] = []
  for (const kind of KINDS) {
    const rollup = rollupOf.get(kind.name)
    if (rollup === undefined)
      found.push(findings('time series').warn(`${kind.relation} is not made yet`, 'start Quesnay: each start makes it'))
    else found.push(await checkPartitions(sql, kind, now), await checkRollup(sql, kind, rollup))
  }
  return found
}

export async function checkPartitions(sql: Sql, kind: SeriesKind, now: Date): Promise<Finding> {
  const { ok, warn } = findings('partitions')
  const rows = await sql.query<{ name: string }>(
    'select relname::text as name from pg_inherits join pg_class on oid = inhrelid where inhparent = $1::regclass',
    [kind.relation],
  )
  const names = new Set(rows.map(({ name }) => name.slice(-7)))
  const fallback = rows.find(({ name }) => name.endsWith('_default'))
  // A hypertable makes its chunks by itself, when rows come.
  if (!fallback) return ok(`${kind.relation}: a hypertable, ${count(rows.length, 'chunk')}`)
  const month = (ahead: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7).replace('-', '_')
  let ahead = -1
  while (names.has(month(ahead + 1))) ahead++
  const [stray] = await sql.query<{ n: number }>(`select count(*) as n from ${kind.relation}_default`)
  const say = `${kind.relation}: ${count(rows.length - 1, 'month')}, ${ahead < 0 ? 'not the present one' : `${ahead} ahead`}, ${count(stray!.n, 'row')} in the default partition`
  return ahead < MONTHS_AHEAD - 1 || stray!.n > 0 ? warn(say, KEEPER) : ok(say)
}

export async function checkRollup(sql: Sql, kind: SeriesKind, rollup: string): Promise<Finding> {
  const { ok, warn, fail } = findings('rollup')
  if (rollup === 'aggregate') return checkPolicies(sql, kind)
  const [lag] = await sql.query<{ hours: number; seconds: number | null }>(
    `select count(*) as hours, extract(epoch from now() - min(since))::float8 as seconds from (
       select greatest(min(marked_at), bucket + interval '1 hour') as since from fleet.series_mark
       where series = $1 and bucket < date_bin('1 hour', now(), '2000-01-01 00:00:00+00') group by tenant, bucket) marked`,
    [kind.name],
  )
  if (!lag?.hours) return ok(`${kind.relation}: every hour that has ended is rolled up`)
  const seconds = lag.seconds ?? 0
  const say = `${kind.relation}: ${count(lag.hours, 'hour')} to roll up, the oldest for ${duration(seconds)}`
  return seconds < LATE_S ? ok(say) : seconds < STUCK_S ? warn(say, KEEPER) : fail(say, KEEPER)
}

/** What TimescaleDB's own jobs say of themselves. */
async function checkPolicies(sql: Sql, kind: SeriesKind): Promise<Finding> {
  const { ok, fail } = findings('rollup')
  const failed = await sql.query<{ proc_name: string }>(
    `select j.proc_name from timescaledb_information.jobs j join timescaledb_information.job_stats s using (job_id)
     where s.last_run_status = 'Failed' and j.hypertable_schema in ('fleet', '_timescaledb_internal') order by 1`,
  )
  if (failed.length === 0) return ok(`${kind.relation}: a continuous aggregate, whose jobs run`)
  return fail(
    `${kind.relation}: jobs of TimescaleDB fail: ${failed.map(({ proc_name }) => proc_name).join(', ')}`,
    'select * from timescaledb_information.job_errors says why',
  )
}
