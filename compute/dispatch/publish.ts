// From the outbox to the bus: what was written with a job is published after it, and marked.
import { PREPARED, type Sql } from '../../infra/store/port.ts'
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
  const sent = await sendOutbox(fleet, rows)
  await markSent(fleet, rows, sent)
  return sent.length
}

/** The first half: returns which the bus has taken. Never rejects. */
export async function sendOutbox(fleet: Fleet, rows: readonly OutboxRow[]): Promise<readonly number[]> {
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
  return sent
}

/** The second half: whoever has computed a shard before it is marked finds nothing amiss. */
export async function markSent(fleet: Fleet, rows: readonly OutboxRow[], sent: readonly number[]): Promise<void> {
  if (sent.length > 0) await takeBack(fleet, rows, sent, await markPublished(fleet.store, sent))
}

/** Messages whose rows have gone are of jobs that ended while they were published: what the end took out of the queue is not to come back. */
async function takeBack(
  fleet: Fleet,
  rows: readonly OutboxRow[],
  sent: readonly number[],
  there: ReadonlySet<number>,
): Promise<void> {
  if (there.size === sent.length) return
  const gone = rows.filter(({ id }) => sent.includes(id) && !there.has(id))
  const purges = gone.map(({ subject }) => fleet.bus.purge(subject.replace(/^(qz\.job)\.[^.]+\.[^.]+\./, '$1.*.*.')))
  for (const purge of await Promise.allSettled(purges))
    if (purge.status === 'rejected')
      fleet.log.warn({ err: purge.reason }, 'a message of an ended job is left to its worker')
}

/** Returns those that are still there; a row that is being deleted with its job is passed over. */
async function markPublished(sql: Sql, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await sql.query<{ id: number }>(
    `update fleet.outbox set published_at = clock_timestamp()
     where id in (select id from fleet.outbox where id = any($1::bigint[]) for update skip locked) returning id`,
    [ids],
    PREPARED,
  )
  return new Set(rows.map(({ id }) => id))
}
