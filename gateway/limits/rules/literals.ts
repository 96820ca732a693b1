// What no text and no number of an operation may hold: what PostgreSQL cannot store, what no number of 64 bits is.
import { type GraphQLError, visit } from 'graphql'
import { wireError } from '../../errors.ts'
import type { Rule } from '../rule.ts'

/** NUL, and half of a surrogate pair: PostgreSQL stores neither in text nor in JSON. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** BAD_INPUT for the first literal that cannot be. */
export const literals: Rule = (document) => {
  const faults: GraphQLError[] = []
  const number = ({ value }: { readonly value: string }) => {
    if (!Number.isFinite(Number(value))) faults.push(notFinite(value))
  }
  visit(document, {
    IntValue: number,
    FloatValue: number,
    StringValue({ value }) {
      if (UNSTORABLE.test(value)) faults.push(unstorable('query'))
    },
  })
  return faults[0]
}

/**
 * BAD_INPUT for the first text or number among the variables that cannot be; `path` names it, as in variables.input.title. JSON has no
 * Infinity, but its readers make one of 1e999, which a scalar of any value lets pass.
 */
export function checkText(value: unknown, path: string): GraphQLError | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? unstorable(path) : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : notFinite(String(value), path)
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const fault = checkText(member, `${path}.${key}`)
    if (fault) return fault
  }
  return undefined
}

const notFinite = (text: string, path = 'query') =>
  wireError('BAD_INPUT', `${text.slice(0, 40)} is beyond the numbers of 64 bits`, {
    path,
    suggestion: 'give a number below 1.8e308',
  })

const unstorable = (path: string) =>
  wireError('BAD_INPUT', `${path} holds a character that no text can hold: NUL, or half of a surrogate pair`, {
    path,
    suggestion: 'take it out',
  })
