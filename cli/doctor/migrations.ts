// Whether the database has the tables of this version.
import { migrations } from '../../infra/migrations/index.ts'
import type { Sql } from '../../infra/store/port.ts'
import { count, type Finding, findings } from './finding.ts'

const { ok, warn } = findings('migrations')

/** Nothing that cannot run is found: every start runs what is pending. */
export async function checkMigrations(
  sql: Sql,
  known: readonly string[] = migrations.map(({ name }) => name),
): Promise<Finding> {
  const [table] = await sql.query(`select where to_regclass('quesnay.migrations') is not null`)
  const rows = table ? await sql.query<{ name: string }>('select name from quesnay.migrations') : []
  const applied = new Set(rows.map(({ name }) => name))
  const pending = known.filter((name) => !applied.has(name))
  const foreign = [...applied].filter((name) => !known.includes(name))
  if (foreign.length > 0)
    return warn(
      `the database has ${count(foreign.length, 'migration')} that this version does not know: ${foreign.join(', ')}`,
      'use the newer version of Quesnay that made them',
    )
  if (pending.length > 0)
    return warn(
      `${applied.size} applied, ${pending.length} pending: ${pending.join(', ')}`,
      'start Quesnay, or one of its services: each start applies them',
    )
  return ok(`${applied.size} applied, none pending`)
}
