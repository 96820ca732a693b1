// Which subscriptions are one: equal operations with equal variables of callers who may see the same.
import { type DocumentNode, print } from 'graphql'
import type { Caller } from '../../schema/caller.ts'
import { hashOf } from '../../schema/hash.ts'
import { policyOf } from '../cache/policy.ts'
import type { Operation } from '../edge/step.ts'

/**
 * What an answer may depend on beside the operation: the tenant, and what the caller may do there. Who the caller is makes no
 * difference to what subgraphs answer, but for fields that say so (@cacheControl, scope PRIVATE); a step that lets one subject see less than
 * another narrows the operation, whose text then differs.
 */
export const scopeOf = ({ tenant, principal: { scopes, roles, tier }, forwarded = {} }: Caller) => ({
  tenant,
  // A subgraph may answer by what it is told in the client's own headers.
  forwarded,
  scopes: [...scopes].sort(),
  roles: [...roles].sort(),
  tier,
})

/** @param variables those that the answer depends on */
export function shareKeyOf(operation: Operation, variables: Readonly<Record<string, unknown>>): string {
  const { document, operationName, caller, refused } = operation
  const errors = refused.map((error) => error.toJSON())
  const { subject, proof } = caller.principal
  const person = policyOf(operation).scope === 'PRIVATE' ? { subject, proof } : {}
  const asked = { text: textOf(document), name: operationName ?? null, variables, errors }
  return hashOf({ ...asked, ...scopeOf(caller), ...person })
}

const TEXTS = new WeakMap<DocumentNode, string>()

/** Printed once for each parsed document. */
function textOf(document: DocumentNode): string {
  const known = TEXTS.get(document)
  if (known !== undefined) return known
  const text = print(document)
  TEXTS.set(document, text)
  return text
}
