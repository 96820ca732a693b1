// One supergraph, loaded: its schema, its executor and the operations that run on it. Never changed, only replaced.
import './telemetry.ts'
import { operationFromDocument } from '@apollo/federation-internals'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import type { QueryPlan } from '@apollo/query-planner'
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from '../schema/caller.ts'
import { isQuesnayError, QuesnayError } from '../schema/errors.ts'
import { apolloLogger } from './apollo-logger.ts'
import { Documents, isFaults, type OperationRequest, type Prepared } from './documents.ts'
import type { ErrorsShown } from './edge/passing.ts'
import type { GraphView } from './edge/step.ts'
import { maskError, passError } from './errors.ts'
import { apolloExecutor } from './execution/apollo.ts'
import { unservedByApollo } from './execution/apollo-unserved.ts'
import { compiledExecutor } from './execution/compiled.ts'
import type { Execution, Executor, ExecutorName } from './execution/executor.ts'
import { forPlanner } from './for-planner.ts'
import type { OperationLimits } from './limits/limits-config.ts'
import { eventDataSource, eventServiceOf } from './live/event-data.ts'
import { type EventSource, readEventSources } from './live/event-source.ts'
import { SubscriptionPlanner } from './live/subscription-plan.ts'
import type { GatewayMetrics } from './metrics.ts'
import { keepNamesNarrow } from './narrow-names.ts'
import { overrideChooser } from './override-labels.ts'
import { subgraphDataSource } from './requesters/data-source.ts'
import type { SubgraphRequester } from './requesters/requester.ts'
import type { Lease } from './requesters/requester-pool.ts'
import { type BoundSupergraph, bindRequirements } from './requirements/bind-requirements.ts'
import { readRequirements } from './requirements/read-requirements.ts'
import { collectVersions } from './versions.ts'

export interface GraphDeps {
  readonly metrics: GatewayMetrics
  readonly log: Logger
  /** Where its requesters come from; released when the graph is retired, or could not be loaded. */
  readonly lease: Lease
  readonly executor: ExecutorName
  readonly limits: OperationLimits
  readonly faultsOf?: ((supergraph: DocumentNode) => readonly string[]) | undefined
  readonly errors: ErrorsShown
  readonly unpushed: Unpushed
}

/** What a subscription field without a source of events does to its supergraph. */
export type Unpushed = 'refuse' | 'answer'

export interface Service {
  readonly requester: SubgraphRequester
  readonly source: GraphQLDataSource
}

/** Plans an operation of a document, the only one where it has no name. */
export type Planning = (document: DocumentNode, operationName: string | undefined) => QueryPlan['node']

export class Graph {
  readonly sdl: string
  readonly schema: GraphQLSchema
  readonly documents: Documents
  readonly view: GraphView
  readonly events: ReadonlyMap<string, EventSource>
  /** By name of the subgraph. */
  readonly services: ReadonlyMap<string, Service>
  readonly executor: Executor
  readonly #apollo: ApolloGateway
  readonly #deps: GraphDeps
  readonly #planning: Planning
  readonly #executions = new WeakMap<OperationDefinitionNode, Execution>()
  #planner: SubscriptionPlanner | undefined
  #running = 0
  #drained: (() => void) | undefined

