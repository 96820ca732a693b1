// The gateway: one federated graph over its subgraphs, executed, pushed and replaced without a pause.
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Bus } from '../infra/bus/port.ts'
import type { Clock } from '../infra/clock.ts'
import type { Caller } from '../schema/caller.ts'
import { type Faults, isFaults, type OperationRequest, type Prepared } from './documents.ts'
import { badRequest } from './errors.ts'
import { Graph } from './graph.ts'
import { type GatewayMetrics, outcomeOf } from './metrics.ts'
import type { SubgraphRequesters } from './requester.ts'
import { RequesterPool } from './requester-pool.ts'
import { liveResults } from './subscription.ts'
import { readSupergraph, type SupergraphFile, watchSupergraph } from './supergraph-file.ts'
import { waitAtMost } from './wait-at-most.ts'

export interface GatewayOptions {
  /** The text itself, or a file with it that may be watched for changes. */
  readonly supergraph: { readonly sdl: string } | SupergraphFile
  readonly services: SubgraphRequesters
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: GatewayMetrics
  /** Least time between two results of one subscription, except before its last; default 200 ms. */
  readonly spacingMs?: number
  /** A subscription without events looks again after this time; default 10 s. */
  readonly idleMs?: number
  /** How long closing waits for operations under way; default 10 s. */
  readonly drainMs?: number
}

export interface GatewayRequest extends OperationRequest {
  readonly caller: Caller
}

interface Readiness {
  readonly ready: boolean
  readonly subgraphs: Readonly<Record<string, boolean>>
  readonly bus: boolean
}

export type Results = AsyncGenerator<ExecutionResult, void>

export interface Gateway {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** The operation of a text, valid against the schema; BAD_INPUT errors otherwise. */
  prepare(query: string, operationName?: string | null): Prepared | Faults
  /** Answers a query or mutation. Without `data` the request was wrong; errors are masked; never rejects. */
  execute(request: GatewayRequest): Promise<ExecutionResult>
  /** The results of a subscription, or the errors of a wrong request; never rejects. */
  subscribe(request: GatewayRequest): Promise<Results | ExecutionResult>
  /** Serves another supergraph from now on. CONFIG_INVALID where it cannot be served: then the one before stays. */
  reload(sdl: string): Promise<void>
  ready(): Promise<Readiness>
  /** Ends subscriptions, waits for operations under way, then cuts the connections to subgraphs. The bus stays open. */
  close(): Promise<void>
}

/** CONFIG_INVALID where the supergraph cannot be read or served. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { bus, clock, log, metrics, spacingMs = 200, idleMs = 10_000, drainMs = 10_000 } = options
  const pool = new RequesterPool(options.services)
  const subscriptions = new Set<AbortController>()
  const retiring = new Set<Promise<void>>()

  const load = (sdl: string) => Graph.load(sdl, { metrics, log, lease: pool.lease() })
  function retire(old: Graph): void {
    const retired = old.retire().finally(() => retiring.delete(retired))
    retiring.add(retired)
  }

  let graph = await load(
    'sdl' in options.supergraph ? options.supergraph.sdl : await readSupergraph(options.supergraph),
  )
  let turn: Promise<unknown> = Promise.resolve()

  async function replace(sdl: string): Promise<void> {
    if (sdl === graph.sdl || closing.signal.aborted) return
    try {
      const next = await load(sdl)
      retire(graph)
      graph = next
      log.info({ subgraphs: [...next.services.keys()] }, 'the supergraph was replaced')
    } catch (error) {
      log.error({ err: error }, 'a supergraph was refused; the one before stays')
      throw error
    }
  }
  /** One at a time, in the order asked. */
  function reload(sdl: string): Promise<void> {
    const done = turn.then(() => replace(sdl))
    turn = done.catch(() => undefined)
    return done
  }
  const closing = new AbortController()
  const source = options.supergraph
  if ('file' in source && source.watch) {
    const changed = (sdl: string) => void reload(sdl).catch(() => undefined)
    void watchSupergraph(source, changed, { clock, log, signal: closing.signal })
  }

  function checked(request: GatewayRequest): (Prepared & { variables: Record<string, unknown> }) | Faults {
    const prepared = graph.documents.prepare(request.query, request.operationName)
    if (isFaults(prepared)) return prepared
    const variables = graph.documents.variables(prepared.operation, request.variables)
    return isFaults(variables) ? variables : { ...prepared, variables }
  }

  function planned(request: GatewayRequest) {
    const prepared = checked(request)
    if (isFaults(prepared)) return prepared
    const plan = graph.planner.plan(prepared, request)
    return isFaults(plan) ? plan : { plan, variables: prepared.variables }
  }

  async function execute(request: GatewayRequest): Promise<ExecutionResult> {
    const prepared = checked(request)
    if (isFaults(prepared)) return { errors: prepared }
    const type = prepared.operation.operation
    if (type === 'subscription')
      return { errors: [badRequest('a subscription is pushed: ask it over WebSocket or server-sent events')] }
    const stop = metrics.operationSeconds.startTimer({ type })
    const result = await graph.execute(prepared, request, request.caller)
    stop()
    metrics.operations.inc({ type, outcome: outcomeOf(result) })
    return result
  }

  async function subscribe(request: GatewayRequest): Promise<Results | ExecutionResult> {
    const start = planned(request)
    const subject = isFaults(start) ? start : start.plan.subject(start.variables, request.caller.tenant)
    if (typeof subject !== 'string') return { errors: subject }
    const plan = () => {
      const now = planned(request)
      return isFaults(now) ? now : now.plan
    }
    const life = new AbortController()
    subscriptions.add(life)
    life.signal.addEventListener('abort', () => subscriptions.delete(life), { once: true })
    return liveResults({ bus, clock, log, metrics, plan, spacingMs, idleMs }, life, subject, request, request.caller)
  }

  return {
    get schema() {
      return graph.schema
    },
    prepare: (query, operationName) => graph.documents.prepare(query, operationName),
    execute,
    subscribe,
    reload,
    async ready() {
      const asked = [...graph.services].map(async ([name, { requester }]) => [name, await requester.ready()] as const)
      const subgraphs = Object.fromEntries(await Promise.all(asked))
      const busReady = await bus.ready().catch(() => false)
      return { ready: busReady && Object.values(subgraphs).every(Boolean), subgraphs, bus: busReady }
    },
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      for (const life of subscriptions) life.abort()
      await turn
      retire(graph)
      await waitAtMost(clock, drainMs, Promise.all(retiring))
      await pool.close()
    },
  }
}
