// Monthly partitions: made ahead of time, and for months of the past when rows of them come.
import type { Sql } from '../port.ts'
import { bareName, type SeriesKind } from './kinds.ts'

/** Months of partitions that stand ready beyond the present one. */
export const MONTHS_AHEAD = 3
/** Months of the past that one call makes at most; the next one goes on. */
const MOST_PAST_MONTHS = 120
/** How long making partitions waits for those who read the table. */
const LOCK_TIMEOUT = '2s'
/** Rows outside of these years are taken for mistakes: they stay in the default partition. */
const [EARLIEST, LATEST] = ['1900-01-01 00:00:00+00', '2200-01-01 00:00:00+00']

/** A partition of a month: its name within the schema, and the instants of its bounds. */
interface Month {
  readonly name: string
  readonly from: string
  readonly to: string
}

/**
 * Makes the partitions from the month of `now` to three months ahead, a default one that catches rows outside of them, and one for
 * each month of which the default partition caught rows: these move into it. Months that retention has dropped are not made again.
 * Returns the names of those made, the past first. Not for a hypertable, which makes its chunks by itself.
 */
export async function ensurePartitions(sql: Sql, kind: SeriesKind, now: Date): Promise<string[]> {
  const fallback = `${kind.relation}_default`
  const [there] = await sql.query<{ names: string[]; fallback: boolean }>(
    `select array(select relname::text from pg_inherits join pg_class on oid = inhrelid where inhparent = $1::regclass) as names,
       to_regclass($2) is not null as fallback`,
    [kind.relation, fallback],
  )
  if (!there?.fallback) await sql.query(`create table if not exists ${fallback} partition of ${kind.relation} default`)
  const ahead = Array.from({ length: MONTHS_AHEAD + 1 }, (_, i) =>
    monthOf(kind, new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + i, 1))),
  )
  const past = (await strayMonths(sql, kind)).map((month) => monthOf(kind, month))
  const known = new Set(there?.names)
  const missing = [...past, ...ahead].filter(({ name }) => !known.has(name) && known.add(name))
  if (missing.length === 0) return []
  await makePartitions(sql, kind, missing)
  const [made] = await sql.query<{ names: string[] }>(
    'select array(select name from unnest($1::text[]) name where to_regclass($2 || name) is not null) as names',
    [missing.map(({ name }) => name), `${schemaOf(kind)}.`],
  )
  return made?.names ?? []
}

const schemaOf = ({ relation }: SeriesKind) => relation.slice(0, relation.indexOf('.'))

/** Months of the rows that lie in the default partition. */
async function strayMonths(sql: Sql, kind: SeriesKind): Promise<Date[]> {
  const rows = await sql.query<{ month: Date }>(
    `select distinct date_trunc('month', ${kind.time}, 'UTC') as month from ${kind.relation}_default
     where ${kind.time} >= coalesce((select sealed_before from quesnay.series where name = $1), '-infinity')
       and ${kind.time} >= '${EARLIEST}' and ${kind.time} < '${LATEST}'
     order by 1 limit ${MOST_PAST_MONTHS}`,
    [kind.name],
  )
  return rows.map(({ month }) => month)
}

function monthOf(kind: SeriesKind, start: Date): Month {
  const from = start.toISOString()
  const to = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)).toISOString()
  return { name: `${bareName(kind)}_${from.slice(0, 7).replace('-', '_')}`, from, to }
}

/**
 * One statement, hence all or nothing: made apart, filled from the default partition, then attached. The default partition is
 * locked first: a row that another transaction put there meanwhile would keep the new one from being attached. Where somebody reads
 * the table for long, or another process makes the same, nothing is made: rows go to the default partition until the next call.
 */
async function makePartitions(sql: Sql, kind: SeriesKind, months: readonly Month[]): Promise<void> {
  const fallback = `${kind.relation}_default`
  const statements = months.map(
    ({ name, from, to }) => `
      create table ${schemaOf(kind)}.${name} (like ${kind.relation} including defaults including constraints);
      with moved as (
        delete from ${fallback} where ${kind.time} >= '${from}' and ${kind.time} < '${to}' returning *
      ) insert into ${schemaOf(kind)}.${name} select * from moved;
      alter table ${kind.relation} attach partition ${schemaOf(kind)}.${name} for values from ('${from}') to ('${to}');`,
  )
  await sql.query(`
    do $$ begin
      perform set_config('lock_timeout', '${LOCK_TIMEOUT}', true);
      lock table ${fallback} in access exclusive mode;
      ${statements.join('')}
      perform set_config('lock_timeout', '0', true);
    exception when duplicate_table or lock_not_available then null;
    end $$`)
}
