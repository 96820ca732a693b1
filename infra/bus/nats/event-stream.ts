// The event stream over JetStream: an ordered reading from a cursor that goes on after the broker was away.
import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  type ConsumerMessages,
  DeliverPolicy,
  type JsMsg,
} from '@nats-io/jetstream'
import type { EventRange, Listener, StreamMessage } from '../port.ts'
import type { Link } from './link.ts'
import { EVENTS, REQUEST_TIMEOUT_MS } from './topology.ts'

const BATCH = 256
/** Two of these missing end a batch: in a cluster the node that reads for us may die without the connection that we have. */
const HEARTBEAT_MS = 2000

/**
 * A sequence is the stream's time of creation in microseconds plus the position in it. So sequences rise even when
 * the store is lost and positions begin at 1 again, and a cursor of the lost stream gets all that the new one holds.
 */
export class NatsEventStream {
  readonly #link: Link
  readonly #listeners = new Set<NatsListener>()

  constructor(link: Link) {
    this.#link = link
  }

  emit(subject: string, data: Uint8Array): Promise<number> {
    return this.#link.call(async ({ eventsBase }) => {
      const { seq } = await this.#link.js.publish(subject, data, { timeout: REQUEST_TIMEOUT_MS })
      return eventsBase + seq
    })
  }

  async listen(pattern: string, after?: number): Promise<Listener<StreamMessage>> {
    const last = () =>
      this.#link.call(async ({ eventsBase }) => eventsBase + (await this.#link.jsm.streams.info(EVENTS)).state.last_seq)
    const listener = new NatsListener(this.#link, pattern, after ?? (await last()), () =>
      this.#listeners.delete(listener),
    )
    await listener.open()
    this.#listeners.add(listener)
    return listener
  }

  range(): Promise<EventRange> {
    return this.#link.call(async ({ eventsBase }) => {
      const { state } = await this.#link.jsm.streams.info(EVENTS)
      // Of a stream that was emptied the server tells the next position, of one that never held any 0.
      return { first: eventsBase + Math.max(1, state.first_seq), last: eventsBase + state.last_seq }
    })
  }

  /** The listener's reading, ended where nothing that matches is left up to `through`. */
  async *replay(pattern: string, after: number, through: number): AsyncGenerator<StreamMessage, void> {
    if (after >= through) return
    const { pending, base } = await this.#link.call(async ({ eventsBase: base }) => {
      const info = await this.#link.jsm.consumers.add(EVENTS, readingFrom(this.#link, pattern, after - base))
      await this.#link.jsm.consumers.delete(EVENTS, info.name)
      return { pending: info.num_pending, base }
    })
    if (pending === 0) return
    const listener = new NatsListener(this.#link, pattern, after, () => this.#listeners.delete(listener))
    this.#listeners.add(listener)
    let left = pending
    for await (const event of listener) {
      // A stream that was lost and made again counts from another base: what is left of this reading is gone.
      if (event.sequence > through || event.sequence < base) return
      yield event
      if (--left === 0) return
    }
  }

  async close(): Promise<void> {
    for (const listener of [...this.#listeners]) await listener.stop()
  }
}

/** A consumer of what matches after a position. */
function readingFrom({ clock }: Link, pattern: string, after: number): Partial<ConsumerConfig> {
  return {
    name: `listener_${clock.id()}`,
    filter_subject: pattern,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(0, after) + 1,
    ack_policy: AckPolicy.None,
    max_deliver: 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: 120 * 1_000_000_000,
  }
}

interface Reading {
  readonly consumer: Consumer
  readonly base: number
}

/**
 * Reads batch by batch, so that a slow reader holds at most one batch in memory. The client's own ordered consumer is
 * not used: it asks on however slowly it is read, and waits for ever for its old position when the store is lost.
 */
class NatsListener implements Listener<StreamMessage> {
  readonly #link: Link
  readonly #pattern: string
  readonly #onStop: () => void
  #cursor: number
  #reading: Reading | undefined
  #batch: ConsumerMessages | undefined
  readonly #end = new AbortController()

  constructor(link: Link, pattern: string, after: number, onStop: () => void) {
    this.#link = link
    this.#pattern = pattern
    this.#cursor = after
    this.#onStop = onStop
  }

  async open(): Promise<Reading> {
    const reading = await this.#link.call(async ({ eventsBase: base }) => {
      const info = await this.#link.jsm.consumers.add(
        EVENTS,
        readingFrom(this.#link, this.#pattern, this.#cursor - base),
      )
      return { consumer: this.#link.js.consumers.getConsumerFromInfo(info), base }
    })
    this.#reading = reading
    return reading
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamMessage> {
    try {
      while (!this.#end.signal.aborted) {
        try {
          yield* this.#read(this.#reading ?? (await this.open()))
        } catch (error) {
          if (this.#end.signal.aborted || this.#link.closed) return
          this.#link.log.debug({ err: error, pattern: this.#pattern }, 'a listener begins again from its cursor')
          await this.#link.clock.sleep(50, this.#end.signal).catch(() => undefined)
        }
        this.#reading = undefined
        await this.#link.untilUp(this.#end.signal)
        if (this.#link.closed) return
      }
    } finally {
      await this.stop()
    }
  }

  /** Ends when the broker goes away, when a position was missed, or at the stop. */
  async *#read({ consumer, base }: Reading): AsyncGenerator<StreamMessage> {
    let delivered = 0
    while (!this.#end.signal.aborted && this.#link.isUp && this.#link.topology.eventsBase === base) {
      const batch = await this.#link.call(() =>
        consumer.fetch({ max_messages: BATCH, expires: 30_000, idle_heartbeat: HEARTBEAT_MS }),
      )
      this.#batch = batch
      void this.#stopWhenLost(batch)
      for await (const { subject, data, seq, info } of batch as AsyncIterable<JsMsg>) {
        if (info.deliverySequence !== ++delivered) return
        this.#cursor = base + seq
        yield { subject, data, sequence: this.#cursor }
      }
    }
  }

  async #stopWhenLost(batch: ConsumerMessages): Promise<void> {
    const read = new AbortController()
    batch.closed().finally(() => read.abort())
    while (this.#link.isUp && !this.#end.signal.aborted && !read.signal.aborted)
      await this.#link.changed.wait(this.#link.clock, Number.POSITIVE_INFINITY, read.signal)
    batch.stop()
  }

  async stop(): Promise<void> {
    if (this.#end.signal.aborted) return
    this.#end.abort()
    this.#onStop()
    this.#batch?.stop()
    // The server drops a consumer that nobody asks after two minutes; this only spares it the wait.
    if (this.#link.isUp) await this.#reading?.consumer.delete().catch(() => undefined)
  }
}
