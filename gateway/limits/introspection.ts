// Who may look at the schema: refuses __schema and __type to the others, and tells them no names that theirs were near to.
import type { DocumentNode } from 'graphql'
import { z } from 'zod'
import type { Caller } from '../../schema/caller.ts'
import { type Faults, isFaults, type Prepared } from '../documents.ts'
import { wireError, withoutSuggestions } from '../errors.ts'
import { introspects } from './rules/introspection-lists.ts'

/** Section `introspection`: `authenticated` is whoever has shown a token or a key, so not the anonymous of a demonstration. */
export const INTROSPECTION = z.enum(['on', 'authenticated', 'off']).default('on')

/** True for a caller that may look. */
export type IntrospectionPolicy = (caller: Caller) => boolean

export const everybody: IntrospectionPolicy = () => true

export function introspectionPolicy(setting: z.infer<typeof INTROSPECTION>): IntrospectionPolicy {
  if (setting === 'on') return everybody
  return ({ principal: { proof } }) => proof === 'process' || (setting === 'authenticated' && proof !== 'demo')
}

/** Whether a document introspects is looked at once. */
const known = new WeakMap<DocumentNode, boolean>()

/** What was prepared, or FORBIDDEN, for this caller. */
export function mayLook<T extends Prepared | Faults>(
  policy: IntrospectionPolicy,
  caller: Caller,
  prepared: T,
): T | Faults {
  if (policy(caller)) return prepared
  if (isFaults(prepared)) return prepared.map(withoutSuggestions)
  const { document } = prepared
  const looks = known.get(document) ?? introspects(document)
  known.set(document, looks)
  if (!looks) return prepared
  return [
    wireError('FORBIDDEN', 'the schema is not shown to this caller', {
      path: 'query',
      suggestion: 'ask without __schema and __type; who runs the server may set introspection: authenticated, or on',
    }),
  ]
}
