// What a change of a subgraph changes for other subgraphs: keys of entities that are no longer there.
import { type DirectiveNode, type DocumentNode, Kind } from 'graphql'
import type { Finding } from './finding.ts'

/** ERROR for each key of an entity that the subgraph had and does not have any more. */
export function keyChanges(before: DocumentNode, after: DocumentNode): Finding[] {
  const left = keysOf(after)
  return [...keysOf(before)].flatMap(([type, keys]) =>
    [...keys]
      .filter((key) => !left.get(type)?.has(key))
      .map((key): Finding => {
        return {
          severity: 'ERROR',
          code: 'KEY_REMOVED',
          path: type,
          message: `the entity ${type} is no longer found by its key "${key}"`,
          suggestion: 'keep the key: other subgraphs may find the entity by it',
        }
      }),
  )
}

function keysOf(document: DocumentNode): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>()
  for (const node of document.definitions) {
    if (!('directives' in node) || !('name' in node) || !node.name) continue
    for (const directive of node.directives ?? []) {
      if (directive.name.value !== 'key') continue
      const known = keys.get(node.name.value) ?? new Set()
      keys.set(node.name.value, known.add(fieldsOf(directive)))
    }
  }
  return keys
}

/** Without what may be written in more ways than one. */
function fieldsOf({ arguments: given = [] }: DirectiveNode): string {
  const value = given.find(({ name }) => name.value === 'fields')?.value
  return value?.kind === Kind.STRING
    ? value.value
        .trim()
        .split(/[\s,]+/)
        .join(' ')
    : ''
}
