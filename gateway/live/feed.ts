// What subscriptions that are one share: a pattern, a plan, an execution for each event. Kinds: state-feed.ts, event-feed.ts.
import type { Logger } from 'pino'
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import { inSpan } from '../../infra/tracing.ts'
import type { Caller } from '../../schema/caller.ts'
import type { Faults } from '../documents.ts'
import { addRefused } from '../edge/pipeline.ts'
import type { Operation } from '../edge/step.ts'
import { maskError } from '../errors.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { LiveEvent } from './event.ts'
import type { Member } from './member.ts'
import { ending, type Outcome, outcomeOf, outdated } from './outcome.ts'
import type { SubscriptionPlan } from './subscription-plan.ts'
import type { Tap } from './tap.ts'

/** An operation as it is let through, and its plan, on the graph of the moment. */
export interface Planned {
  readonly operation: Operation
  readonly plan: SubscriptionPlan
}

/** Why there is no plan: the operation is valid no more, or a step does not let it through. */
export interface NotPlanned {
  readonly invalid?: Faults
  readonly refused?: Faults
}

export interface FeedDeps {
  readonly bus: Bus
  readonly tap: Tap
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: GatewayMetrics
  /** Least time between two readings of a LATEST feed, except before its last. */
  readonly spacingMs: number
  /** A LATEST feed without events looks again after this time, and after twice that, and so on. */
  readonly idleMs: number
  /** Results that wait for one subscriber. */
  readonly maxQueued: number
}

export interface FeedOptions {
  readonly pattern: string
  readonly planned: Planned
  /** Asked before each reading, so that a reload is noticed; the same object as long as nothing changed. */
  replan(before: Planned, caller: Caller): Promise<Planned | NotPlanned>
  /** Called once, when nobody can join any more. */
  onOver(): void
}

export interface Feed {
  /** Hears events from when it resolves. Errors: BUS_UNAVAILABLE. */
  open(): Promise<void>
  join(member: Member): void
  leave(member: Member): void
  /** What comes next for a member; undefined where nothing does. One at a time. */
  next(member: Member): Promise<Outcome | undefined>
}

/** One execution. */
export interface Turn {
  /** Up to which the outcome tells everything. */
  readonly sequence: number
  /** Of one of those it is for. */
  readonly caller: Caller
  /** What it is executed with. */
  readonly event?: LiveEvent | undefined
  /** What brought it about. */
  readonly cause?: LiveEvent | undefined
}

/** Reads and pushes for a feed, over the graph of the moment. */
export class Reader {
  readonly #deps: FeedDeps
  readonly #options: FeedOptions
  #planned: Planned

  constructor(deps: FeedDeps, options: FeedOptions) {
    this.#deps = deps
    this.#options = options
    this.#planned = options.planned
  }

  /** Executes once: with what an event carries where one is given that carries anything, else by reading the state. Never rejects. */
  async read(turn: Turn): Promise<Outcome> {
    const { caller } = turn
    try {
      const planned = await this.#options.replan(this.#planned, caller)
      if (!('plan' in planned)) return planned.invalid ? outdated(planned.invalid) : ending(planned.refused ?? [])
      this.#planned = planned
      return await this.#execute(planned, turn)
    } catch (error) {
      return ending([maskError(error, caller.requestId, this.#deps.log)])
    }
  }

  async #execute({ operation, plan }: Planned, { sequence, caller, event, cause }: Turn): Promise<Outcome> {
    const { source, responseKey } = plan
    const { query, operationName, given } = operation
    const request = { query, operationName, variables: { ...given } }
    const payload = source.payload === undefined ? undefined : event?.object(source.payload)
    // The first reading belongs to the client's operation, every other one to what brought it about.
    const parent = event?.traceparent ?? cause?.traceparent ?? caller.traceparent
    const attributes = { 'quesnay.tenant': caller.tenant, 'quesnay.request.id': caller.requestId }
    const span = { kind: 'producer', parent, links: [caller.traceparent], attributes } as const
    const reading = await inSpan('subscription.push', span, ({ traceparent }) => {
      const by = { ...caller, traceparent }
      return payload ? plan.push(request, by, payload) : plan.read(request, by)
    })
    const result = addRefused(operation, reading.result)
    const place = { responseKey, pattern: this.#options.pattern, sequence }
    const outcome = outcomeOf({ ...reading, result }, source, place)
    if (!payload) return { ...outcome, state: JSON.stringify([result.data, result.errors]) }
    const key = source.key === undefined ? undefined : payload[source.key]
    return key === undefined ? outcome : { ...outcome, key: JSON.stringify(key) }
  }
}
