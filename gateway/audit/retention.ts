// Retention: rows whose time has come are deleted from the beginning of their chain, which stays verifiable from there on.
import type { Store } from '../../infra/store/port.ts'
import type { AuditConfig } from './audit-config.ts'
import { TYPES } from './chain.ts'

const DAY_MS = 86_400_000
/** Texts that no row has named for longer than any row is kept, and a little more, as that is noted once a day. */
const TEXT_GRACE_DAYS = 2

/**
 * Deletes what is older than the policy of its type, and the texts that nobody names any more; returns how many rows. The last row
 * deleted becomes the place that the chain is checked from.
 * Errors: STORE_UNAVAILABLE.
 */
export async function deleteExpired(store: Store, keepDays: AuditConfig['keepDays'], now: number): Promise<number> {
  let deleted = 0
  for (const type of TYPES) {
    const before = new Date(now - keepDays[type] * DAY_MS)
    const due = await store.query<{ tenant: string }>(
      'select distinct tenant from gateway.audit_entry where type = $1 and at < $2',
      [type, before],
    )
    for (const { tenant } of due) deleted += await deleteBefore(store, tenant, type, before)
  }
  const longest = Math.max(...TYPES.map((type) => keepDays[type])) + TEXT_GRACE_DAYS
  await store.query('delete from gateway.audit_operation where last_at < $1', [new Date(now - longest * DAY_MS)])
  return deleted
}

/** Rows are written when their operation ends: one that began early may stand behind one to be kept, and waits for it. */
function deleteBefore(store: Store, tenant: string, type: string, before: Date): Promise<number> {
  return store.transaction(async (sql) => {
    await sql.query('select from gateway.audit_chain where tenant = $1 and type = $2 for update', [tenant, type])
    const [last] = await sql.query<{ seq: string; hash: string }>(
      `select seq, hash from gateway.audit_entry
       where tenant = $1 and type = $2 and seq < coalesce(
         (select min(seq) from gateway.audit_entry where tenant = $1 and type = $2 and at >= $3), 9223372036854775807)
       order by seq desc limit 1`,
      [tenant, type, before],
    )
    if (!last) return 0
    const gone = await sql.query(
      'delete from gateway.audit_entry where tenant = $1 and type = $2 and seq <= $3 returning 1',
      [...[tenant, type, last.seq]],
    )
    await sql.query(
      `update gateway.audit_chain set deleted_seq = $3, deleted_hash = $4, deleted_at = now() where tenant = $1 and type = $2`,
      [tenant, type, last.seq, last.hash],
    )
    return gone.length
  })
}
