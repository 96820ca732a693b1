// Which level of TimescaleDB is active, what is missing for the next one, and how to come by it.
import type { Sql } from '../../infra/store/port.ts'
import { type Finding, findings } from './finding.ts'

const { ok, warn } = findings('timescaledb')

interface Facts {
  readonly major: number
  /** The extension's version on disk, and in this database; null where it is not. */
  readonly offered: string | null
  readonly installed: string | null
  readonly preloaded: boolean
  readonly mayCreate: boolean
  readonly license: string | null
  /** Series that lie in partitions of ours, and those rolled up from marks; empty where there are no series yet. */
  readonly partitioned: readonly string[]
  readonly byMarks: readonly string[]
}

const GAINS = 'continuous aggregates, compression and retention policies'

/** Reads only: the extension is not created. */
export async function checkTimescale(sql: Sql): Promise<Finding> {
  return judge(await factsOf(sql))
}

/** `none` is no fault: everything works without TimescaleDB. What is half there is one to mend. */
export function judge(facts: Facts): Finding {
  const { major, offered, installed, preloaded, mayCreate, license, partitioned, byMarks } = facts
  if (offered === null)
    return ok(
      'level none: time series are monthly partitions and rollup tables',
      `for ${GAINS}: a PostgreSQL of yours (DATABASE_URL) with the package timescaledb-2-postgresql-${major} of packagecloud.io/timescale, then timescaledb-tune or shared_preload_libraries = 'timescaledb' in postgresql.conf, and a restart`,
    )
  if (!preloaded)
    return warn(
      `level none: TimescaleDB ${offered} is installed but not loaded`,
      `set shared_preload_libraries = 'timescaledb' in postgresql.conf and restart PostgreSQL`,
    )
  if (installed === null)
    return mayCreate
      ? warn(
          `level none: TimescaleDB ${offered} is loaded but not created in this database`,
          'start Quesnay, or one of its services: it creates it',
        )
      : warn(
          `level none: TimescaleDB ${offered} is loaded, but this user may not create it`,
          'as a superuser, in this database: create extension timescaledb',
        )
  const level = license === 'timescale' ? 'tsl' : 'apache'
  const say = `level ${level}: TimescaleDB ${installed}, licence ${license}`
  if (partitioned.length > 0)
    return warn(
      `${say}; but ${partitioned.join(' and ')} were made before and stay monthly partitions`,
      'they answer the same; for hypertables start with an empty database and copy the rows over (docs/time-series.md)',
    )
  if (level === 'apache')
    return ok(
      say,
      `for ${GAINS}: the community package timescaledb-2-postgresql-${major} and timescaledb.license = 'timescale'`,
    )
  if (byMarks.length > 0)
    return warn(
      `${say}; but ${byMarks.join(' and ')} were made under the apache licence and stay rolled up by marks`,
      'they answer the same; for continuous aggregates start with an empty database and copy the rows over (docs/time-series.md)',
    )
  if (offered !== installed)
    return warn(
      `${say}; ${offered} is on the disk`,
      'alter extension timescaledb update, as the first statement of a session',
    )
  return ok(say)
}

async function factsOf(sql: Sql): Promise<Facts> {
  const [row] = await sql.query<Omit<Facts, 'partitioned' | 'byMarks'>>(`
    select current_setting('server_version_num')::int / 10000 as major,
      (select default_version from pg_available_extensions where name = 'timescaledb') as offered,
      (select extversion from pg_extension where extname = 'timescaledb') as installed,
      coalesce(current_setting('shared_preload_libraries', true), '') ~ 'timescaledb' as preloaded,
      (select rolsuper from pg_roles where rolname = current_user)
        or (has_database_privilege(current_database(), 'create')
            and coalesce((select bool_or(trusted) from pg_available_extension_versions where name = 'timescaledb'), false)) as "mayCreate",
      current_setting('timescaledb.license', true) as license`)
  const [series] = await sql.query(`select where to_regclass('quesnay.series') is not null`)
  const made = series
    ? await sql.query<{ name: string; partitioned: boolean; rollup: string }>(
        `select relation as name, rollup, exists (select from pg_class where oid = to_regclass(relation) and relkind = 'p') as partitioned
         from quesnay.series order by 1`,
      )
    : []
  return {
    ...row!,
    partitioned: made.filter(({ partitioned }) => partitioned).map(({ name }) => name),
    byMarks: made.filter(({ rollup }) => rollup === 'marks').map(({ name }) => name),
  }
}
