// One subscriber of a feed: what waits for it, and how it is told that there is something.
import type { StreamMessage } from '../../infra/bus/port.ts'
import type { Caller } from '../../schema/caller.ts'
import type { Outcome } from './outcome.ts'

/**
 * fresh: it is to be given the state now. live: it gets what the feed gives. behind: it reads the stream by itself until it has caught
 * up. over: nothing more but what ends it.
 */
export type MemberState = 'fresh' | 'live' | 'behind' | 'over'

export class Member {
  state: MemberState
  /** Sequence up to which it has been given everything. */
  at: number
  /** The state that it was given last, where that was read. */
  #state: string | undefined
  /** Whether it has missed events, which its next state says. */
  gap = false
  /** Of a feed that gives states: the version it was given last; 0 for none. */
  seen = 0
  /** Whether it asks for something now. */
  waiting = false
  /** While it is behind: what it reads of the stream, and up to where. */
  missed: { readonly through: number; readonly events: AsyncGenerator<StreamMessage, void> } | undefined
  readonly caller: Caller
  /** Called at most once, when it is dropped for being too slow. */
  readonly onTooSlow: () => void
  readonly queue: Outcome[] = []
  #wake: () => void = () => {}

  /** @param after sequence to go on from; undefined: the state now comes first. */
  constructor(caller: Caller, after: number | undefined, onTooSlow: () => void) {
    this.caller = caller
    this.state = after === undefined ? 'fresh' : 'behind'
    this.at = after ?? 0
    this.onTooSlow = onTooSlow
  }

  push(outcome: Outcome): void {
    this.queue.push(outcome)
    this.took(outcome)
    this.#wake()
  }

  /** It has been given the outcome, or all that is in it. */
  took(outcome: Outcome): void {
    this.at = Math.max(this.at, outcome.sequence)
    this.#state = outcome.state
  }

  /**
   * Whether the outcome is the state that it was given last: what happened while that was read, or had been written before it and was told
   * of later, is in that one. An outcome that nothing follows is always told.
   */
  knows({ state, ended }: Outcome): boolean {
    return !ended && state !== undefined && state === this.#state
  }

  /** Ends it, with a last word or without; what it has not taken yet is dropped, where there is one. */
  end(last?: Outcome): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.queue.length = 0
    if (last) this.queue.push(last)
    this.#wake()
  }

  wake(): void {
    this.#wake()
  }

  /** Until something is pushed, or changes for it. */
  async news(): Promise<void> {
    this.waiting = true
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.waiting = false
  }
}
