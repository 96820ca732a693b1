// The keys of a type by which one subgraph resolves its objects: read from @join__type in the supergraph.
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql'

/** Fields that name an object to the subgraph. */
export type OwnedKey = SelectionSetNode

/** @param graph as @join__type names it, such as SCENARIOS */
export function ownedKeys(supergraph: DocumentNode, type: string, graph: string): OwnedKey[] {
  return joins(supergraph, type)
    .filter((join) => argumentOf(join, 'graph') === graph && argumentOf(join, 'resolvable') !== false)
    .flatMap((join) => {
      const key = argumentOf(join, 'key')
      return typeof key === 'string' ? [selectionOf(key)] : []
    })
}

/** True for a type of objects that no subgraph can look up: of abstract types each object has keys of its own. */
export function namesNoKey(supergraph: DocumentNode, type: string): boolean {
  return supergraph.definitions.some((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type)
}

function joins(supergraph: DocumentNode, type: string): readonly ConstDirectiveNode[] {
  const definition = supergraph.definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type,
  )
  const directives = definition && 'directives' in definition ? (definition.directives as ConstDirectiveNode[]) : []
  return directives.filter(({ name }) => name.value === 'join__type')
}

function argumentOf(directive: ConstDirectiveNode, argument: string): string | boolean | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value
  if (value?.kind === Kind.STRING || value?.kind === Kind.ENUM || value?.kind === Kind.BOOLEAN) return value.value
  return undefined
}

function selectionOf(key: string): SelectionSetNode {
  const [operation] = parse(`{ ${key} }`, { noLocation: true }).definitions
  return (operation as { readonly selectionSet: SelectionSetNode }).selectionSet
}
