// Deadlines of many requests with one timer: a timer and a signal for each would cost more than most requests do.
import type { Clock } from '../../infra/clock.ts'

/** A deadline that has been set; cleared when what it is for has ended. */
export interface Deadline {
  clear(): void
}

/** Deadlines are looked at every `tickMs`: one is called late by that much at most. There is no timer while there is no deadline. */
export class Deadlines {
  readonly #clock: Clock
  readonly #tickMs: number
  readonly #pending = new Map<object, { readonly at: number; readonly expired: () => void }>()
  #watching = false

  constructor(clock: Clock, tickMs: number) {
    this.#clock = clock
    this.#tickMs = tickMs
  }

  /** Calls `expired` once the time is over, unless it is cleared before. */
  set(ms: number, expired: () => void): Deadline {
    const deadline = { clear: () => void this.#pending.delete(deadline) }
    this.#pending.set(deadline, { at: this.#clock.now() + ms, expired })
    if (!this.#watching) void this.#watch()
    return deadline
  }

  async #watch(): Promise<void> {
    this.#watching = true
    while (this.#pending.size > 0) {
      await this.#clock.sleep(this.#tickMs)
      const now = this.#clock.now()
      for (const [deadline, { at, expired }] of this.#pending) {
        if (at > now) continue
        this.#pending.delete(deadline)
        expired()
      }
    }
    this.#watching = false
  }
}
