// From the outbox to the bus: what was written with a job is published after it, and marked.
import type { Sql } from '../../infra/store/port.ts'
import type { Fleet } from './context.ts'

export interface OutboxRow {
  readonly id: number
  readonly subject: string
  readonly message_id: string
  readonly body: Uint8Array
}

/** Publications in flight at once: enough to hide the round trips of a job with thousands of shards. */
const IN_FLIGHT = 64

/**
 * Publishes rows and marks those that the bus has taken; returns how many. Never rejects for the bus: what it did not take stays
 * for the sweeper, so a bus that is full or away loses no job.
 */
export async function publishOutbox(fleet: Fleet, rows: readonly OutboxRow[]): Promise<number> {
  const sent: number[] = []
  for (let from = 0; from < rows.length; from += IN_FLIGHT) {
    const batch = rows.slice(from, from + IN_FLIGHT)
    const tries = await Promise.allSettled(batch.map((row) => fleet.bus.enqueue(row.subject, row.body, row.message_id)))
    for (const [i, row] of batch.entries()) if (tries[i]?.status === 'fulfilled') sent.push(row.id)
    const refused = tries.find((one) => one.status === 'rejected')
    if (!refused) continue
    fleet.log.warn(
      { err: refused.reason, unpublished: rows.length - sent.length },
      'the bus did not take every shard; the sweeper will',
    )
    break
  }
  if (sent.length > 0) await markPublished(fleet.store, sent)
  return sent.length
}

async function markPublished(sql: Sql, ids: readonly number[]): Promise<void> {
  // Rows that are being deleted with their job are passed over.
  await sql.query(
    `update fleet.outbox set published_at = clock_timestamp()
     where id in (select id from fleet.outbox where id = any($1::bigint[]) for update skip locked)`,
    [ids],
  )
}
