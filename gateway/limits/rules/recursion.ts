// How often a field may lie within fields of its own name: a graph with cycles answers exponentially much to such an operation.
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql'
import { fragmentsOf } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

/** Walks over everything that is spread: the rule of fields has bounded it, and that of cycles has made it finite. */
export const recursion: Rule = (document, { recursion: limit }) =>
  beyond(
    'recursion',
    deepest(document),
    limit,
    'levels of one field within itself',
    'ask for a few levels, and go on from the ids of the last',
  )

function deepest(document: DocumentNode): number {
  const fragments = fragmentsOf(document)
  const open = new Map<string, number>()
  let most = 0
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(node.name.value)
        if (fragment) walk(fragment.selectionSet)
      } else if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet)
      else if (node.selectionSet) {
        const name = node.name.value
        const level = (open.get(name) ?? 0) + 1
        most = Math.max(most, level)
        open.set(name, level)
        walk(node.selectionSet)
        open.set(name, level - 1)
      }
    }
  }
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) walk(node.selectionSet)
  return most
}
