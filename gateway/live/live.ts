// Live subscriptions: each is a member of a feed that all equal ones share, from its first result to its end.
import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Clock } from '../../infra/clock.ts'
import type { Caller } from '../../schema/caller.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { isFaults } from '../documents.ts'
import type { Results } from '../edge/step.ts'
import { maskError, wireError } from '../errors.ts'
import { sequenceOf } from './cursor.ts'
import { EventFeed } from './event-feed.ts'
import type { Feed, FeedDeps, FeedOptions, Planned } from './feed.ts'
import { Member } from './member.ts'
import { ending } from './outcome.ts'
import { shareKeyOf } from './share-key.ts'
import { StateFeed } from './state-feed.ts'
import { Tap } from './tap.ts'

/** What a transport knows of a subscription beside the operation. */
export interface Resume {
  /** The cursor that came with the last result that the client has; it wins over the field's own argument. */
  readonly cursor?: string | undefined
  /** Called at most once, when the subscriber is dropped for reading too slowly: it may be waiting for its socket. */
  readonly onTooSlow?: (() => void) | undefined
}

declare module '../edge/step.ts' {
  interface Notes {
    /** Of a subscription. */
    readonly resume?: Resume
  }
}

interface Open {
  readonly feed: Feed
  readonly opened: Promise<void>
}

export class Live {
  readonly #deps: FeedDeps
  readonly #replan: FeedOptions['replan']
  readonly #feeds = new Map<string, Open>()
  readonly #lives = new Set<AbortController>()

  constructor(deps: Omit<FeedDeps, 'tap'>, replan: FeedOptions['replan']) {
    this.#deps = { ...deps, tap: new Tap(deps) }
    this.#replan = replan
  }

  /** The results of a subscription, one at a time; errors where an argument or the cursor cannot be. It listens when it is first asked. */
  open(planned: Planned): Results | ExecutionResult {
    const { operation, plan } = planned
    const { caller, variables, notes } = operation
    const pattern = plan.subject(variables, caller.tenant)
    if (isFaults(pattern as object)) return { errors: pattern as readonly never[] }
    const { cursor = plan.after(variables), onTooSlow = () => {} } = notes.resume ?? {}
    try {
      const after = cursor === undefined ? undefined : sequenceOf(cursor, pattern as string)
      return this.#results(planned, pattern as string, new Member(caller, after, onTooSlow))
    } catch (error) {
      if (!isQuesnayError(error)) throw error
      return { errors: [wireError(error.code, error.message, error.detail)] }
    }
  }

  /** Ends every subscription. */
  close(): void {
    for (const life of this.#lives) life.abort()
  }

  #results(planned: Planned, pattern: string, member: Member): Results {
    const life = new AbortController()
    this.#lives.add(life)
    const leave = () => {
      this.#lives.delete(life)
      member.end()
    }
    life.signal.addEventListener('abort', leave, { once: true })
    const results = this.#given(planned, pattern, member, life)
    const end = results.return.bind(results)
    // A generator that waits cannot be returned: the wait must end first.
    return Object.assign(results, {
      return: () => {
        life.abort()
        return end()
      },
    })
  }

  async *#given(
    planned: Planned,
    pattern: string,
    member: Member,
    life: AbortController,
  ): AsyncGenerator<ExecutionResult, void> {
    const { metrics, clock, log } = this.#deps
    const { caller } = member
    if ((caller.principal.expiresAt ?? Number.POSITIVE_INFINITY) <= clock.now()) return yield { errors: [expired()] }
    const open = this.#feedOf(planned, pattern)
    metrics.subscriptions.inc()
    open.feed.join(member)
    try {
      await open.opened
      void endWithToken(member, clock, life.signal)
      for (;;) {
        const outcome = await open.feed.next(member)
        if (!outcome || life.signal.aborted) return
        yield outcome.result
        if (outcome.ended) return
      }
    } catch (error) {
      yield { errors: [maskError(error, caller.requestId, log)] }
    } finally {
      life.abort()
      open.feed.leave(member)
      metrics.subscriptions.dec()
    }
  }

  #feedOf(planned: Planned, pattern: string): Open {
    const { operation, plan } = planned
    const key = shareKeyOf(operation, plan.shared(operation.variables))
    const known = this.#feeds.get(key)
    if (known) return known
    const onOver = () => {
      if (this.#feeds.get(key) === open) this.#feeds.delete(key)
    }
    const options = { pattern, planned, replan: this.#replan, onOver }
    const { policy, key: by, snapshot } = plan.source
    const isState = policy === 'LATEST' && by === undefined && snapshot !== undefined
    const feed = isState ? new StateFeed(this.#deps, options) : new EventFeed(this.#deps, options)
    const open: Open = { feed, opened: feed.open() }
    this.#feeds.set(key, open)
    return open
  }
}

/** Longest time that a timer of the platform takes, in milliseconds. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1

/** Ends a member when what its caller was known by runs out. */
async function endWithToken(member: Member, clock: Clock, signal: AbortSignal): Promise<void> {
  const { expiresAt } = member.caller.principal satisfies Caller['principal']
  if (expiresAt === undefined) return
  try {
    for (let left = expiresAt - clock.now(); left > 0; left = expiresAt - clock.now())
      await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal)
  } catch {
    return
  }
  member.end(ending([expired()]))
}

/** What a subscriber is told when its token has run out. */
export function expired(): GraphQLError {
  const suggestion = 'get a new token and subscribe again with the last cursor'
  return wireError('UNAUTHENTICATED', 'the token has expired', { reason: 'TOKEN_EXPIRED', suggestion })
}
