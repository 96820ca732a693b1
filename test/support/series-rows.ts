// Rows of the time series for tests, and what the views over them must answer: plain queries over all rows, by other means than the views'.

import type { Sql, Store } from '../../infra/store/port.ts'
import { RESULT, type SeriesKind, USAGE } from '../../infra/store/series/kinds.ts'

export interface ResultRow {
  readonly tenant: string
  readonly job: string
  readonly variable: string
  readonly modelTime: number
  readonly mean: number | null
  readonly at: Date
}

/** Writes rows of any age, as a writer does: rows and marks in one transaction. */
export async function writeResults(store: Pick<Store, 'transaction'>, rows: readonly ResultRow[]): Promise<void> {
  await store.transaction(async (sql) => {
    const list = <T>(value: (row: ResultRow) => T) => rows.map(value)
    await sql.query(
      `insert into fleet.result_series (tenant, job_id, variable, model_time, mean, recorded_at)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::timestamptz[])`,
      [
        list((r) => r.tenant),
        list((r) => r.job),
        list((r) => r.variable),
        list((r) => r.modelTime),
        list((r) => r.mean),
        list((r) => r.at),
      ],
    )
    await sql.query(
      `select fleet.mark_series('result', tenant, at)
       from (select distinct * from unnest($1::text[], $2::timestamptz[]) as u (tenant, at)) row`,
      [list((r) => r.tenant), list((r) => r.at)],
    )
  })
}

/** Suffix of a view, and its bucket of an instant by means other than the views': fixed widths from named origins, months by the calendar. */
export const BUCKETS = [
  ['hourly', (at: string) => `date_bin('1 hour', ${at}, '2000-01-01 00:00:00+00')`],
  ['daily', (at: string) => `date_bin('1 day', ${at}, '2000-01-01 00:00:00+00')`],
  // 3 January 2000 was a Monday.
  ['weekly', (at: string) => `date_bin('7 days', ${at}, '2000-01-03 00:00:00+00')`],
  [
    'monthly',
    (at: string) =>
      `make_timestamptz(extract(year from ${at} at time zone 'UTC')::int, extract(month from ${at} at time zone 'UTC')::int, 1, 0, 0, 0, 'UTC')`,
  ],
] as const

/** Rows in which a view and the plain query differ, in one statement and so of one instant; none where all is well. */
export async function differences(sql: Sql, kind: SeriesKind, suffix: string, tenants: string): Promise<unknown[]> {
  const bucket = BUCKETS.find(([name]) => name === suffix)![1](kind.time)
  const names = [...kind.keys, ...kind.measures.map(({ name }) => name), ...kind.derived.map(([name]) => name)]
  const view = `select tenant, bucket, ${names.join(', ')} from fleet.${kind.view}_${suffix} where tenant like '${tenants}'`
  const plain = kind === USAGE ? PLAIN_USAGE : PLAIN_RESULT
  const rows = `select tenant, ${bucket} as bucket, ${plain} from ${kind.relation} where tenant like '${tenants}'
    group by tenant, ${bucket}, ${kind.keys.join(', ')}`
  return sql.query(`with v as materialized (${view}), p as materialized (${rows})
    (select 'view' as only, d.* from (table v except all table p) d)
    union all (select 'plain', d.* from (table p except all table v) d) limit 5`)
}

const PLAIN_RESULT = 'variable, count(*), count(mean), sum(mean), min(mean), max(mean), avg(mean)'
const PLAIN_USAGE = `kind, class, status, count(*), sum(shards), sum(compute_seconds), sum(wait_seconds), sum(run_seconds),
  max(run_seconds), avg(run_seconds)`

/** Every difference of every view of a series. */
export async function allDifferences(sql: Sql, tenants = '%', kind: SeriesKind = RESULT): Promise<unknown[]> {
  const found: unknown[] = []
  for (const [suffix] of BUCKETS) found.push(...(await differences(sql, kind, suffix, tenants)))
  return found
}
