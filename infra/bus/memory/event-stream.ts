// The event stream in memory: the last hour's events in order, read by any number of listeners from a cursor.
import type { Clock } from '../../clock.ts'
import { Bell } from '../bell.ts'
import type { BusLimits } from '../limits.ts'
import type { EventRange, Listener, StreamMessage } from '../port.ts'
import { matches } from '../subjects.ts'

interface Stored extends StreamMessage {
  readonly at: number
}

/**
 * Sequences begin at the time of opening in microseconds, so that a cursor from before a restart is smaller than every
 * new sequence: its holder gets all that is there instead of waiting for a number that never comes.
 */
export class MemoryEventStream {
  readonly #clock: Clock
  readonly #limits: BusLimits
  readonly #bell = new Bell()
  readonly #listeners = new Set<MemoryListener>()
  #stored: Stored[] = []
  #last: number

  constructor(clock: Clock, limits: BusLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#last = clock.now() * 1000
  }

  emit(subject: string, data: Uint8Array): number {
    const at = this.#clock.now()
    this.#last++
    this.#stored.push({ subject, data: data.slice(), sequence: this.#last, at })
    this.#trim(at)
    this.#bell.ring()
    return this.#last
  }

  listen(pattern: string, after = this.#last): Listener<StreamMessage> {
    const listener = new MemoryListener(this, pattern, after, () => this.#listeners.delete(listener))
    this.#listeners.add(listener)
    return listener
  }

  get range(): EventRange {
    this.#trim(this.#clock.now())
    return { first: this.#stored[0]?.sequence ?? this.#last + 1, last: this.#last }
  }

  /** The first kept event after the cursor that matches; undefined where there is none yet. */
  find(pattern: string, after: number): StreamMessage | undefined {
    this.#trim(this.#clock.now())
    const first = this.#stored[0]?.sequence ?? 0
    for (let i = Math.max(0, after + 1 - first); i < this.#stored.length; i++) {
      const { subject, data, sequence } = this.#stored[i] as Stored
      if (matches(pattern, subject)) return { subject, data: data.slice(), sequence }
    }
    return undefined
  }

  get last(): number {
    return this.#last
  }

  changed(): Promise<void> {
    return this.#bell.wait(this.#clock, Number.POSITIVE_INFINITY)
  }

  wake(): void {
    this.#bell.ring()
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners) await listener.stop()
  }

  #trim(now: number): void {
    const oldest = now - this.#limits.eventAgeMs
    const most = this.#limits.maxEvents
    let drop = 0
    // The count is trimmed by whole sixteenths so that a full stream does not move its array at each event.
    if (this.#stored.length > most) drop = this.#stored.length - most + (most >> 4)
    while (drop < this.#stored.length && (this.#stored[drop] as Stored).at <= oldest) drop++
    if (drop > 0) this.#stored.splice(0, drop)
  }
}

/** Holds a cursor, not a queue: however slowly it is read, it costs no memory beyond the stream's. */
class MemoryListener implements Listener<StreamMessage>, AsyncIterator<StreamMessage> {
  readonly #stream: MemoryEventStream
  readonly #pattern: string
  readonly #onStop: () => void
  #cursor: number
  #stopped = false

  constructor(stream: MemoryEventStream, pattern: string, after: number, onStop: () => void) {
    this.#stream = stream
    this.#pattern = pattern
    this.#cursor = after
    this.#onStop = onStop
  }

  async next(): Promise<IteratorResult<StreamMessage>> {
    while (!this.#stopped) {
      const message = this.#stream.find(this.#pattern, this.#cursor)
      // Without a match everything so far is looked at: the next look begins behind it.
      this.#cursor = message?.sequence ?? Math.max(this.#cursor, this.#stream.last)
      if (message) return { value: message, done: false }
      await this.#stream.changed()
    }
    return { value: undefined, done: true }
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#onStop()
    this.#stream.wake()
  }

  async return(): Promise<IteratorResult<StreamMessage>> {
    await this.stop()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamMessage> {
    return this
  }
}
