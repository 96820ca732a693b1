// Operations that the planner wrote, cut into others: their fields at the level of the entities, and what is no longer used.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'

/** Fragments at the level of the entities in the place of their spreads. */
export function withoutSpreads(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  const selections = set.selections.map((node): SelectionNode => {
    if (node.kind === Kind.FIELD) return node
    if (node.kind === Kind.INLINE_FRAGMENT)
      return { ...node, selectionSet: withoutSpreads(node.selectionSet, fragments) }
    const { typeCondition, selectionSet } = fragments.get(node.name.value)!
    const { directives = [] } = node
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition,
      directives,
      selectionSet: withoutSpreads(selectionSet, fragments),
    }
  })
  return { ...set, selections }
}

/** Calls back for each field, with the type that the fragments around it ask for, if there are any. */
export function eachField(
  { selections }: SelectionSetNode,
  type: string | undefined,
  call: (field: FieldNode, type: string | undefined) => void,
): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) call(node, type)
    if (node.kind === Kind.INLINE_FRAGMENT) eachField(node.selectionSet, node.typeCondition?.name.value ?? type, call)
  }
}

/** Without the fields that are not kept, and fragments that nothing is left of. */
export function only(set: SelectionSetNode, keeps: (field: FieldNode) => boolean): SelectionSetNode {
  const selections = set.selections.flatMap((node): SelectionNode[] => {
    if (node.kind !== Kind.INLINE_FRAGMENT) return node.kind === Kind.FIELD && keeps(node) ? [node] : []
    const selectionSet = only(node.selectionSet, keeps)
    return selectionSet.selections.length > 0 ? [{ ...node, selectionSet }] : []
  })
  return { ...set, selections }
}

/** Without the fragments and the variables of an operation that nothing of it uses. */
export function withoutUnused(document: DocumentNode): DocumentNode {
  const used = usesOf(document)
  return visit(document, {
    FragmentDefinition: ({ name }) => (used.fragments.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.variables.has(variable.name.value) ? undefined : null),
  })
}

export const usedOf = (names: readonly string[], document: DocumentNode): string[] => {
  const { variables } = usesOf(document)
  return names.filter((name) => variables.has(name))
}

interface Uses {
  readonly fragments: ReadonlySet<string>
  readonly variables: ReadonlySet<string>
}

/** What the operation of a document uses, also by its fragments. */
function usesOf({ definitions }: DocumentNode): Uses {
  const fragments = new Set<string>()
  const variables = new Set<string>()
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        if (fragments.has(name.value)) return
        fragments.add(name.value)
        const found = definitions.find(
          (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name.value,
        ) as FragmentDefinitionNode | undefined
        if (found) follow(found)
      },
    })
  }
  for (const node of definitions) if (node.kind === Kind.OPERATION_DEFINITION) follow(node)
  return { fragments, variables }
}
