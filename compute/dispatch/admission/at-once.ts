// How many questions of its kind a tenant may have under way.
import type { Sql } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'

/** A simulation takes seconds, and asking again costs little. */
const RETRY_MS = 5_000

/** OVERLOADED where one more would be too many. @param atOnce undefined: no limit. */
export async function assertOneMore(
  sql: Sql,
  { tenant, kind }: { readonly tenant: string; readonly kind: string },
  atOnce: number | undefined,
): Promise<void> {
  if (atOnce === undefined) return
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::int as count from fleet.job
     where tenant = $1 and kind = $2 and status in ('QUEUED', 'RUNNING', 'MERGING')`,
    [tenant, kind],
  )
  if (row!.count < atOnce) return
  throw new QuesnayError('OVERLOADED', `${row!.count} of this tenant's scenarios are simulated already`, {
    limit: atOnce,
    underWay: row!.count,
    retryAfterMs: RETRY_MS,
    suggestion: 'wait for one to end, cancel one, or have a higher tier',
  })
}
