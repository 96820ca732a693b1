// The policy LATEST: however many events come while a subscriber is busy, it is told once, and soon, that there is news.
import { Bell } from '../infra/bus/bell.ts'
import type { Clock } from '../infra/clock.ts'

export interface ChangesOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** At most one turn in this time, so that progress does not flood a client; news that is urgent does not wait. */
  readonly spacingMs: number
  /** A turn after this time without news, in case an event was lost. */
  readonly idleMs: number
}

/** Holds no events, only whether there were any: its size does not depend on how slow the reader is. */
export class Changes {
  readonly #options: ChangesOptions
  readonly #bell = new Bell()
  #news: 'none' | 'some' | 'urgent' = 'none'

  constructor(options: ChangesOptions) {
    this.#options = options
  }

  note(urgent: boolean): void {
    if (this.#news !== 'urgent') this.#news = urgent ? 'urgent' : 'some'
    this.#bell.ring()
  }

  /** Forgets the news so far: what is read from now on contains it. Returns the time, to wait from. */
  clear(): number {
    this.#news = 'none'
    return this.#options.clock.now()
  }

  /** Waits for news after a turn that began at `since`; `idle` where none came for long, `stopped` after the signal. */
  async wait(since: number): Promise<'news' | 'idle' | 'stopped'> {
    const { clock, signal, spacingMs, idleMs } = this.#options
    for (;;) {
      if (signal.aborted) return 'stopped'
      const passed = clock.now() - since
      if (this.#news === 'urgent' || (this.#news === 'some' && passed >= spacingMs)) return 'news'
      if (this.#news === 'none' && passed >= idleMs) return 'idle'
      await this.#bell.wait(clock, (this.#news === 'some' ? spacingMs : idleMs) - passed, signal)
    }
  }
}
