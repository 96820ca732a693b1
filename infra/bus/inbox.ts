// A listener fed by push: messages wait in order until they are read.
import type { Listener } from './port.ts'

/**
 * Delivery at most once: beyond `capacity` unread messages new ones are dropped, so that a reader that stopped
 * reading cannot fill the memory. `onStop` runs once, when the listener is stopped from either side.
 */
export class Inbox<T> implements Listener<T>, AsyncIterator<T> {
  #waiting: T[] = []
  #readers: ((result: IteratorResult<T>) => void)[] = []
  #stopped = false
  readonly #onStop: () => void | Promise<void>
  readonly #capacity: number

  constructor(onStop: () => void | Promise<void>, capacity = 65_536) {
    this.#onStop = onStop
    this.#capacity = capacity
  }

  push(value: T): void {
    if (this.#stopped) return
    const reader = this.#readers.shift()
    if (reader) reader({ value, done: false })
    else if (this.#waiting.length < this.#capacity) this.#waiting.push(value)
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#stopped) return { value: undefined, done: true }
    const value = this.#waiting.shift()
    if (value !== undefined) return { value, done: false }
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#waiting = []
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true })
    await this.#onStop()
  }

  async return(): Promise<IteratorResult<T>> {
    await this.stop()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this
  }
}
