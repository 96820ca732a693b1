// What a change of a subgraph changes for clients: the API schema before and after, compared.
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import type { GraphQLSchema } from 'graphql'
import type { Finding } from './finding.ts'

const SEVERITY = {
  [CriticalityLevel.Breaking]: 'ERROR',
  [CriticalityLevel.Dangerous]: 'WARNING',
  [CriticalityLevel.NonBreaking]: 'INFO',
} as const

/** What to do instead, by the kind of change as @graphql-inspector/core calls it. */
const FIXES: readonly (readonly [kind: RegExp, fix: string])[] = [
  [/_REMOVED$/, 'keep it, and deprecate it with a reason'],
  [/ARGUMENT_ADDED$/, 'give the argument a default, or let it be null'],
  [/INPUT_FIELD_ADDED$/, 'give the field a default, or let it be null'],
  [/TYPE_CHANGED$/, 'offer a field of another name, and deprecate this one'],
  [/TYPE_KIND_CHANGED$/, 'offer a type of another name'],
  [/DEFAULT(_VALUE)?_CHANGED$/, 'keep the default, or offer an argument of another name'],
  [/ENUM_VALUE_ADDED$|UNION_MEMBER_ADDED$/, 'tell clients to expect values that they do not know'],
]

/** ERROR for what breaks clients, WARNING for what may change their answers, INFO for the rest; descriptions do not count. */
export async function apiChanges(before: GraphQLSchema, after: GraphQLSchema): Promise<Finding[]> {
  const changes = await diff(before, after)
  return changes
    .filter(({ type }) => !type.includes('DESCRIPTION') && !type.startsWith('DIRECTIVE_USAGE'))
    .map(({ criticality, type, path, message }): Finding => {
      const severity = SEVERITY[criticality.level]
      const fix = severity === 'INFO' ? undefined : FIXES.find(([kind]) => kind.test(type))?.[1]
      return { severity, code: type, path: path ?? null, message, suggestion: fix ?? null }
    })
}
