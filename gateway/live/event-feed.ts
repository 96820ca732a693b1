// A feed that gives every event, in order, each executed once for all: policies BLOCK and DISCONNECT, and LATEST by key.
import { LRUCache } from 'lru-cache'
import { Bell } from '../../infra/bus/bell.ts'
import { ERRORS } from '../../schema/errors.ts'
import { maskError, wireError } from '../errors.ts'
import { LiveEvent } from './event.ts'
import { type Feed, type FeedDeps, type FeedOptions, Reader } from './feed.ts'
import { Intake } from './intake.ts'
import type { Member } from './member.ts'
import { ending, type Outcome, withGap } from './outcome.ts'
import { isExpired } from './standing.ts'

/** Outcomes kept for those who come back together, each after the same events. */
const KEPT = 32
/** How long to wait before a stream that does not answer is asked again. */
const RETRY_MS = 1_000

/**
 * One event at a time. Who comes first gets the state, read after its place in the stream was noted, then what every event above that place
 * brings: none is missed, and a state that was read is not told twice. Who is slow is left behind and reads the stream by itself.
 */
export class EventFeed implements Feed {
  readonly #deps: FeedDeps
  readonly #options: FeedOptions
  readonly #reader: Reader
  readonly #intake: Intake
  readonly #life = new AbortController()
  readonly #bell = new Bell()
  readonly #members = new Set<Member>()
  readonly #known = new LRUCache<number, Promise<Outcome>>({ max: KEPT })
  /** Sequence up to which live members were given everything. */
  #at = 0
  #last: Outcome | undefined
  #over = false

  constructor(deps: FeedDeps, options: FeedOptions) {
    this.#deps = deps
    this.#options = options
    this.#reader = new Reader(deps, options)
    const { bus, tap } = deps
    const onNews = () => this.#bell.ring()
    this.#intake = new Intake({ bus, tap, pattern: options.pattern, onNews, onLost: () => this.#startAgain() })
  }

  async open(): Promise<void> {
    await this.#intake.open()
    this.#at = this.#deps.tap.last
    void this.#run()
  }

  join(member: Member): void {
    this.#members.add(member)
    this.#bell.ring()
  }

  leave(member: Member): void {
    this.#members.delete(member)
    void member.missed?.events.return()
    if (this.#members.size === 0) this.#end()
  }

  async next(member: Member): Promise<Outcome | undefined> {
    for (;;) {
      const waiting = member.queue.shift()
      if (waiting) return waiting
      if (member.state === 'over') return undefined
      if (this.#over && member.state !== 'behind') {
        const { sequence = -1 } = this.#last ?? {}
        // An end without a place in the stream is everybody's.
        const last = sequence === 0 || sequence > member.at ? this.#last : undefined
        member.end()
        return last
      }
      if (member.state === 'behind') {
        const missed = await this.#catchUp(member)
        if (missed) return missed
        continue
      }
      const news = member.news()
      this.#bell.ring()
      await news
    }
  }

  get #source() {
    return this.#options.planned.plan.source
  }

