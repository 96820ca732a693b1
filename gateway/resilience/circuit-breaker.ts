// A circuit breaker: a subgraph that fails too often is left alone for a while, and then tried with one request.
// Our own, because the library for it reads the host's clock and does not tell when it will try again.
import type { Clock } from '../../infra/clock.ts'
import type { BreakerState } from '../requesters/requester.ts'
import type { BreakerLimits } from './resilience-config.ts'

/** Into how many parts the window is cut: the oldest is forgotten at once. */
const PARTS = 10

/** What a request that was let through says when it has ended; `ignored` where its end tells nothing of the subgraph. */
export type Verdict = 'succeeded' | 'failed' | 'ignored'

export class CircuitBreaker {
  readonly #limits: BreakerLimits
  readonly #clock: Clock
  readonly #changed: (state: BreakerState) => void
  readonly #succeeded = new Array<number>(PARTS).fill(0)
  readonly #failed = new Array<number>(PARTS).fill(0)
  /** Number of the newest part, counted from 1970. */
  #part = 0
  #state: BreakerState = 'closed'
  #openUntil = 0

  constructor(limits: BreakerLimits, clock: Clock, changed: (state: BreakerState) => void = () => {}) {
    this.#limits = limits
    this.#clock = clock
    this.#changed = changed
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Until a request may be let through; 0 where one may, and the time of opening while one is being tried. */
  get retryAfterMs(): number {
    if (this.#state === 'closed') return 0
    if (this.#state === 'halfOpen') return this.#limits.openMs
    return Math.max(0, this.#openUntil - this.#clock.now())
  }

  /** undefined where the request must not be sent; otherwise what to call, once, with how it ended. */
  enter(): ((verdict: Verdict) => void) | undefined {
    if (this.#state === 'closed') return (verdict) => this.#note(verdict)
    if (this.#state === 'halfOpen' || this.#clock.now() < this.#openUntil) return undefined
    this.#become('halfOpen')
    return (verdict) => this.#tried(verdict)
  }

  #note(verdict: Verdict): void {
    // Those that were under way when it opened have nothing to say any more.
    if (verdict === 'ignored' || this.#state !== 'closed') return
    this.#turn()
    const at = this.#part % PARTS
    if (verdict === 'succeeded') {
      this.#succeeded[at]!++
      return
    }
    this.#failed[at]!++
    const failed = sum(this.#failed)
    const all = failed + sum(this.#succeeded)
    const { minimumRequests, failureFraction } = this.#limits
    if (all >= minimumRequests && failed >= failureFraction * all) this.#open()
  }

  #tried(verdict: Verdict): void {
    if (verdict === 'succeeded') this.#become('closed')
    else if (verdict === 'failed') this.#open()
    else {
      // It told nothing: the next one tries.
      this.#openUntil = this.#clock.now()
      this.#become('open')
    }
  }

  #open(): void {
    this.#openUntil = this.#clock.now() + this.#limits.openMs
    this.#succeeded.fill(0)
    this.#failed.fill(0)
    this.#become('open')
  }

  #become(state: BreakerState): void {
    this.#state = state
    this.#changed(state)
  }

  /** Forgets the parts that have fallen out of the window. */
  #turn(): void {
    const now = Math.floor(this.#clock.now() / (this.#limits.windowMs / PARTS))
    for (let part = Math.max(this.#part + 1, now - PARTS + 1); part <= now; part++)
      this.#succeeded[part % PARTS] = this.#failed[part % PARTS] = 0
    this.#part = Math.max(this.#part, now)
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
