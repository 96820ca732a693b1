// The gateway: one federated graph over its subgraphs, executed, pushed and replaced without a pause.
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Bus } from '../infra/bus/port.ts'
import type { Clock } from '../infra/clock.ts'
import { inSpan } from '../infra/tracing.ts'
import type { Caller } from '../schema/caller.ts'
import { type Faults, isFaults, type OperationRequest, type Prepared } from './documents.ts'
import type { ErrorsShown } from './edge/passing.ts'
import { pipelineOf } from './edge/pipeline.ts'
import {
  type EdgeStep,
  type InvalidRequest,
  invalidRequest,
  newReply,
  type Operation,
  type Reply,
  type Results,
} from './edge/step.ts'
import { badRequest } from './errors.ts'
import type { ExecutorName } from './execution/executor.ts'
import { Graph, type Unpushed } from './graph.ts'
import { everybody, type IntrospectionPolicy, mayLook } from './limits/introspection.ts'
import { DEFAULT_LIMITS, type OperationLimits } from './limits/limits-config.ts'
import type { NotPlanned, Planned } from './live/feed.ts'
import { Live, type Resume } from './live/live.ts'
import { type GatewayMetrics, outcomeOf } from './metrics.ts'
import type { SubgraphHealth, SubgraphRequesters } from './requesters/requester.ts'
import { RequesterPool } from './requesters/requester-pool.ts'
import { readSupergraph, type SupergraphFile, watchSupergraph } from './supergraph-file.ts'
import { takeVersions } from './versions.ts'
import { waitAtMost } from './wait-at-most.ts'

export interface GatewayOptions {
  /** The text itself, or a file with it that may be watched for changes. */
  readonly supergraph: { readonly sdl: string } | SupergraphFile
  readonly services: SubgraphRequesters
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: GatewayMetrics
  /** What stands between a request and its execution, the outermost first; default none. */
  readonly steps?: readonly EdgeStep[]
  /** How much one operation may ask for; default: those of limits-config.ts. */
  readonly limits?: OperationLimits
  /** Who may look at the schema; default everybody. */
  readonly introspection?: IntrospectionPolicy
  /** Operations that will be asked for, planned before a graph is served. */
  readonly known?: () => Iterable<string>
  /** Sentences that say why a supergraph may not be served; default none. */
  readonly faultsOf?: ((supergraph: DocumentNode) => readonly string[]) | undefined
  /** What of subgraphs' errors clients see; default `mask`. */
  readonly errors?: ErrorsShown
  /** A subscription field that names no source of events: `refuse` the supergraph, the default, or `answer` that it is not pushed. */
  readonly unpushed?: Unpushed
  /** Default: `compiled`. */
  readonly executor?: ExecutorName
  /** Least time between two results of one subscription, except before its last; default 200 ms. */
  readonly spacingMs?: number
  /** A subscription without events looks again after this time; default 10 s. */
  readonly idleMs?: number
  /** Results of a subscription that wait for its subscriber; what comes then goes by the field's policy. Default 256. */
  readonly maxQueued?: number
  /** How long closing waits for operations under way; default 10 s. */
  readonly drainMs?: number
}

export interface GatewayRequest extends OperationRequest {
  readonly caller: Caller
  /** Where steps put what goes back beside the answer. */
  readonly reply?: Reply | undefined
  /** Of a subscription: where to go on, and what to do with a slow subscriber. */
  readonly resume?: Resume | undefined
}

interface Readiness {
  readonly ready: boolean
  readonly subgraphs: Readonly<Record<string, boolean>>
  readonly bus: boolean
  /** Of the subgraphs whose requests are counted, by name; absent where there are none. */
  readonly health?: Readonly<Record<string, SubgraphHealth>>
}

export type { Results } from './edge/step.ts'

