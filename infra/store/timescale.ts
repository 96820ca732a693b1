// What TimescaleDB can do on this server: nothing, the Apache part, or all of it.
import { type Log, withoutSecrets } from '../log.ts'
import type { Sql, TimescaleLevel } from './port.ts'

/**
 * Finds the level, creating the extension where the server offers it. `none` also where it is offered but cannot be
 * created here (not preloaded, or no right to): everything works without it.
 * @param creates false finds what is there and changes nothing
 */
export async function detectTimescale(sql: Sql, log: Log, creates = true): Promise<TimescaleLevel> {
  const offered = await sql.query(`select from pg_available_extensions where name = 'timescaledb'`)
  if (offered.length === 0) return 'none'
  if (!creates && !(await isThere(sql))) return 'none'
  try {
    await sql.query('create extension if not exists timescaledb')
  } catch (error) {
    // Two services that start at once may both create it: the second one then finds it there.
    if (!(await isThere(sql))) {
      log.warn(
        { err: withoutSecrets((error as Error).message) },
        'TimescaleDB is offered but cannot be created; going on without it',
      )
      return 'none'
    }
  }
  const [row] = await sql.query<{ 'timescaledb.license': string }>('show timescaledb.license')
  return row?.['timescaledb.license'] === 'timescale' ? 'tsl' : 'apache'
}

const isThere = async (sql: Sql) =>
  (await sql.query(`select from pg_extension where extname = 'timescaledb'`)).length > 0
