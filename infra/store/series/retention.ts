// Retention: whole months of rows are dropped when they are older than asked; their rollups stay.
import type { Sql, Store } from '../port.ts'
import { bareName, type SeriesKind } from './kinds.ts'
import type { Layout } from './layout.ts'
import { rollUp } from './rollup.ts'

/** How long dropping waits for those who read or write the table, before it leaves it to the next time. */
const LOCK_TIMEOUT = '2s'

/**
 * Drops the months that ended more than `keepDays` days before `now`; undefined keeps everything. Rows are kept at least so long and
 * at most a month longer. What is marked there is rolled up first, and from then on these hours are final: a row that comes still later is
 * not rolled up, and goes the next time. Returns the instant before which nothing is left.
 */
export async function dropOld(
  store: Pick<Store, 'transaction'>,
  kind: SeriesKind,
  layout: Layout,
  keepDays: number | undefined,
  now: Date,
): Promise<Date | undefined> {
  if (keepDays === undefined) return undefined
  const oldest = new Date(now.getTime() - keepDays * 86_400_000)
  const cutoff = new Date(Date.UTC(oldest.getUTCFullYear(), oldest.getUTCMonth(), 1))
  await store.transaction(async (sql) => {
    await sql.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
    await seal(sql, kind, cutoff)
    if (layout.rows === 'partitions') await dropPartitions(sql, kind, cutoff)
    else await sql.query(`select drop_chunks('${kind.relation}', older_than => $1::timestamptz)`, [cutoff])
  })
  return cutoff
}

/** Makes hours final: no refresh runs meanwhile, for it shares the row that this one writes. */
async function seal(sql: Sql, kind: SeriesKind, cutoff: Date): Promise<void> {
  const [row] = await sql.query<{ sealed: string }>(
    'select sealed_before::text as sealed from quesnay.series where name = $1 for update',
    [kind.name],
  )
  const marked = await sql.query<{ tenant: string; bucket: string }>(
    `select distinct tenant, bucket::text as bucket from fleet.series_mark
     where series = $1 and bucket >= $2 and bucket < $3`,
    [kind.name, row?.sealed ?? '-infinity', cutoff],
  )
  await rollUp(sql, kind, { tenants: marked.map((m) => m.tenant), buckets: marked.map((m) => m.bucket) })
  await sql.query('update quesnay.series set sealed_before = greatest(sealed_before, $2) where name = $1', [
    kind.name,
    cutoff,
  ])
  await sql.query('delete from fleet.series_mark where series = $1 and bucket < $2', [kind.name, cutoff])
}

/** Rows of the default partition one by one, partitions whole. */
async function dropPartitions(sql: Sql, kind: SeriesKind, cutoff: Date): Promise<void> {
  await sql.query(`delete from ${kind.relation}_default where ${kind.time} < $1`, [cutoff])
  const month = cutoff.toISOString().slice(0, 7).replace('-', '_')
  const old = await sql.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits join pg_class on oid = inhrelid
     where inhparent = $1::regclass and relname ~ $2 and right(relname, 7) < $3 order by 1`,
    [kind.relation, `^${bareName(kind)}_[0-9]{4}_[0-9]{2}$`, month],
  )
  for (const { name } of old) await sql.query(`drop table ${name}`)
}
