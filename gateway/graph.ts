// One supergraph, loaded: its schema, its executor and the operations that run on it. Never changed, only replaced.
import './telemetry.ts'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { type ExecutionResult, type GraphQLSchema, parse } from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from '../schema/caller.ts'
import { isQuesnayError, QuesnayError } from '../schema/errors.ts'
import { sha256 } from '../schema/hash.ts'
import { subgraphDataSource } from './data-source.ts'
import { Documents, type OperationRequest, type Prepared } from './documents.ts'
import { maskError } from './errors.ts'
import { type EventSource, readEventSources } from './event-source.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { SubgraphRequester } from './requester.ts'
import type { Lease } from './requester-pool.ts'
import { SubscriptionPlanner } from './subscription-plan.ts'

export interface GraphDeps {
  readonly metrics: GatewayMetrics
  readonly log: Logger
  /** Where its requesters come from; released when the graph is retired, or could not be loaded. */
  readonly lease: Lease
}

export interface Service {
  readonly requester: SubgraphRequester
  readonly source: GraphQLDataSource
}

type RequestContext = Parameters<ApolloGateway['executor']>[0]

export class Graph {
  readonly sdl: string
  readonly schema: GraphQLSchema
  readonly documents: Documents
  readonly events: ReadonlyMap<string, EventSource>
  /** By name of the subgraph. */
  readonly services: ReadonlyMap<string, Service>
  readonly #apollo: ApolloGateway
  readonly #deps: GraphDeps
  #planner: SubscriptionPlanner | undefined
  #running = 0
  #drained: (() => void) | undefined

  private constructor(
    sdl: string,
    apollo: ApolloGateway,
    services: ReadonlyMap<string, Service>,
    events: ReadonlyMap<string, EventSource>,
    deps: GraphDeps,
  ) {
    this.sdl = sdl
    this.schema = apollo.schema!
    this.documents = new Documents(this.schema)
    this.services = services
    this.events = events
    this.#apollo = apollo
    this.#deps = deps
  }

  /** CONFIG_INVALID where the text is no supergraph, or declares a subscription that cannot be served. */
  static async load(sdl: string, deps: GraphDeps): Promise<Graph> {
    const services = new Map<string, Service>()
    try {
      const { sources, faults } = readEventSources(parse(sdl))
      if (faults.length > 0) throw refused(faults)
      const apollo = new ApolloGateway({
        supergraphSdl: sdl,
        validateSupergraph: true,
        __exposeQueryPlanExperimental: false,
        logger: apolloLogger(deps.log),
        buildService: ({ name, url }) => {
          const requester = deps.lease.take(name, url)
          const source = subgraphDataSource(name, requester, deps.metrics, deps.log)
          services.set(name, { requester, source })
          return source
        },
      })
      await apollo.load()
      return new Graph(sdl, apollo, services, sources, deps)
    } catch (cause) {
      await deps.lease.release()
      throw isQuesnayError(cause) ? cause : refused([cause instanceof Error ? cause.message : String(cause)], cause)
    }
  }

  /** The planner of subscriptions, made when the first one comes. */
  get planner(): SubscriptionPlanner {
    // The library's own planner, which it shows for tests only: a second one would take as long to make as the graph to load.
    this.#planner ??= new SubscriptionPlanner(this, this.#apollo.__testing().queryPlanner!)
    return this.#planner
  }

  /** Executes a prepared query or mutation; its errors are masked. */
  async execute(
    { document, operation }: Prepared,
    request: OperationRequest,
    caller: Caller,
  ): Promise<ExecutionResult> {
    const context = this.requestContext(document, operation, request, caller)
    return this.settle(() => this.#apollo.executor(context), caller)
  }

  /** Runs an execution, counts it as under way, masks its errors and never rejects. */
  async settle(work: () => Promise<ExecutionResult>, caller: Caller): Promise<ExecutionResult> {
    this.#running++
    try {
      const { data, errors, extensions } = await work()
      // Where a subgraph left a non-null field empty, the executor nulls its parent and says so beside the answer only.
      const completion = (extensions?.['valueCompletion'] ?? []) as readonly unknown[]
      const all = [...(errors ?? []), ...completion].map((error) => maskError(error, caller.requestId, this.#deps.log))
      return { ...(data === undefined ? { data: null } : { data }), ...(all.length > 0 ? { errors: all } : {}) }
    } catch (error) {
      return { data: null, errors: [maskError(error, caller.requestId, this.#deps.log)] }
    } finally {
      if (--this.#running === 0) this.#drained?.()
    }
  }

  /** What @apollo/gateway wants to know of a request. */
  requestContext(
    document: Prepared['document'],
    operation: Prepared['operation'],
    { query, variables, operationName }: OperationRequest,
    caller: Caller,
  ): RequestContext {
    return {
      request: { query, variables: variables ?? {}, ...(operationName ? { operationName } : {}) },
      document,
      operation,
      operationName: operation.name?.value ?? null,
      source: query,
      queryHash: sha256(query),
      schema: this.schema,
      context: { caller },
      metrics: {},
      logger: apolloLogger(this.#deps.log),
      // Required by the type, read by nothing in the executor: the cache is Apollo Server's, the rest its plug-ins'.
      cache: undefined as never,
      schemaHash: undefined as never,
      overallCachePolicy: undefined,
    }
  }

  /** Waits until nothing runs on this graph, then stops its executor and gives back its requesters. */
  async retire(): Promise<void> {
    if (this.#running > 0)
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    await this.#apollo.stop()
    await this.#deps.lease.release()
  }
}

function refused(problems: readonly string[], cause?: unknown): QuesnayError {
  const text = problems.map((p) => p.trim()).join('; ')
  return new QuesnayError('CONFIG_INVALID', `the supergraph cannot be served: ${text}`, { problems }, { cause })
}

/** Its news (loaded, swapped) is told by us, so that `info` is detail here. */
function apolloLogger(log: Logger) {
  return {
    debug: (message?: unknown) => log.trace(String(message)),
    info: (message?: unknown) => log.debug(String(message)),
    warn: (message?: unknown) => log.warn(String(message)),
    error: (message?: unknown) => log.error(String(message)),
  }
}
