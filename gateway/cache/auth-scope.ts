// Who may share an answer: everything that an answer can depend on beside the question itself.
import type { Caller } from '../../schema/caller.ts'

/**
 * A text that is equal for two callers exactly where an answer to one may be given to the other: of one tenant, with the same grants, and the
 * same headers that subgraphs get. `private`: of the same person too.
 */
export function authScope({ tenant, principal, forwarded }: Caller, reach: 'public' | 'private'): string {
  const { subject, proof, scopes, roles, tier } = principal
  const person = reach === 'private' ? [subject, proof] : []
  const headers = forwarded ? Object.entries(forwarded).sort(([a], [b]) => (a < b ? -1 : 1)) : []
  return JSON.stringify([tenant, [...scopes].sort(), [...roles].sort(), tier, headers, ...person])
}
