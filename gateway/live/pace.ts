// When a LATEST feed reads again: soon after news, at once for the last of it, after a while without any, and only while somebody waits.
import { Bell } from '../../infra/bus/bell.ts'
import type { Clock } from '../../infra/clock.ts'

export interface PaceOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** At most one turn in this time, so that progress does not flood a client; news that is urgent does not wait. */
  readonly spacingMs: number
  /** A turn after this time without news, in case an event was never sent; twice as long after each that found nothing. */
  readonly idleMs: number
  /** Whether a subscriber waits for anything; `now` where one has nothing yet. */
  wanted(): 'now' | 'next' | 'no'
}

/** Thousands that watch what does not move cost next to nothing. */
const MAX_IDLE_MS = 300_000

/** Holds no events, only whether there were any: its size does not depend on how slow the readers are. */
export class Pace {
  readonly #options: PaceOptions
  readonly #bell = new Bell()
  #news: 'none' | 'some' | 'urgent' = 'none'
  #since = Number.NEGATIVE_INFINITY
  #idleMs: number

  constructor(options: PaceOptions) {
    this.#options = options
    this.#idleMs = options.idleMs
  }

  note(urgent: boolean): void {
    if (this.#news !== 'urgent') this.#news = urgent ? 'urgent' : 'some'
    this.#idleMs = this.#options.idleMs
    this.#bell.ring()
  }

  /** What is wanted has changed. */
  ring(): void {
    this.#bell.ring()
  }

  /** Whether there is news that needs no more waiting. */
  get due(): boolean {
    const { clock, spacingMs } = this.#options
    return this.#news === 'urgent' || (this.#news === 'some' && clock.now() - this.#since >= spacingMs)
  }

  /** Forgets the news so far: what is read from now on contains it. */
  begin(): void {
    this.#news = 'none'
    this.#since = this.#options.clock.now()
  }

  /** An idle turn has found nothing. */
  slacken(): void {
    this.#idleMs = Math.min(this.#idleMs * 2, Math.max(MAX_IDLE_MS, this.#options.idleMs))
  }

  /** The next turn: for one who has nothing, after news, after long without; `stopped` after the signal. */
  async turn(): Promise<'fresh' | 'news' | 'idle' | 'stopped'> {
    const { clock, signal, spacingMs } = this.#options
    for (;;) {
      if (signal.aborted) return 'stopped'
      const wanted = this.#options.wanted()
      if (wanted === 'now') return 'fresh'
      const passed = clock.now() - this.#since
      if (wanted === 'next' && this.due) return 'news'
      if (wanted === 'next' && this.#news === 'none' && passed >= this.#idleMs) return 'idle'
      const waitMs = this.#news === 'none' ? this.#idleMs - passed : spacingMs - passed
      await this.#bell.wait(clock, wanted === 'no' ? Number.POSITIVE_INFINITY : waitMs, signal)
    }
  }
}
