// How far introspection may go in circles: `types { fields { type { fields { type { fields` answers exponentially much.
import { type DocumentNode, Kind, type SelectionNode } from 'graphql'
import { foldRoots, longest } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

const LISTS = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes'])
const ROOTS = new Set(['__schema', '__type'])

const nameOf = (node: SelectionNode) => (node.kind === Kind.FIELD ? node.name.value : '')

/** True where the document asks about the schema; __typename does not. */
export function introspects(document: DocumentNode): boolean {
  const any = (values: number[]) => values.reduce((most, value) => Math.max(most, value), 0)
  return foldRoots(document, (node, within) => (ROOTS.has(nameOf(node)) ? 1 : within), any).some((value) => value > 0)
}

/** The lists of a path are counted without regard to where on it introspection begins: a graph has such fields too, but not nested so. */
export const introspectionLists: Rule = (document, { introspectionLists: limit }) =>
  introspects(document)
    ? beyond(
        'introspectionLists',
        longest(document, (node) => (LISTS.has(nameOf(node)) ? 1 : 0)),
        limit,
        'lists of the schema within one another',
        'ask for __schema { types { name } } and then for each type by __type(name:)',
      )
    : undefined
