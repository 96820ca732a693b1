// Rollups without continuous aggregates: a table of hours, refreshed from the hours that writers marked.
import type { Sql, Store } from '../port.ts'
import { rollupOf, type SeriesKind } from './kinds.ts'

/** Hours that one transaction refreshes at most. */
const BATCH = 200
/** Candidates that it looks through, for others may hold the first ones. */
const CANDIDATES = 2000
/** The present hour is left to its rows until it has so many marks: then it is rolled up on the way, for each look goes through them. */
const MANY_MARKS = 1000

const names = (kind: SeriesKind) => [...kind.keys, ...kind.measures.map(({ name }) => name)]

/** The keys and figures of rows `s`, for a select list. */
export const figuresOfRows = (kind: SeriesKind) =>
  [...kind.keys.map((key) => `s.${key}`), ...kind.measures.map(({ name, ofRows }) => `${ofRows} as ${name}`)].join(', ')

/**
 * The rows of marked hours (tenant, bucket), rolled up by the hour. Hours that follow each other are looked up together, in a lateral by
 * their bounds: one late row costs one short look, and a year of them one pass, whatever the planner thinks of their number.
 */
const rolledUp = (kind: SeriesKind, marked: string) => `
  select m.tenant, r.bucket, ${names(kind)
    .map((name) => `r.${name}`)
    .join(', ')}
  from (
    select tenant, min(bucket) as first, max(bucket) as last from (
      select tenant, bucket, bucket - interval '1 hour' * row_number() over (partition by tenant order by bucket) as island
      from (${marked}) hours) numbered
    group by tenant, island) m cross join lateral (
    select date_bin('1 hour', s.${kind.time}, '2000-01-01 00:00:00+00') as bucket, ${figuresOfRows(kind)} from ${kind.relation} s
    where s.tenant = m.tenant and s.${kind.time} >= m.first and s.${kind.time} < m.last + interval '1 hour'
    group by 1, ${kind.keys.map((key) => `s.${key}`).join(', ')}) r`

/** Makes the table of hours and marks the hours of all rows there are; does nothing where it stands. */
export async function makeRollup(sql: Sql, kind: SeriesKind): Promise<void> {
  const [there] = await sql.query(`select where to_regclass($1) is not null`, [rollupOf(kind)])
  if (there) return
  const measures = kind.measures.map(({ name, type }) => `${name} ${type}`)
  await sql.query(`
    create table ${rollupOf(kind)} (
      tenant text not null, bucket timestamptz not null, ${kind.keys.map((key) => `${key} text not null`).join(', ')},
      ${measures.join(', ')}, primary key (tenant, bucket, ${kind.keys.join(', ')}))`)
  await sql.query(`select fleet.mark_series_rows($1, '-infinity', 'infinity')`, [kind.name])
}

/**
 * The hours of a series, as a select: those of the table, and in place of a marked one what its rows are now. So what was written a
 * moment ago is seen, and so is a late row, whether or not anybody has refreshed. Hours before `sealed_before` are final.
 */
export function hoursOfMarks(kind: SeriesKind): string {
  const marked = `from fleet.series_mark k where k.series = '${kind.name}'
    and k.bucket >= (select q.sealed_before from quesnay.series q where q.name = '${kind.name}')`
  return `
    select h.tenant, h.bucket, ${names(kind)
      .map((name) => `h.${name}`)
      .join(', ')} from ${rollupOf(kind)} h
    where not exists (select ${marked} and k.tenant = h.tenant and k.bucket = h.bucket)
    union all
    ${rolledUp(kind, `select distinct k.tenant, k.bucket ${marked}`)}`
}

interface Hours {
  readonly tenants: readonly string[]
  readonly buckets: readonly string[]
}

/**
 * Rolls up the marked hours that have ended, oldest first, some hundreds a transaction; returns their number. Any number of processes may
 * refresh at once: an hour that another one holds is skipped.
 * @param before marked hours from this instant on are left where they have few marks; default: the present hour, which is still being written
 */
export async function refreshRollup(
  store: Pick<Store, 'transaction'>,
  kind: SeriesKind,
  before?: Date,
): Promise<number> {
  for (let refreshed = 0; ; ) {
    const batch = await store.transaction(async (sql) => {
      const sealed = await shareSeal(sql, kind)
      const hours = await takeHours(sql, kind, sealed, before)
      await rollUp(sql, kind, hours)
      return hours.buckets.length
    })
    refreshed += batch
    if (batch < BATCH) return refreshed
  }
}

/** Keeps retention from dropping rows until this transaction has ended. */
async function shareSeal(sql: Sql, kind: SeriesKind): Promise<string> {
  const [row] = await sql.query<{ sealed: string }>(
    'select sealed_before::text as sealed from quesnay.series where name = $1 for share',
    [kind.name],
  )
  return row?.sealed ?? '-infinity'
}

/**
 * Locks hours until the end of the transaction. The lock comes before the look at the rows: of two refreshes of an hour the second
 * one sees all that the first one saw, and its figures are the later ones.
 */
async function takeHours(sql: Sql, kind: SeriesKind, sealed: string, before?: Date): Promise<Hours> {
  const rows = await sql.query<{ tenant: string; bucket: string }>(
    `select tenant, bucket::text as bucket from (
       select tenant, bucket from fleet.series_mark where series = $1 and bucket >= $2 group by tenant, bucket
       having bucket < coalesce($3, date_bin('1 hour', now(), '2000-01-01 00:00:00+00')) or count(*) > ${MANY_MARKS}
       order by bucket, tenant limit ${CANDIDATES}) candidate
     where pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || tenant || ' ' || extract(epoch from bucket)::text, 0))
     limit ${BATCH}`,
    [kind.name, sealed, before ?? null],
  )
  return { tenants: rows.map(({ tenant }) => tenant), buckets: rows.map(({ bucket }) => bucket) }
}

/** Within a transaction that holds the hours: takes their marks and writes what their rows are now. */
export async function rollUp(sql: Sql, kind: SeriesKind, { tenants, buckets }: Hours): Promise<void> {
  if (buckets.length === 0) return
  const hours = 'unnest($1::text[], $2::timestamptz[]) as u (tenant, bucket)'
  // A key whose rows are gone must not stay.
  await sql.query(`delete from ${rollupOf(kind)} h using ${hours} where (h.tenant, h.bucket) = (u.tenant, u.bucket)`, [
    tenants,
    buckets,
  ])
  // One statement, one snapshot: it takes no mark whose rows it does not see.
  await sql.query(
    `with taken as (
       delete from fleet.series_mark k using ${hours}
       where k.series = $3 and (k.tenant, k.bucket) = (u.tenant, u.bucket))
     insert into ${rollupOf(kind)} (tenant, bucket, ${names(kind).join(', ')})
     ${rolledUp(kind, `select u.tenant, u.bucket from ${hours}`)}`,
    [tenants, buckets, kind.name],
  )
}
