// What a client is told of a field that it may not ask for: what is missing, and where to get it.
import type { GraphQLError } from 'graphql'
import { wireError } from '../errors.ts'
import type { Refusal } from './refusals.ts'
import type { Requirement } from './requirement.ts'

/** UNAUTHENTICATED where being known is all or part of what is missing, else FORBIDDEN; on the field's path. */
export function refusalError({ path, place, missing }: Refusal): GraphQLError {
  if (missing.some(({ kind }) => kind === 'authenticated'))
    return wireError(
      'UNAUTHENTICATED',
      `${place} is for those who are known only`,
      { field: place, suggestion: 'send a token: Authorization: Bearer TOKEN' },
      path,
    )
  const scopes = groupsOf(missing, 'scopes')
  const policies = groupsOf(missing, 'policies')
  const wanted = [
    ...scopes.map((groups) => `the scope ${inWords(groups)}`),
    ...policies.map((groups) => `the policy ${inWords(groups)}`),
  ]
  const detail = {
    field: place,
    ...(scopes.length > 0 ? { scopes: scopes.flat() } : {}),
    ...(policies.length > 0 ? { policies: policies.flat() } : {}),
    suggestion: 'ask whoever gives out your credentials for what is missing',
  }
  return wireError('FORBIDDEN', `${place} needs ${wanted.join(' and ')}`, detail, path)
}

const groupsOf = (missing: readonly Requirement[], kind: 'scopes' | 'policies') =>
  missing.flatMap((one) => (one.kind === kind ? [one.anyOf] : []))

const inWords = (groups: readonly (readonly string[])[]) => groups.map((group) => group.join(' with ')).join(', or ')
