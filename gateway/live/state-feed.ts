// A feed of the policy LATEST: one state for all, read after news; who is slow gets the newest one, and has no queue.
import type { LiveEvent } from './event.ts'
import { type Feed, type FeedDeps, type FeedOptions, Reader } from './feed.ts'
import type { Member } from './member.ts'
import { type Outcome, withGap } from './outcome.ts'
import { Pace } from './pace.ts'
import { standingOf } from './standing.ts'
import type { Sink } from './tap.ts'

interface State {
  /** Rises with each state that is told. */
  readonly version: number
  readonly outcome: Outcome
  /** Without the cursor. */
  readonly text: string
}

/**
 * Reads one at a time, and only while a member waits; news that comes during a reading leads to one more, so the last state is never
 * missed. Ends after a state that nothing follows.
 */
export class StateFeed implements Feed, Sink {
  readonly #deps: FeedDeps
  readonly #options: FeedOptions
  readonly #reader: Reader
  readonly #life = new AbortController()
  readonly #pace: Pace
  readonly #members = new Set<Member>()
  /** The newest event that carries the state, and was not given yet. */
  #carried: LiveEvent | undefined
  #traced: LiveEvent | undefined
  #state: State | undefined
  #over = false

  constructor(deps: FeedDeps, options: FeedOptions) {
    this.#deps = deps
    this.#options = options
    this.#reader = new Reader(deps, options)
    const { clock, spacingMs, idleMs } = deps
    const wanted = () => this.#wanted()
    this.#pace = new Pace({ clock, signal: this.#life.signal, spacingMs, idleMs, wanted })
  }

  async open(): Promise<void> {
    await this.#deps.tap.add(this.#options.pattern, this)
    void this.#run()
  }

  join(member: Member): void {
    this.#members.add(member)
    // What comes from now on is heard; what came before is looked for when the member first asks.
    if (member.state === 'behind') member.seen = this.#state?.version ?? 0
    this.#pace.ring()
  }

  leave(member: Member): void {
    this.#members.delete(member)
    if (this.#members.size === 0) this.#end()
  }

  heard(event: LiveEvent): void {
    const { payload, statusField, finalStatuses } = this.#source
    this.#traced = event
    this.#carried = payload !== undefined && event.object(payload) ? event : undefined
    const object = this.#carried && payload !== undefined ? event.object(payload) : event.body
    const status = statusField === undefined ? undefined : object?.[statusField]
    this.#pace.note(typeof status === 'string' && finalStatuses.has(status))
  }

  lost(): void {
    this.#carried = undefined
    this.#pace.note(false)
  }

  async next(member: Member): Promise<Outcome | undefined> {
    if (member.state === 'behind') await this.#resume(member)
    for (;;) {
      const last = member.queue.shift()
      if (last) return last
      if (member.state === 'over') return undefined
      const state = this.#state
      const unseen = state !== undefined && state.version > member.seen
      // What nothing follows is for those too who came while it was read.
      if (unseen && (this.#over || (member.state !== 'fresh' && !this.#pace.due))) {
        member.seen = state.version
        return this.#told(member, state.outcome)
      }
      if (this.#over) return undefined
      const news = member.news()
      this.#pace.ring()
      await news
    }
  }

  async #resume(member: Member): Promise<void> {
    const { bus, tap } = this.#deps
    const standing = await standingOf(bus, this.#options.pattern, member.at, tap.last)
    if (member.state !== 'behind') return
    member.gap = standing === 'expired'
    member.state = standing === 'quiet' ? 'live' : 'fresh'
  }

  #told(member: Member, outcome: Outcome): Outcome {
    if (!member.gap) return outcome
    member.gap = false
    return withGap(outcome)
  }

  get #source() {
    return this.#options.planned.plan.source
  }

  #wanted(): 'now' | 'next' | 'no' {
    let wanted: 'next' | 'no' = 'no'
    for (const { waiting, state } of this.#members) {
      if (!waiting) continue
      if (state === 'fresh') return 'now'
      wanted = 'next'
    }
    return wanted
  }

  async #run(): Promise<void> {
    for (;;) {
      const why = await this.#pace.turn()
      if (why === 'stopped') return
      const fresh = [...this.#members].filter(({ state, waiting }) => state === 'fresh' && waiting)
      const event = why === 'news' && this.#carried ? this.#carried : undefined
      const cause = why === 'news' ? this.#traced : undefined
      // All that was handed on before the reading is in what is read.
      const sequence = event?.sequence ?? this.#deps.tap.last
      this.#pace.begin()
      this.#carried = undefined
      const [first] = fresh.length > 0 ? fresh : this.#members
      if (!first) continue
      const { caller } = first
      const outcome = await this.#reader.read({ sequence, caller, event, cause })
      if (this.#life.signal.aborted) return
      this.#give(outcome, why === 'news', fresh)
      if (!outcome.ended) continue
      // What had ended before the subscribers came was not waited for.
      const { finishedAt } = outcome
      if (why !== 'fresh' && finishedAt !== undefined)
        this.#deps.metrics.pushSeconds.observe(Math.max(0, this.#deps.clock.now() - finishedAt) / 1000)
      return this.#end()
    }
  }

  #give(outcome: Outcome, isNews: boolean, fresh: readonly Member[]): void {
    const { data, errors } = outcome.result
    const text = outcome.state ?? JSON.stringify([data, errors])
    const before = this.#state
    // A state that was read is told where it differs: what happened while the one before was read, or had been written before it and was
    // told of later, is in that one. An event that carries the state is told as it comes.
    const isNew = text !== before?.text || outcome.ended || (isNews && this.#source.payload !== undefined)
    const version = (before?.version ?? 0) + (isNew ? 1 : 0)
    if (!isNew && fresh.length === 0) this.#pace.slacken()
    this.#state = isNew || fresh.length > 0 ? { version, outcome, text } : before
    for (const member of fresh) {
      if (member.state !== 'fresh') continue
      member.state = 'live'
      member.seen = version - 1
    }
    for (const member of this.#members) if (version > member.seen) member.wake()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#life.abort()
    this.#deps.tap.remove(this.#options.pattern, this)
    this.#options.onOver()
    for (const member of this.#members) member.wake()
  }
}
