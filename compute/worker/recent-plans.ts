// The plans a thread has had lately. Its worker keeps the same list, and so knows which to send along.

/** Plans that a thread keeps. */
const CAPACITY = 4

/** A value per hash, the last ones used; both sides make the same calls and so keep the same. */
export class RecentPlans<Value> {
  readonly #values = new Map<string, Value>()

  /** The value of a hash, which is now the last one used; undefined where it is not kept. */
  use(hash: string): Value | undefined {
    const value = this.#values.get(hash)
    if (value === undefined) return undefined
    this.#values.delete(hash)
    this.#values.set(hash, value)
    return value
  }

  /** Keeps a value that `use` did not find; the one not used for longest goes. */
  keep(hash: string, value: Value): void {
    this.#values.set(hash, value)
    if (this.#values.size <= CAPACITY) return
    const [oldest] = this.#values.keys()
    this.#values.delete(oldest!)
  }
}
