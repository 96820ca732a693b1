// How an error leaves a subgraph: our codes with their detail, GraphQL's own as BAD_INPUT, anything else as INTERNAL.
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from 'pino'
import { isQuesnayError, toWireError } from '../../schema/errors.ts'

/** The error as it goes on the wire: { message, locations, path, extensions: { code, detail } }. */
export function formatSubgraphError(error: GraphQLError, log: Logger): GraphQLFormattedError {
  const cause = error.originalError
  const place = {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  }
  if (!cause || cause instanceof GraphQLError)
    return { message: error.message, ...place, extensions: { code: 'BAD_INPUT', detail: {} } }
  if (!isQuesnayError(cause)) log.error({ err: cause, path: error.path }, 'a resolver failed')
  const { code, message, detail } = toWireError(cause)
  return { message, ...place, extensions: { code, detail } }
}
