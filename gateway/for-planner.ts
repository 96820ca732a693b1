// The supergraph as the planner's library takes it: it refuses features for security that it does not itself enforce.
import { type ConstDirectiveNode, type DocumentNode, Kind, print, visit } from 'graphql'

/** Enforced by the step `authorise`; what takes values of a context is done by the executor. */
const ENFORCED = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy|context)\/v0\.1$/

/** The text with `for: SECURITY` taken from the links to what is enforced here; the same text where there is none. */
export function forPlanner(sdl: string, document: DocumentNode): string {
  let found = false
  const changed = visit(document, {
    Directive(node) {
      if (!isEnforced(node as ConstDirectiveNode)) return undefined
      found = true
      return { ...node, arguments: (node.arguments ?? []).filter(({ name }) => name.value !== 'for') }
    },
    // Links stand on the schema alone.
    enter: (node) =>
      [Kind.DOCUMENT, Kind.SCHEMA_DEFINITION, Kind.SCHEMA_EXTENSION, Kind.DIRECTIVE].includes(node.kind)
        ? undefined
        : false,
  })
  return found ? print(changed) : sdl
}

function isEnforced({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  const url = given.find((one) => one.name.value === 'url')?.value
  return name.value === 'link' && url?.kind === Kind.STRING && ENFORCED.test(url.value)
}