export interface Gateway {
  /** The bus it was opened over. */
  readonly bus: Bus
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** The operation of a text, valid against the schema; BAD_INPUT errors otherwise, in words for this caller. */
  prepare(query: string, operationName: string | null | undefined, caller: Caller): Prepared | Faults
  /** Takes note of what came and is no valid operation; whoever asks `prepare` for a client says so. */
  invalid(request: InvalidRequest, faults: Faults): void
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

/** The span of an operation, which continues the client's trace. It holds neither the text nor the variables. */
function operationSpan(type: string, { caller, operationName }: GatewayRequest) {
  const attributes = {
    'graphql.operation.type': type,
    ...(operationName ? { 'graphql.operation.name': operationName } : {}),
    'quesnay.tenant': caller.tenant,
    'quesnay.request.id': caller.requestId,
  }
  return { kind: 'server', parent: caller.traceparent, attributes } as const
}

/** What executors are given: the client's own variables, which each subgraph coerces for itself. */
const asRequest = ({ query, operationName, given }: Operation): OperationRequest => ({
  query,
  operationName,
  variables: { ...given },
})

/** CONFIG_INVALID where the supergraph cannot be read or served. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    bus,
    clock,
    log,
    metrics,
    executor = 'compiled',
    errors = 'mask',
    unpushed = 'refuse',
    spacingMs = 200,
    idleMs = 10_000,
    maxQueued = 256,
    drainMs = 10_000,
    limits = DEFAULT_LIMITS,
    introspection = everybody,
    known = () => [],
  } = options
  const pool = new RequesterPool(options.services)
  const pipeline = pipelineOf(options.steps ?? [])
  const live = new Live({ bus, clock, log, metrics, spacingMs, idleMs, maxQueued }, replan)
  const retiring = new Set<Promise<void>>()

  const kept = { metrics, log, executor, limits, errors, unpushed, faultsOf: options.faultsOf }
  async function load(sdl: string): Promise<Graph> {
    const loaded = await Graph.load(sdl, { ...kept, lease: pool.lease() })
    await loaded.warm(known())
    return loaded
  }
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

  const prepare: Gateway['prepare'] = (query, operationName, caller) =>
    mayLook(introspection, caller, graph.documents.prepare(query, operationName))

  /** The operation of a request, valid against the graph of the moment. */
  function checked(request: GatewayRequest): Operation | Faults {
    const { query, operationName, variables: given, caller, reply = newReply(), resume } = request
    const prepared = prepare(query, operationName, caller)
    if (isFaults(prepared)) return prepared
    const variables = graph.documents.variables(prepared.operation, given)
    if (isFaults(variables)) return mayLook(introspection, caller, variables)
    const type = prepared.operation.operation
    const name = { operationName: operationName ?? undefined }
    const { view } = graph
    return {
      ...prepared,
      ...name,
      type,
      query,
      given: given ?? {},
      variables,
      caller,
      graph: view,
      refused: [],
      reply,
      notes: resume ? { resume } : {},
    }
  }

  function refused({ query, caller }: GatewayRequest, faults: Faults): Faults {
    pipeline.invalid(invalidRequest(query, caller), faults)
    return faults
  }

  async function execute(request: GatewayRequest): Promise<ExecutionResult> {
    const prepared = checked(request)
    if (isFaults(prepared)) return { errors: refused(request, prepared) }
    const { type } = prepared
    if (type === 'subscription')
      return { errors: [badRequest('a subscription is pushed: ask it over WebSocket or server-sent events')] }
    const stop = metrics.operationSeconds.startTimer({ type })
    const result = await inSpan('graphql.operation', operationSpan(type, request), async (span) => {
      const admitted = await pipeline.admit(prepared)
      if (isFaults(admitted)) return { errors: admitted }
      const caller = { ...admitted.caller, traceparent: span.traceparent }
      const answered = await pipeline.execute({ ...admitted, caller }, (one) =>
        graph.execute(one, asRequest(one), one.caller),
      )
      span.set({ 'quesnay.outcome': outcomeOf(answered) })
      return takeVersions(answered, admitted.reply)
    })
    stop()
    metrics.operations.inc({ type, outcome: outcomeOf(result) })
    return result
  }

  async function subscribe(request: GatewayRequest): Promise<Results | ExecutionResult> {
    const prepared = checked(request)
    if (isFaults(prepared)) return { errors: refused(request, prepared) }
    const operation = await pipeline.admit(prepared)
    if (isFaults(operation)) return { errors: operation }
    return pipeline.subscribe(operation, async (admitted) => {
      const plan = graph.planner.plan(admitted)
      return isFaults(plan) ? { errors: plan } : live.open({ operation: admitted, plan })
    })
  }

  /** The same where the graph is; after a reload the operation is checked, let through and planned once more. */
  async function replan(before: Planned, caller: Caller): Promise<Planned | NotPlanned> {
    const { operation, plan } = before
    if (operation.graph === graph.view) return before
    const { operationName, given: variables, notes } = operation
    // Of one that was narrowed the whole: another graph may ask for more, or for less.
    const query = notes.unnarrowed ?? operation.query
    const again = checked({ query, operationName, variables: { ...variables }, caller })
    if (isFaults(again)) return { invalid: again }
    const admitted = await pipeline.admit({ ...again, notes })
    if (isFaults(admitted)) return { refused: admitted }
    const next = graph.planner.plan(admitted)
    if (isFaults(next)) return { invalid: next }
    return next.responseKey === plan.responseKey ? { operation: admitted, plan: next } : { invalid: [] }
  }

  return {
    bus,
    get schema() {
      return graph.schema
    },
    prepare,
    invalid: pipeline.invalid,
    execute,
    subscribe,
    reload,
    async ready() {
      const asked = [...graph.services].map(async ([name, { requester }]) => [name, await requester.ready()] as const)
      const subgraphs = Object.fromEntries(await Promise.all(asked))
      const busReady = await bus.ready().catch(() => false)
      const health = [...graph.services].flatMap(([name, { requester }]) =>
        requester.health ? [[name, requester.health()] as const] : [],
      )
      return {
        ready: busReady && Object.values(subgraphs).every(Boolean),
        subgraphs,
        bus: busReady,
        ...(health.length > 0 ? { health: Object.fromEntries(health) } : {}),
      }
    },
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      live.close()
      await turn
      retire(graph)
      await waitAtMost(clock, drainMs, Promise.all(retiring))
      await pool.close()
    },
  }
}
