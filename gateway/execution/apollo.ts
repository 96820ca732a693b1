// The executor of @apollo/gateway: the oracle that ours is held against, and a choice for who wants it.
import type { Schema } from '@apollo/federation-internals'
import { type ApolloGateway, buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import type { PlanNode, QueryPlan } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from '../../schema/caller.ts'
import { sha256 } from '../../schema/hash.ts'
import { apolloLogger } from '../apollo-logger.ts'
import type { OperationRequest, Prepared } from '../documents.ts'
import type { EventFields, Executor } from './executor.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly apiSchema: Schema
  readonly supergraph: Schema
  readonly services: ReadonlyMap<string, GraphQLDataSource>
  readonly log: Logger
}

type RequestContext = Parameters<ApolloGateway['executor']>[0]

export function apolloExecutor({ schema, apiSchema, supergraph, services, log }: ApolloOptions): Executor {
  // Converted once: this takes longer than most operations.
  const supergraphSchema = supergraph.toGraphQLJSSchema()
  const serviceMap = Object.fromEntries([...services].map(([name, source]) => [name, placing(source)]))
  const logger = apolloLogger(log)

  function contextOf(
    { document, operation }: Prepared,
    request: OperationRequest,
    caller: Caller,
    root: EventFields | undefined,
  ): RequestContext {
    const { query, variables, operationName } = request
    return {
      request: { query, variables: variables ?? {}, ...(operationName ? { operationName } : {}) },
      document,
      operation,
      operationName: operation.name?.value ?? null,
      source: query,
      queryHash: sha256(query),
      schema,
      context: { caller, root },
      metrics: {},
      logger,
      // Required by the type, read by nothing in the executor: the cache is Apollo Server's, the rest its plug-ins'.
      cache: undefined as never,
      schemaHash: undefined as never,
      overallCachePolicy: undefined,
    }
  }

  return {
    prepare(prepared, planOf) {
      const { document: operationDocument, operation } = prepared
      const named = operation.name ? { operationName: operation.name.value } : {}
      const operationContext = buildOperationContext({ schema, operationDocument, ...named })
      let planned: QueryPlan | undefined
      const plan = () => {
        planned ??= queryPlan(planOf(operationDocument))
        return planned
      }
      const execute = async (request: OperationRequest, caller: Caller, root?: EventFields) => {
        const context = contextOf(prepared, request, caller, root)
        return executeQueryPlan(plan(), serviceMap, context, operationContext, supergraphSchema, apiSchema)
      }
      return Object.assign(execute, { warm: () => void plan() })
    },
  }
}

const queryPlan = (node: PlanNode | undefined): QueryPlan => ({ kind: 'QueryPlan', ...(node ? { node } : {}) })

/** An error of all entities asked for is placed at the first one: this executor knows of no others. */
function placing(source: GraphQLDataSource): GraphQLDataSource {
  return {
    async process(options) {
      const answer = await source.process(options)
      const errors = answer.errors?.map((error) => {
        const [key, index] = error.path ?? []
        return key === '_entities' && index === undefined ? { ...error, path: [key, 0] } : error
      })
      return errors ? { ...answer, errors } : answer
    },
  }
}
