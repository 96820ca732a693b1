// One round of admission: from the outbox to the bus, whose turn it is and as much as the caps let in.
import type { Fleet } from '../context.ts'
import { publishOutbox } from '../publish.ts'
import type { Capacity } from './capacity.ts'
import { deal } from './deal.ts'
import { admittedBy, loadFlows, saveDeal } from './flows.ts'

/**
 * Admits shards that wait and publishes them; returns how many. Any number of processes may do so at once: the rounds are one after another,
 * each sees what the one before it let through. Rejects where the store is away; what the bus does not take is left to the sweeper.
 */
export async function admitWaiting(fleet: Fleet, capacity: Capacity): Promise<number> {
  const rows = await fleet.store.transaction(async (sql) => {
    await sql.query(`select pg_advisory_xact_lock(hashtextextended('quesnay admission', 0))`)
    const { flows, room } = await loadFlows(sql, capacity)
    const { order, ring } = deal(flows, room)
    return order.length === 0 ? [] : saveDeal(sql, admittedBy(order), ring)
  })
  if (rows.length > 0) await publishOutbox(fleet, rows)
  return rows.length
}
