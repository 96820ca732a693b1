// One subgraph: defined by its types, resolvers, store and loaders; opened over a store and the fleet; asked by execute().
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Dispatch } from '../../compute/dispatch/port.ts'
import type { Clock } from '../../infra/clock.ts'
import { type Events, NO_EVENTS } from '../../infra/events.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { inSpan } from '../../infra/tracing.ts'
import { traceIdOf } from '../../schema/trace-context.ts'
import type { Caller, SubgraphContext } from './context.ts'
import { dispatchFor } from './dispatch-for.ts'
import { formatSubgraphError } from './errors.ts'
import { executorOf } from './execution.ts'
import type { SubgraphName } from './names.ts'
import { ReadVersions } from './read-versions.ts'
import { type BuiltSubgraph, buildSubgraph, type SubgraphSource } from './schema.ts'

export interface SubgraphDeps {
  readonly store: Store
  readonly dispatch: Dispatch
  /** Absent: nobody is told of anything. */
  readonly events?: Events
  readonly clock: Clock
  readonly log: Logger
  /** Absent: nothing is counted. */
  readonly metrics?: Metrics
}

export type SeedDeps = Pick<SubgraphDeps, 'clock' | 'log'>

export interface SubgraphDefinition<S, L> {
  readonly name: SubgraphName
  readonly source: SubgraphSource
  /** In store.ts: opens the TypeORM entities over the store. */
  openStore(store: Store, metrics?: Metrics): Promise<S>
  /** In loaders.ts: the DataLoaders of one request. */
  loaders(store: S, tenant: string, dispatch: Dispatch, versions: ReadVersions): L
  /** Loads the shipped figures where the tenant has none yet; safe to call at every start, by several processes. */
  seed(store: S, deps: SeedDeps, tenant: string): Promise<void>
}

export interface SubgraphRequest {
  readonly query: string
  readonly variables?: Record<string, unknown> | null | undefined
  readonly operationName?: string | null | undefined
  readonly caller: Caller
}

export interface Subgraph {
  readonly name: SubgraphName
  readonly sdl: string
  readonly schema: GraphQLSchema
  context(caller: Caller): SubgraphContext
  /** Answers one operation; errors are formatted, never thrown. */
  execute(request: SubgraphRequest): Promise<FormattedExecutionResult>
  /** Loads the shipped figures of this subgraph for a tenant. */
  seed(tenant: string): Promise<void>
}

/** Types and resolvers alone, without any store: for printing and composing the SDL. */
export function buildDefinition<S, L>(definition: SubgraphDefinition<S, L>): BuiltSubgraph {
  return buildSubgraph(definition.source)
}

export async function openSubgraph<S, L>(definition: SubgraphDefinition<S, L>, deps: SubgraphDeps): Promise<Subgraph> {
  const { sdl, schema } = buildDefinition(definition)
  const store = await definition.openStore(deps.store, deps.metrics)
  const run = executorOf(schema)
  const documents = new LRUCache<string, DocumentNode | readonly GraphQLError[]>({ max: 1_000 })

  const context = (caller: Caller): SubgraphContext<S, L> => {
    const { tenant, requestId, traceparent } = caller
    const dispatch = dispatchFor(caller, deps.dispatch)
    const traceId = traceIdOf(traceparent)
    const versions = new ReadVersions()
    const log = deps.log.child({ subgraph: definition.name, tenant, requestId, ...(traceId ? { traceId } : {}) })
    return {
      caller,
      tenant,
      store,
      loaders: definition.loaders(store, tenant, dispatch, versions),
      dispatch,
      events: deps.events ?? NO_EVENTS,
      clock: deps.clock,
      log,
      versions,
    }
  }

  async function answer(request: SubgraphRequest): Promise<FormattedExecutionResult> {
    const contextValue = context(request.caller)
    const document = checked(schema, documents, request.query)
    if (isFaults(document)) return { errors: document.map((fault) => formatSubgraphError(fault, contextValue.log)) }
    const result: ExecutionResult = await run({
      document,
      contextValue,
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
    })
    // What it has changed tells itself, once it has committed.
    if (getOperationAST(document, request.operationName)?.operation === OperationTypeNode.MUTATION)
      contextValue.events.flush()
    const { errors, ...rest } = result
    const versions = contextValue.versions.said()
    return {
      ...rest,
      ...(errors ? { errors: errors.map((e) => formatSubgraphError(e, contextValue.log)) } : {}),
      ...(versions ? { extensions: { versions } } : {}),
    }
  }

  return {
    name: definition.name,
    sdl,
    schema,
    context,
    seed: (tenant) => definition.seed(store, deps, tenant),
    execute(request) {
      const { requestId, traceparent } = request.caller
      const attributes = { 'quesnay.subgraph': definition.name, 'quesnay.request.id': requestId }
      return inSpan('subgraph.execute', { kind: 'server', parent: traceparent, attributes }, async (span) => {
        const answered = await answer({ ...request, caller: { ...request.caller, traceparent: span.traceparent } })
        if (answered.errors) span.set({ 'quesnay.errors': answered.errors.length })
        return answered
      })
    },
  }
}

type Checked = DocumentNode | readonly GraphQLError[]
const isFaults = (value: Checked): value is readonly GraphQLError[] => Array.isArray(value)

/** Parsed and validated once per text. */
function checked(schema: GraphQLSchema, cache: LRUCache<string, Checked>, query: string): Checked {
  const known = cache.get(query)
  if (known) return known
  let outcome: Checked
  try {
    const document = parse(query)
    const faults = validate(schema, document)
    outcome = faults.length > 0 ? faults : document
  } catch (error) {
    outcome = [error instanceof GraphQLError ? error : new GraphQLError('the operation cannot be read')]
  }
  cache.set(query, outcome)
  return outcome
}
