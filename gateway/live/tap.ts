// The one listener of a gateway: hears all events once and hands each to the subscriptions whose pattern it matches.
import type { Logger } from 'pino'
import type { Bus, Listener, StreamMessage } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import { LiveEvent } from './event.ts'
import { SubjectTree } from './subject-tree.ts'

export interface Sink {
  heard(event: LiveEvent): void
  /** Events were dropped by the stream before they were heard; what is heard from now on begins above them. */
  lost(): void
}

export interface TapDeps {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

/** How long to wait before a listener that broke off is opened again. */
const REOPEN_MS = 1_000
/** Tenants are told apart by the subject of each event, which whoever publishes it cannot choose. */
const EVERYTHING = 'qz.ev.>'

/**
 * A consumer for each subscription would cost the broker one for each run that is watched; this one costs the gateway a look at each
 * event. Open while anybody listens. Where it breaks off it goes on from its cursor, so that nothing is missed that the stream keeps.
 */
export class Tap {
  readonly #deps: TapDeps
  readonly #sinks = new SubjectTree<Sink>()
  #session: { readonly end: AbortController; readonly opened: Promise<void> } | undefined
  #last = 0

  constructor(deps: TapDeps) {
    this.#deps = deps
  }

  /** Sequence up to which every event was handed on. */
  get last(): number {
    return this.#last
  }

  /** From when it resolves the sink hears every event after `last`. Rejects with BUS_UNAVAILABLE; then it is not added. */
  async add(pattern: string, sink: Sink): Promise<void> {
    this.#sinks.add(pattern, sink)
    try {
      this.#session ??= this.#open()
      await this.#session.opened
    } catch (error) {
      this.remove(pattern, sink)
      throw error
    }
  }

  remove(pattern: string, sink: Sink): void {
    this.#sinks.remove(pattern, sink)
    if (this.#sinks.size > 0) return
    this.#session?.end.abort()
    this.#session = undefined
  }

  #open() {
    const { bus } = this.#deps
    const end = new AbortController()
    const opened = (async () => {
      const { last } = await bus.eventRange()
      const listener = await bus.listen(EVERYTHING, last)
      this.#last = Math.max(this.#last, last)
      void this.#pump(listener, end.signal)
    })()
    return { end, opened }
  }

  async #pump(first: Listener<StreamMessage>, signal: AbortSignal): Promise<void> {
    let listener: Listener<StreamMessage> | undefined = first
    signal.addEventListener('abort', () => void listener?.stop(), { once: true })
    while (!signal.aborted) {
      try {
        listener ??= await this.#reopened()
        // The end may have come while the listener was opened.
        if (!signal.aborted) for await (const message of listener) this.#hear(message, signal)
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'the events of subscriptions broke off')
      }
      await listener?.stop()
      listener = undefined
      if (!signal.aborted) await this.#deps.clock.sleep(REOPEN_MS, signal).catch(() => undefined)
    }
    await listener?.stop()
  }

  #hear(message: StreamMessage, signal: AbortSignal): void {
    // Another session may have heard it already.
    if (signal.aborted || message.sequence <= this.#last) return
    this.#last = message.sequence
    const sinks = this.#sinks.matching(message.subject)
    if (sinks.length === 0) return
    const event = new LiveEvent(message)
    for (const sink of sinks) sink.heard(event)
  }

  async #reopened(): Promise<Listener<StreamMessage>> {
    const { bus } = this.#deps
    const { first } = await bus.eventRange()
    const listener = await bus.listen(EVERYTHING, this.#last)
    if (first > this.#last + 1) {
      this.#last = first - 1
      for (const sink of this.#sinks.all()) sink.lost()
    }
    return listener
  }
}
