// A bell: everybody who waits hears the next ring.
import type { Clock } from '../clock.ts'

/** Waiters of something that changes; `ring` wakes them all. */
export class Bell {
  #waiters = new Set<() => void>()

  ring(): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const wake of waiters) wake()
  }

  /** Resolves at the next ring, when the time is up, or when the signal aborts; never rejects. */
  async wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return
    const done = new AbortController()
    const rung = new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake)
        signal?.removeEventListener('abort', wake)
        // A reason of its own: without one an error is made, whose stack costs more than the bell.
        done.abort('rung')
        resolve()
      }
      this.#waiters.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
      if (Number.isFinite(ms)) clock.sleep(ms, done.signal).then(wake, () => undefined)
    })
    await rung
  }
}
