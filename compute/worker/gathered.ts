// Statements that are wanted while one like them is under way go together as the next one.
import { isQuesnayError } from '../../schema/errors.ts'

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Work that is cheaper for many items at a time, such as rows that wait for the same lock. Nothing waits for others to come: an item that
 * finds none like it under way is worked on at once, and those that come meanwhile are next, together.
 */
export class Gathered<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #fits: (items: number, bytes: number) => boolean
  readonly #bytes: (item: Item) => number
  /** What waits, by key, while something of that key is under way. */
  readonly #waiting = new Map<string, Waiting<Item, Result>[]>()

  /**
   * @param work gives a result for each item, in their order; it may be done twice.
   * @param most items at a time, and bytes of them; one item goes whatever its size.
   */
  constructor(
    work: (items: readonly Item[]) => Promise<readonly Result[]>,
    most: { readonly items: number; readonly bytes?: number },
    bytes: (item: Item) => number = () => 0,
  ) {
    this.#work = work
    this.#fits = (items, size) => items <= most.items && (items <= 1 || size <= (most.bytes ?? size))
    this.#bytes = bytes
  }

  /** Items of one key go together. Rejects as the work does. */
  add(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const one = { item, resolve, reject }
      const waiting = this.#waiting.get(key)
      if (waiting) waiting.push(one)
      else void this.#workOff(key, one)
    })
  }

  async #workOff(key: string, first: Waiting<Item, Result>): Promise<void> {
    const waiting = [first]
    this.#waiting.set(key, waiting)
    while (waiting.length > 0) await this.#settle(this.#takeFrom(waiting))
    this.#waiting.delete(key)
  }

  #takeFrom(waiting: Waiting<Item, Result>[]): Waiting<Item, Result>[] {
    let count = 0
    for (let bytes = 0; count < waiting.length; count++) {
      bytes += this.#bytes(waiting[count]!.item)
      if (!this.#fits(count + 1, bytes)) break
    }
    return waiting.splice(0, count)
  }

  async #settle(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#work(taken.map(({ item }) => item))
      for (const [i, one] of taken.entries()) one.resolve(results[i]!)
    } catch (error) {
      const isAway = isQuesnayError(error) && error.code === 'STORE_UNAVAILABLE'
      // What is wrong with one item is not to be the fault of the others.
      if (taken.length > 1 && !isAway) for (const one of taken) await this.#settle([one])
      else for (const one of taken) one.reject(error)
    }
  }
}
