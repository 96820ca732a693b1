// A rule of operations: looks at a parsed document that may still be invalid, and refuses it where it asks for too much.
import type { DocumentNode, GraphQLError } from 'graphql'
import { wireError } from '../errors.ts'
import type { OperationLimits } from './limits-config.ts'

export type Rule = (document: DocumentNode, limits: OperationLimits) => GraphQLError | undefined

/** LIMIT_EXCEEDED where more was found than may be. @param what in the plural, such as `aliases` */
export function beyond(
  rule: keyof OperationLimits,
  found: number | undefined,
  limit: number,
  what: string,
  suggestion: string,
): GraphQLError | undefined {
  if (found !== undefined && found <= limit) return undefined
  const message = `the operation has ${found ?? `more than ${limit}`} ${what}; at most ${limit} are allowed`
  // JSON has no infinity, which fragments that double themselves often enough come to.
  const told = found === undefined ? {} : { found: Math.min(found, Number.MAX_SAFE_INTEGER) }
  return wireError('LIMIT_EXCEEDED', message, { path: 'query', rule, limit, ...told, suggestion })
}
