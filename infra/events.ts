// Events of the graph, from the transaction that brings them about to the bus: none is lost once it has committed, and none is told before.
import { QuesnayError } from '../schema/errors.ts'
import { type EventBody, eventSubject } from '../schema/events.ts'
import { MAX_MESSAGE_BYTES } from './bus/limits.ts'
import type { Bus } from './bus/port.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Sql, Store } from './store/port.ts'
import { currentTraceparent } from './tracing.ts'

/** One event of a tenant. */
export interface NewEvent {
  /** Of its subject, after the tenant: the family and what it is about, such as ['parameter', 'uk.rate']. */
  readonly words: readonly [string, ...string[]]
  readonly body: EventBody & Readonly<Record<string, unknown>>
}

export interface Events {
  /** Writes events down with what they tell of, in its transaction. They are sent after it, in this order; twice where the process dies. */
  note(sql: Sql, tenant: string, events: readonly NewEvent[]): Promise<void>
  /** Sends what was noted and has committed; returns at once and never fails: what the bus does not take is sent later. */
  flush(): void
  close(): Promise<void>
}

/** Where nobody listens, such as in a test of one subgraph. */
export const NO_EVENTS: Events = { note: async () => {}, flush() {}, close: async () => {} }

export interface EventsDeps {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** Time between two looks for what a process has left behind that died, or found no bus; default 5 s. */
  readonly sweepMs?: number
}

const BATCH = 500

/** Any number of processes may send from one store: they take turns, so that the events of a subject keep their order. */
export function openEvents({ store, bus, clock, log, sweepMs = 5_000 }: EventsDeps): Events {
  const life = new AbortController()
  let sending = Promise.resolve()
  let asked = false

  async function sendAll(): Promise<void> {
    try {
      while (!life.signal.aborted && (await sendBatch(store, bus)) === BATCH);
    } catch (error) {
      if (!life.signal.aborted) log.warn({ err: error }, 'events were not sent; they will be')
    }
  }
  function flush(): void {
    // One that waits for its turn sends what came meanwhile too.
    if (asked) return
    asked = true
    sending = sending.then(() => {
      asked = false
      return sendAll()
    })
  }
  const sweeping = (async () => {
    while (!life.signal.aborted) {
      flush()
      await sending
      await clock.sleep(sweepMs, life.signal).catch(() => undefined)
    }
  })()

  return {
    note: noteEvents,
    flush,
    async close() {
      life.abort()
      await sweeping
      await sending
    },
  }
}

/** Writes events down for whoever sends from this store, also where this process has no bus. */
export async function noteEvents(sql: Sql, tenant: string, events: readonly NewEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH) {
    const rows = events.slice(from, from + BATCH).map(({ words, body }) => rowOf(tenant, words, body))
    await sql.query(
      'insert into events.outbox (tenant, subject, body) select $1, * from unnest($2::text[], $3::text[])',
      [tenant, rows.map(({ subject }) => subject), rows.map(({ text }) => text)],
    )
  }
}

/** LIMIT_EXCEEDED where the bus would never take it. */
function rowOf(tenant: string, words: readonly string[], body: NewEvent['body']): { subject: string; text: string } {
  const traceparent = currentTraceparent()
  const subject = eventSubject(tenant, ...words)
  const text = JSON.stringify(traceparent ? { ...body, traceparent } : body)
  if (Buffer.byteLength(text) <= MAX_MESSAGE_BYTES) return { subject, text }
  throw new QuesnayError('LIMIT_EXCEEDED', 'the event is larger than the bus takes', {
    path: subject,
    limit: MAX_MESSAGE_BYTES,
    suggestion: 'send the id, and let subscribers read the rest',
  })
}

/** Sends the oldest rows and deletes them; they stay where the bus refuses one. Returns how many. */
function sendBatch(store: Store, bus: Bus): Promise<number> {
  return store.transaction(async (sql) => {
    await sql.query(`select pg_advisory_xact_lock(hashtext('events.outbox'))`)
    const rows = await sql.query<{ id: string; subject: string; body: string }>(
      'select o.id::text, o.subject, o.body from events.outbox o order by o.id limit $1',
      [BATCH],
    )
    // Sent one after the other without waiting for each to be taken: the bus keeps their order.
    await Promise.all(rows.map(({ subject, body }) => bus.emit(subject, new TextEncoder().encode(body))))
    if (rows.length > 0)
      await sql.query('delete from events.outbox where id = any($1::bigint[])', [rows.map(({ id }) => id)])
    return rows.length
  })
}
