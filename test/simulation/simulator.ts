// The clock of a simulation: takes events in the order of their time and hands them to who made them.
import { EventHeap } from './event-heap.ts'
import { Random } from './random.ts'

type Handler = (value: number) => void

export class Simulator {
  readonly random: Random
  readonly #heap = new EventHeap()
  readonly #handlers: Handler[] = []
  #events = 0
  #trace = 0x811c9dc5
  /** Milliseconds since the beginning. */
  now = 0

  constructor(seed: number) {
    this.random = new Random(seed)
  }

  get events(): number {
    return this.#events
  }

  /** FNV-1a over every event that took place: equal traces are equal runs. */
  get trace(): string {
    return (this.#trace >>> 0).toString(16).padStart(8, '0')
  }

  /** A number by which events of this kind are made. */
  handle(handler: Handler): number {
    return this.#handlers.push(handler) - 1
  }

  after(delayMs: number, handler: number, value = 0): void {
    this.#heap.push(this.now + delayMs, handler, value)
  }

  /** Runs until there is nothing left to come, or until `over` says so; looked at after each event. */
  run(over: () => boolean = () => false): void {
    const heap = this.#heap
    while (heap.pop()) {
      this.now = heap.time
      const { handler, value } = heap
      this.#events++
      // Time in microseconds: its bits as a whole number.
      let trace = Math.imul(this.#trace ^ ((this.now * 1000) | 0), 0x01000193)
      trace = Math.imul(trace ^ handler, 0x01000193)
      this.#trace = Math.imul(trace ^ value, 0x01000193)
      this.#handlers[handler]!(value)
      if (over()) return
    }
  }
}
