// What a subgraph answered, held to the form of a GraphQL response (specification, 7.1): what is not of it is not taken for an empty answer.
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { unavailable } from '../../requesters/requester.ts'
import { type Fields, isFields } from './properties.ts'

/** SUBGRAPH_UNAVAILABLE where there is neither data nor an error that says why; what is odd about an error is left out of it. */
export function wellFormed(service: string, answer: unknown): FormattedExecutionResult {
  const { data, errors } = isFields(answer) ? answer : {}
  if (isFields(data) && (errors === undefined || errors === null)) return { data }
  const told = Array.isArray(errors) ? errors.filter(isFields).map(errorOf) : []
  if (!isFields(data) && told.length === 0) throw unavailable(service, 'answer')
  return { data: isFields(data) ? data : null, errors: told }
}

function errorOf({ message, path, extensions }: Fields): GraphQLFormattedError {
  return {
    message: typeof message === 'string' ? message : '',
    ...(Array.isArray(path) ? { path: path.filter((step) => typeof step === 'string' || Number.isInteger(step)) } : {}),
    ...(isFields(extensions) ? { extensions } : {}),
  }
}
