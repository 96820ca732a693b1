// One subgraph as @apollo/gateway sees it: says who asks, counts, and turns silence into an error with a path.
import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import { type FormattedExecutionResult, type GraphQLFormattedError, Kind, parse } from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from '../schema/caller.ts'
import { ERRORS, isQuesnayError } from '../schema/errors.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { SubgraphRequester } from './requester.ts'

/** What an operation carries through the executor to every data source. */
interface OperationContext {
  readonly caller: Caller
}

export function subgraphDataSource(
  name: string,
  requester: SubgraphRequester,
  metrics: GatewayMetrics,
  log: Logger,
): GraphQLDataSource {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions) {
      const { caller } = context as OperationContext
      const query = request.query ?? ''
      const { variables, operationName } = request
      metrics.subgraphRequests.inc({ subgraph: name })
      try {
        return await requester.request({ query, variables, operationName, caller })
      } catch (error) {
        log.warn({ err: error, subgraph: name, requestId: caller.requestId }, 'a subgraph gave no answer')
        return silence(query, error)
      }
    },
  }
}

/** No data, and an error on every root field asked for; of entities, on the first. */
function silence(query: string, error: unknown): FormattedExecutionResult {
  const known = isQuesnayError(error)
  const message = known ? error.message : ERRORS.INTERNAL.say
  const extensions = known ? { code: error.code, detail: error.detail } : { code: 'INTERNAL', detail: {} }
  const errors = rootKeys(query).map((key): GraphQLFormattedError => {
    return { message, path: key === '_entities' ? [key, 0] : [key], extensions }
  })
  return { data: null, errors }
}

/** Response keys of the root fields of an operation that the planner wrote. */
function rootKeys(query: string): string[] {
  const operation = parse(query).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const fields = operation?.selectionSet.selections.filter((node) => node.kind === Kind.FIELD) ?? []
  return fields.map((field) => field.alias?.value ?? field.name.value)
}
