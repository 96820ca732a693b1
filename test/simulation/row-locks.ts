// Locks of rows: held by one at a time, the others wait in line; with how long each was held.
import type { Simulator } from './simulator.ts'
import { Lines, type Tickets } from './tickets.ts'

export class RowLocks {
  readonly #sim: Simulator
  readonly waiting: Lines
  readonly #held: Uint8Array
  readonly #since: Float64Array
  /** Milliseconds that each was held. */
  readonly heldMs: Float64Array
  #waitMs = 0
  #waits = 0
  readonly #grant: (ticket: number) => void

  constructor(sim: Simulator, count: number, tickets: Tickets, grant: (ticket: number) => void) {
    this.#sim = sim
    this.#grant = grant
    this.waiting = new Lines(count, tickets)
    this.#held = new Uint8Array(count)
    this.#since = new Float64Array(count)
    this.heldMs = new Float64Array(count)
  }

  /** Time spent in lines of all who had to wait, and how many had to. */
  get waits(): { readonly count: number; readonly totalMs: number } {
    return { count: this.#waits, totalMs: this.#waitMs }
  }

  acquire(row: number, ticket: number) {
    if (this.#held[row] === 1) {
      this.#waits++
      // Area under the curve of those waiting: arrivals are taken off here, and departures added below.
      this.#waitMs -= this.#sim.now
      return this.waiting.append(row, ticket)
    }
    this.#held[row] = 1
    this.#since[row] = this.#sim.now
    this.#grant(ticket)
  }

  release(row: number) {
    this.heldMs[row]! += this.#sim.now - this.#since[row]!
    const next = this.take(row)
    if (next < 0) {
      this.#held[row] = 0
      return
    }
    this.#since[row] = this.#sim.now
    this.#grant(next)
  }

  /** Takes the first of the line out of it; -1 where nobody waits. */
  take(row: number): number {
    const next = this.waiting.shift(row)
    if (next >= 0) this.#waitMs += this.#sim.now
    return next
  }
}