  async #run(): Promise<void> {
    const { signal } = this.#life
    while (!signal.aborted) {
      try {
        const fresh = [...this.#members].filter(({ state }) => state === 'fresh')
        if (fresh.length > 0) await this.#begin(fresh)
        else if (this.#intake.isEmpty) await this.#bell.wait(this.#deps.clock, Number.POSITIVE_INFINITY, signal)
        else await this.#step()
      } catch (error) {
        this.#deps.log.warn({ err: error, pattern: this.#options.pattern }, 'the events of a subscription broke off')
        await this.#deps.clock.sleep(RETRY_MS, signal).catch(() => undefined)
      }
    }
  }

  /** The state now, for those who have nothing yet; where there is none to read, they wait for the next event. */
  async #begin(fresh: readonly Member[]): Promise<void> {
    // Before the reading, so that what happens during it is not missed.
    const sequence = this.#deps.tap.last
    const outcome =
      this.#source.snapshot === undefined ? undefined : await this.#reader.read({ sequence, caller: fresh[0]!.caller })
    for (const member of fresh) {
      if (member.state !== 'fresh') continue
      member.state = 'live'
      member.at = sequence
      if (outcome) member.push(this.#told(member, outcome))
    }
    if (outcome?.ended) this.#end(outcome)
  }

  async #step(): Promise<void> {
    const event = await this.#intake.next()
    // A reading of the state contained it already.
    if (!event || event.sequence <= this.#at) return
    const live = [...this.#members].find(({ state, at }) => state === 'live' && at < event.sequence)
    // Where all are behind, each will read it when it comes to it.
    const outcome = live && (await this.#execute(event, live))
    if (this.#life.signal.aborted) return
    this.#at = Math.max(event.sequence, outcome?.sequence ?? 0)
    if (!outcome) return
    for (const member of this.#members)
      if (member.state === 'live' && member.at < event.sequence) this.#offer(member, outcome)
    const { finishedAt } = outcome
    if (!outcome.ended) return
    if (finishedAt !== undefined)
      this.#deps.metrics.pushSeconds.observe(Math.max(0, this.#deps.clock.now() - finishedAt) / 1000)
    this.#end(outcome)
  }

  /** Once for each event, also for those who come to it at different times. */
  #execute(event: LiveEvent, { caller }: Member): Promise<Outcome> {
    const known = this.#known.get(event.sequence)
    if (known) return known
    const { payload } = this.#source
    const carries = payload !== undefined && event.object(payload) !== undefined
    const outcome = this.#reader.read(
      carries
        ? { sequence: event.sequence, caller, event }
        : { sequence: Math.max(event.sequence, this.#deps.tap.last), caller, cause: event },
    )
    this.#known.set(event.sequence, outcome)
    return outcome
  }

  #offer(member: Member, outcome: Outcome): void {
    if (member.knows(outcome)) {
      member.took(outcome)
      return
    }
    const { policy } = this.#source
    const same =
      policy === 'LATEST' ? member.queue.findIndex(({ key }) => key !== undefined && key === outcome.key) : -1
    if (same >= 0) member.queue.splice(same, 1)
    if (member.queue.length < this.#deps.maxQueued) member.push(outcome)
    // Its queue is all that it costs: the stream holds what it has not read.
    else if (policy !== 'DISCONNECT') member.state = 'behind'
    else this.#drop(member)
  }

  #drop(member: Member): void {
    member.end(
      ending([wireError('SUBSCRIBER_TOO_SLOW', ERRORS.SUBSCRIBER_TOO_SLOW.say, { limit: this.#deps.maxQueued })]),
    )
    member.onTooSlow()
  }

  /** The next outcome that a member has missed; undefined when it has missed none, and is live, or is to begin anew. */
  async #catchUp(member: Member): Promise<Outcome | undefined> {
    const { bus, log } = this.#deps
    try {
      if (!member.missed) {
        if (await isExpired(bus, member.at)) return this.#anew(member)
        const through = Math.max(this.#at, member.at)
        member.missed = { through, events: bus.replay(this.#options.pattern, member.at, through) }
      }
      const { through, events } = member.missed
      for (let next = await events.next(); !next.done; next = await events.next()) {
        // A reading of the state has given it already.
        if (next.value.sequence <= member.at) continue
        const outcome = await this.#execute(new LiveEvent(next.value), member)
        const isKnown = member.knows(outcome)
        member.took(outcome)
        if (isKnown) continue
        if (outcome.ended) member.end()
        return outcome
      }
      member.missed = undefined
      member.at = Math.max(member.at, through)
      if (member.state === 'behind' && this.#at <= member.at) member.state = 'live'
    } catch (error) {
      member.end()
      return ending([maskError(error, member.caller.requestId, log)])
    }
    return undefined
  }

  #anew(member: Member): undefined {
    if (member.state !== 'behind') return
    member.gap = true
    member.state = 'fresh'
    this.#bell.ring()
  }

  /** Events were dropped that nobody has read: everybody gets the state instead. */
  #startAgain(): void {
    for (const member of this.#members) {
      if (member.state !== 'live') continue
      member.gap = true
      member.state = 'fresh'
    }
    this.#bell.ring()
  }

  #told(member: Member, outcome: Outcome): Outcome {
    if (!member.gap) return outcome
    member.gap = false
    return withGap(outcome)
  }

  #end(last?: Outcome): void {
    if (this.#over) return
    this.#over = true
    this.#last = last
    this.#life.abort()
    this.#intake.close()
    this.#options.onOver()
    this.#bell.ring()
    for (const member of this.#members) member.wake()
  }
}