  private constructor(
    bound: BoundSupergraph,
    sdl: string,
    apollo: ApolloGateway,
    services: ReadonlyMap<string, Service>,
    events: ReadonlyMap<string, EventSource>,
    deps: GraphDeps,
  ) {
    this.sdl = sdl
    this.schema = apollo.schema!
    this.documents = new Documents(this.schema, deps.limits)
    this.view = { schema: this.schema, sdl }
    this.services = services
    this.events = events
    this.#apollo = apollo
    this.#deps = deps
    // The library's own planner, which it shows for tests only: a second one would take as long to make as the graph to load.
    const planner = apollo.__testing().queryPlanner!
    const apiSchema = planner.supergraph.apiSchema()
    const overridesFor = overrideChooser(bound.document)
    this.#planning = (document, operationName) => {
      const operation = operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName })
      return planner.buildQueryPlan(operation, { overrideConditions: overridesFor(document) }).node
    }
    const asked = [...services].map(([name, { source }]) => [name, source] as const)
    const pushed = asked.map(
      ([name, source]) => [eventServiceOf(name), eventDataSource(this.schema, events, source)] as const,
    )
    const sources = new Map([...asked, ...(events.size > 0 ? pushed : [])])
    const supergraph = planner.supergraph.schema
    const common = { schema: this.schema, supergraph, services: sources }
    this.executor =
      deps.executor === 'apollo'
        ? apolloExecutor({ ...common, apiSchema, log: deps.log })
        : compiledExecutor({ ...common, ...bound })
  }

  /** CONFIG_INVALID where the text is no supergraph, or declares a subscription that cannot be served. */
  static async load(sdl: string, deps: GraphDeps): Promise<Graph> {
    const services = new Map<string, Service>()
    try {
      const document = parse(sdl, { noLocation: true })
      keepNamesNarrow(document, services)
      const { sources, faults } = readEventSources(document)
      const problems = [
        ...(deps.unpushed === 'refuse' ? faults : []),
        ...readRequirements(document).faults,
        ...(deps.executor === 'apollo' ? unservedByApollo(document) : []),
        ...(deps.faultsOf?.(document) ?? []),
      ]
      if (problems.length > 0) throw refused(problems)
      const bound = bindRequirements(document)
      const apollo = new ApolloGateway({
        supergraphSdl: forPlanner(bound.bindings ? print(bound.document) : sdl, bound.document),
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
      return new Graph(bound, sdl, apollo, services, sources, deps)
    } catch (cause) {
      await deps.lease.release()
      throw isQuesnayError(cause) ? cause : refused([cause instanceof Error ? cause.message : String(cause)], cause)
    }
  }

  /**
   * Parses, validates and plans operations before the first client asks for them, and keeps them. Those that are no longer valid are
   * told in the log: their clients will be refused.
   */
  async warm(queries: Iterable<string>): Promise<void> {
    const log = this.#deps.log
    for (const query of queries) {
      const document = this.documents.keep(query)
      const fault = isFaults(document) ? document[0]!.message : this.#planAll(document)
      if (fault) log.warn({ fault, query: query.slice(0, 200) }, 'a known operation does not fit the supergraph')
      // The graph before still answers meanwhile.
      await new Promise(setImmediate)
    }
  }

  #planAll(document: DocumentNode): string | undefined {
    try {
      for (const operation of document.definitions) {
        if (operation.kind !== Kind.OPERATION_DEFINITION || operation.operation === 'subscription') continue
        this.#executionOf({ document, operation }).warm()
      }
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  /** The planner of subscriptions, made when the first one comes. */
  get planner(): SubscriptionPlanner {
    this.#planner ??= new SubscriptionPlanner(this, this.#planning)
    return this.#planner
  }

  /** Executes a prepared query or mutation; its errors are masked. `extensions.versions` says what the answer rests on. */
  async execute(prepared: Prepared, request: OperationRequest, caller: Caller): Promise<ExecutionResult> {
    const collected = collectVersions(caller)
    const result = await this.settle(async () => this.#executionOf(prepared)(request, collected.caller), caller)
    return { ...result, extensions: { versions: collected.versions } }
  }

  /** Planned and made ready when it is first asked for; kept as long as the parsed operation is. */
  #executionOf(prepared: Prepared): Execution {
    const known = this.#executions.get(prepared.operation)
    if (known) return known
    const { operation } = prepared
    const execution = this.executor.prepare(prepared, (planned) => {
      const node = this.#planning(planned, operation.name?.value)
      // Subscriptions go another way.
      return node?.kind === 'Subscription' ? undefined : node
    })
    this.#executions.set(operation, execution)
    return execution
  }

  /** Runs an execution, counts it as under way, masks its errors and never rejects. */
  async settle(work: () => Promise<ExecutionResult>, caller: Caller): Promise<ExecutionResult> {
    this.#running++
    try {
      const { data, errors, extensions } = await work()
      // Where a subgraph left a non-null field empty, the executor nulls its parent and says so beside the answer only.
      const completion = (extensions?.['valueCompletion'] ?? []) as readonly unknown[]
      const all = [...(errors ?? []), ...completion].map((error) => this.#shown(error, caller))
      return { ...(data === undefined ? { data: null } : { data }), ...(all.length > 0 ? { errors: all } : {}) }
    } catch (error) {
      return { data: null, errors: [this.#shown(error, caller)] }
    } finally {
      if (--this.#running === 0) this.#drained?.()
    }
  }

  #shown(error: unknown, { requestId }: Caller): GraphQLError {
    const { errors, log } = this.#deps
    return errors === 'pass' ? passError(error, requestId, log) : maskError(error, requestId, log)
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
