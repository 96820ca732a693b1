// The rules of operations in their order: the cheap ones first, and those that bound the others before them.
import type { DocumentNode, GraphQLError } from 'graphql'
import type { OperationLimits } from './limits-config.ts'
import type { Rule } from './rule.ts'
import { aliases } from './rules/aliases.ts'
import { depth } from './rules/depth.ts'
import { directives, directivesPerPlace } from './rules/directives.ts'
import { fields } from './rules/fields.ts'
import { fragmentCycles } from './rules/fragment-cycles.ts'
import { introspectionLists } from './rules/introspection-lists.ts'
import { literals } from './rules/literals.ts'
import { recursion } from './rules/recursion.ts'
import { repeats } from './rules/repeats.ts'
import { rootFields } from './rules/root-fields.ts'

const RULES: readonly Rule[] = [
  fragmentCycles,
  fields,
  depth,
  aliases,
  directives,
  directivesPerPlace,
  rootFields,
  introspectionLists,
  recursion,
  repeats,
  literals,
]

/** What the first rule that is broken says of a parsed operation, which may still be invalid: LIMIT_EXCEEDED or BAD_INPUT. */
export function checkOperation(document: DocumentNode, limits: OperationLimits): GraphQLError | undefined {
  for (const rule of RULES) {
    const fault = rule(document, limits)
    if (fault) return fault
  }
  return undefined
}
