// Sums and maxima over the selections of a document, fragments followed: each is looked at once, however often it is spread.
import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const list = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(list.map((node) => [node.name.value, node]))
}

type Combine = (selection: SelectionNode, within: number) => number

/**
 * Folds every operation, and every fragment that none of them reaches: that one is validated too. A fragment within itself counts
 * as nothing there.
 *
 * @param one what a selection comes to, given what is within it (of a spread: what its fragment comes to)
 * @param join what several come to together
 * @returns of each definition that is a root
 */
export function foldRoots(document: DocumentNode, one: Combine, join: (values: number[]) => number): number[] {
  const fragments = fragmentsOf(document)
  const known = new Map<string, number>()
  const ofFragment = (name: string): number => {
    const standing = known.get(name)
    const fragment = fragments.get(name)
    if (standing !== undefined || !fragment) return standing ?? 0
    known.set(name, 0)
    const value = ofSelections(fragment.selectionSet)
    known.set(name, value)
    return value
  }
  const ofSelections = ({ selections }: SelectionSetNode): number =>
    join(
      selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) return one(selection, ofFragment(selection.name.value))
        return one(selection, selection.selectionSet ? ofSelections(selection.selectionSet) : 0)
      }),
    )
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const values = operations.map((node) => ofSelections(node.selectionSet))
  for (const name of fragments.keys()) if (!known.has(name)) values.push(ofFragment(name))
  return values
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0)

/** What all selections weigh together. */
export const total = (document: DocumentNode, weight: (selection: SelectionNode) => number): number =>
  sum(foldRoots(document, (selection, within) => weight(selection) + within, sum))

/** The heaviest path from a root to a leaf. */
export const longest = (document: DocumentNode, weight: (selection: SelectionNode) => number): number =>
  largest(foldRoots(document, (selection, within) => weight(selection) + within, largest))

/** Every set of selections with those of the fragments in it, by the name of the field in the answer. */
export function* mergedSets(document: DocumentNode): Generator<ReadonlyMap<string, readonly FieldNode[]>> {
  const fragments = fragmentsOf(document)
  const collect = (set: SelectionSetNode, into: Map<string, FieldNode[]>, seen: Set<string>): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const fields = into.get(key)
        if (fields) fields.push(selection)
        else into.set(key, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, into, seen)
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        const fragment = fragments.get(selection.name.value)
        if (fragment) collect(fragment.selectionSet, into, seen)
      }
    }
  }
  for (const set of setsOf(document.definitions)) {
    const into = new Map<string, FieldNode[]>()
    collect(set, into, new Set())
    yield into
  }
}

/** Those of definitions and of fields, as they are written: inline fragments belong to the set they stand in. */
function* setsOf(definitions: readonly DefinitionNode[]): Generator<SelectionSetNode> {
  const open = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION ? [node.selectionSet] : [],
  )
  for (const set of open) yield set
  for (let set = open.pop(); set; set = open.pop())
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue
      if (selection.kind === Kind.FIELD) yield selection.selectionSet
      open.push(selection.selectionSet)
    }
}
