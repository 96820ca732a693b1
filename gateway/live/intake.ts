// The events of one feed, in order: those that the tap hands on, and where these come too fast, the same ones read again from the stream.
import type { Bus } from '../../infra/bus/port.ts'
import { LiveEvent } from './event.ts'
import { isExpired } from './standing.ts'
import type { Sink, Tap } from './tap.ts'

export interface IntakeOptions {
  readonly bus: Bus
  readonly tap: Tap
  readonly pattern: string
  /** Something came. */
  onNews(): void
  /** Events are gone before they were read. */
  onLost(): void
}

/** Events held in memory; what comes on top of them stays where it is, in the stream. */
const CAPACITY = 1_024

export class Intake implements Sink {
  readonly #options: IntakeOptions
  #held: LiveEvent[] = []
  #from = 0
  /** Sequence up to which events were given. */
  #at = 0
  /** Whether events were left in the stream. */
  #left = false
  #replay: { readonly through: number; readonly events: AsyncGenerator<LiveEvent, void> } | undefined

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  /** Errors: BUS_UNAVAILABLE. */
  async open(): Promise<void> {
    const { tap, pattern } = this.#options
    await tap.add(pattern, this)
    this.#at = Math.max(this.#at, tap.last)
  }

  close(): void {
    this.#options.tap.remove(this.#options.pattern, this)
    void this.#replay?.events.return()
  }

  heard(event: LiveEvent): void {
    if (this.#left) return
    if (this.#held.length - this.#from >= CAPACITY) this.#left = true
    else this.#held.push(event)
    this.#options.onNews()
  }

  lost(): void {
    this.#options.onLost()
  }

  /** Those that wait, as far as they are known without asking the stream. */
  get isEmpty(): boolean {
    return this.#held.length === this.#from && !this.#left
  }

  /** The next event; undefined where there is none now. Errors: BUS_UNAVAILABLE, after which it may be asked again. */
  async next(): Promise<LiveEvent | undefined> {
    const event = this.#take() ?? (await this.#read())
    if (event) this.#at = event.sequence
    return event
  }

  #take(): LiveEvent | undefined {
    const event = this.#held[this.#from]
    if (!event) return undefined
    // Moved up by whole blocks: a shift for each event would move all the others.
    if (++this.#from === this.#held.length || this.#from >= 256) {
      this.#held = this.#held.slice(this.#from)
      this.#from = 0
    }
    return event
  }

  async #read(): Promise<LiveEvent | undefined> {
    const { tap } = this.#options
    while (this.#left) {
      this.#replay ??= await this.#begin()
      const { through, events } = this.#replay
      try {
        const { value, done } = await events.next()
        if (!done) return value
      } catch (error) {
        this.#replay = undefined
        throw error
      }
      this.#replay = undefined
      this.#at = Math.max(this.#at, through)
      // All that the tap has handed on until now was read: from here on it is kept again.
      if (through === tap.last) this.#left = false
    }
    return undefined
  }

  async #begin() {
    const { tap, bus, pattern } = this.#options
    if (await isExpired(bus, this.#at)) this.#options.onLost()
    const through = tap.last
    const messages = bus.replay(pattern, this.#at, through)
    const events = (async function* () {
      for await (const message of messages) yield new LiveEvent(message)
    })()
    return { through, events }
  }
}
