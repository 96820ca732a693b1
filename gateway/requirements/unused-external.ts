// What a subgraph only knows of others (@join__field `external`) and, with bound fields in its place, no longer requires.
import { type DirectiveNode, type InterfaceTypeDefinitionNode, Kind, type ObjectTypeDefinitionNode } from 'graphql'
import type { FieldTypes } from './read-requirements.ts'

/**
 * Tells of a directive on a field whether it says that a subgraph knows the field of others, while that has no more use for it: extracted
 * from the supergraph, such a subgraph would be refused. `name`: of the bound field in the place of the field, or its own.
 * @param used `subgraph name` of bound fields that are required
 */
export function unusedExternal(
  types: FieldTypes,
  type: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
  field: string,
  subgraphOf: (directive: DirectiveNode) => string,
  used: ReadonlySet<string>,
): (directive: DirectiveNode, name: string) => boolean {
  const promised = promisedIn(types, type, field, subgraphOf)
  return (directive, name) => {
    const subgraph = subgraphOf(directive)
    return isExternal(directive) && !used.has(`${subgraph} ${name}`) && !promised.has(subgraph)
  }
}

/** The subgraphs in which the type implements an interface that has the field. */
function promisedIn(
  types: FieldTypes,
  { directives = [] }: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
  field: string,
  subgraphOf: (directive: DirectiveNode) => string,
): ReadonlySet<string> {
  const subgraphs = directives.flatMap((directive) => {
    const value = argumentOf(directive, 'interface')
    if (directive.name.value !== 'join__implements' || value?.kind !== Kind.STRING) return []
    const promise = types.get(value.value)?.fields?.find(({ name }) => name.value === field)
    const among = promise?.directives?.filter(({ name }) => name.value === 'join__field').map(subgraphOf) ?? []
    const subgraph = subgraphOf(directive)
    // Without such directives a field is one of all subgraphs that have its type.
    return promise && (among.length === 0 || among.includes(subgraph)) ? [subgraph] : []
  })
  return new Set(subgraphs)
}

/** A field that was overridden, and is still required, counts as one too. */
function isExternal(directive: DirectiveNode): boolean {
  if (directive.name.value !== 'join__field') return false
  const says = (argument: string) => {
    const value = argumentOf(directive, argument)
    return value?.kind === Kind.BOOLEAN && value.value
  }
  return says('external') || (says('usedOverridden') && argumentOf(directive, 'overrideLabel') === undefined)
}

const argumentOf = (directive: DirectiveNode, argument: string) =>
  directive.arguments?.find(({ name }) => name.value === argument)?.value
