// What is known of each simulated worker: whether it lives, and how many of its threads are free.
import type { Tickets } from './tickets.ts'

export class WorkerState {
  /** Rises with each death: what an earlier life had in hand is not the later one's. */
  readonly life: Int32Array
  readonly alive: Uint8Array
  readonly freeSlots: Int32Array
  readonly #tickets: Tickets

  constructor(workers: number, tickets: Tickets) {
    this.life = new Int32Array(workers)
    this.alive = new Uint8Array(workers)
    this.freeSlots = new Int32Array(workers)
    this.#tickets = tickets
  }

  /** True while the worker that took the ticket lives. */
  holds(ticket: number): boolean {
    const { worker, life } = this.#tickets
    return this.life[worker[ticket]!] === life[ticket]
  }
}
