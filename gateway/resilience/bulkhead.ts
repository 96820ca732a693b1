// A bulkhead: so many requests at once, so many that wait, and no more, so that one slow subgraph does not take all memory.

export class Bulkhead {
  readonly #maxInFlight: number
  readonly #maxQueued: number
  readonly #waiting = new Set<() => void>()
  #inFlight = 0

  constructor(maxInFlight: number, maxQueued: number) {
    this.#maxInFlight = maxInFlight
    this.#maxQueued = maxQueued
  }

  /** True at once where there is room, a promise of true where there will be, false where too many wait; aborted: false. */
  enter(signal?: AbortSignal): boolean | Promise<boolean> {
    if (this.#inFlight < this.#maxInFlight) {
      this.#inFlight++
      return true
    }
    if (this.#waiting.size >= this.#maxQueued || signal?.aborted) return false
    return new Promise((resolve) => {
      const stop = () => {
        this.#waiting.delete(go)
        resolve(false)
      }
      const go = () => {
        signal?.removeEventListener('abort', stop)
        resolve(true)
      }
      this.#waiting.add(go)
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** To be called once for each that got in; whoever has waited longest comes next, in its place. */
  leave(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#inFlight--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
