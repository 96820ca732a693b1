// What of an error reaches a client: our codes with message, detail and path; of anything else only that it happened.
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { ERRORS, type ErrorCode, isErrorCode, isQuesnayError } from '../schema/errors.ts'

/** graphql repeats a whole value in its message, however long. */
const MAX_MESSAGE = 2000

/** A fault of the request itself (syntax, validation, variables): its message helps whoever wrote it. */
export function requestError(error: GraphQLError): GraphQLError {
  const { message } = error
  return new GraphQLError(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.source ? { source: error.source } : {}),
    ...(error.positions ? { positions: error.positions } : {}),
    extensions: { code: 'BAD_INPUT', detail: placeOf(error) },
  })
}

/** Where the fault is, and what to do: a member of the variables, or a place in the text of the operation. */
function placeOf({ message, locations }: GraphQLError): Record<string, unknown> {
  // Which variable and which member of it stands in the message alone.
  const [, variable, member = ''] = /^Variable "\$(\w+)"(?:.* at "\1([^"]*)";)?/s.exec(message) ?? []
  if (variable) {
    const path = `variables.${variable}${member.replace(/\[(\d+)\]/g, '.$1')}`
    return { path, suggestion: 'give a value of the type named' }
  }
  const [at] = locations ?? []
  return at ? { path: 'query', suggestion: `mend the operation at line ${at.line}, column ${at.column}` } : {}
}

/** True where an error carries a code of ours already. */
export const isCoded = ({ extensions }: GraphQLError): boolean => isErrorCode(extensions['code'])

/** Without what the names in it were near to, which tells a guesser of the schema. */
export function withoutSuggestions(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*$/s, '')
  if (message === error.message) return error
  return new GraphQLError(message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.source ? { source: error.source } : {}),
    ...(error.positions ? { positions: error.positions } : {}),
    extensions: error.extensions,
  })
}

/** A request error of our own making. */
export function badRequest(message: string, detail: Record<string, unknown> = {}): GraphQLError {
  return wireError('BAD_INPUT', message, detail)
}

export function wireError(
  code: ErrorCode,
  message: string,
  detail: Record<string, unknown>,
  path?: GraphQLError['path'],
): GraphQLError {
  return new GraphQLError(message, { ...(path ? { path } : {}), extensions: { code, detail } })
}

/**
 * The error as a client may see it. A code of our table passes with message, detail and path; everything else is
 * logged in full under the request id and becomes INTERNAL, which carries that id and the path.
 */
export function maskError(error: unknown, requestId: string, log: Logger): GraphQLError {
  const path = error instanceof GraphQLError ? error.path : undefined
  if (isQuesnayError(error)) return wireError(error.code, error.message, error.detail, path)
  const extensions = error instanceof GraphQLError ? error.extensions : {}
  const { code, detail } = extensions as { code?: unknown; detail?: unknown }
  if (isErrorCode(code) && code !== 'INTERNAL')
    return wireError(code, (error as GraphQLError).message, isRecord(detail) ? detail : {}, path)
  // A subgraph has logged its own INTERNAL already, and sent nothing of it.
  if (code !== 'INTERNAL') log.error({ err: error, requestId, path }, 'an error was masked')
  return wireError('INTERNAL', ERRORS.INTERNAL.say, { requestId }, path)
}

/** As maskError, but what a subgraph said passes as it said it, without its stack traces; faults of this server are masked. */
export function passError(error: unknown, requestId: string, log: Logger): GraphQLError {
  const ownFault = !isGraphqlError(error) || (error.originalError && !isGraphqlError(error.originalError))
  if (ownFault || isErrorCode(error.extensions?.['code'])) return maskError(error, requestId, log)
  const { message, path, extensions } = error
  const { stacktrace: _, exception: __, serviceName: ___, ...shown } = extensions ?? {}
  return new GraphQLError(message, { ...(path ? { path } : {}), extensions: shown })
}

/** Also where another copy of graphql made it. */
const isGraphqlError = (error: unknown): error is GraphQLError =>
  error instanceof Error && error.name === 'GraphQLError'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
