// One subgraph as @apollo/gateway sees it: says who asks, counts, and turns silence into an error with a path.
import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import { type FormattedExecutionResult, type GraphQLFormattedError, Kind, parse } from 'graphql'
import type { Logger } from 'pino'
import { currentTraceparent, inSpan } from '../../infra/tracing.ts'
import type { Caller } from '../../schema/caller.ts'
import { ERRORS, isQuesnayError } from '../../schema/errors.ts'
import { traceIdOf } from '../../schema/trace-context.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { noteVersions } from '../versions.ts'
import { beforeAbort } from './before-abort.ts'
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
      const { variables, operationName, variablesText } = request as typeof request & {
        readonly variablesText?: string
      }
      metrics.subgraphRequests.inc({ subgraph: name })
      const options = { kind: 'client', attributes: { 'quesnay.subgraph': name } } as const
      try {
        const asked = { ...options, ...outside(caller) }
        const answer = await inSpan('subgraph.fetch', asked, ({ traceparent }) =>
          beforeAbort(caller.signal, () =>
            requester.request({ query, variables, operationName, variablesText, caller: { ...caller, traceparent } }),
          ),
        )
        noteVersions(caller, name, answer)
        return answer
      } catch (error) {
        const { tenant, requestId } = caller
        const traceId = traceIdOf(caller.traceparent)
        log.warn({ err: error, subgraph: name, tenant, requestId, traceId }, 'a subgraph gave no answer')
        return silence(query, error)
      }
    },
  }
}

/** Within a span the fetch is that span's; where there is none, the client's own trace is passed on as it came. */
const outside = ({ traceparent }: Caller) => (currentTraceparent() ? {} : { parent: traceparent })

/** No data, and an error on every root field asked for; of entities on all of them at once. */
function silence(query: string, error: unknown): FormattedExecutionResult {
  const known = isQuesnayError(error)
  const message = known ? error.message : ERRORS.INTERNAL.say
  const extensions = known ? { code: error.code, detail: error.detail } : { code: 'INTERNAL', detail: {} }
  const errors = rootKeys(query).map((key): GraphQLFormattedError => {
    return { message, path: [key], extensions }
  })
  return { data: null, errors }
}

/** Response keys of the root fields of an operation that the planner wrote. */
function rootKeys(query: string): string[] {
  const operation = parse(query).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const fields = operation?.selectionSet.selections.filter((node) => node.kind === Kind.FIELD) ?? []
  return fields.map((field) => field.alias?.value ?? field.name.value)
}
