// Whether a partner's subgraph reaches more of ours than it was granted: read from the supergraph, before it is served.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql'

/** By name of the subgraph: the fields of our types that it may be sent, by type. */
export type Grants = Readonly<Record<string, { readonly entities: Readonly<Record<string, readonly string[]>> }>>

type Definition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

export interface GrantFault {
  /** Coordinate of what it reaches, such as Economy.gdp. */
  readonly path: string
  readonly message: string
}

/** Whether a partner was granted a field of a type of ours. */
export type IsGranted = (type: string, field: string) => boolean

/** One sentence for each field or type that a partner would be sent, or take over, without a grant; none where all is granted. */
export const grantFaults = (supergraph: DocumentNode, grants: Grants): string[] =>
  Object.keys(grants).flatMap((partner) => {
    const faults = faultsOfPartner(supergraph, partner, grantOf(grants, partner)!)
    return [...new Set(faults.map(({ message }) => message))]
  })

/** undefined where the configuration does not know the partner. */
export function grantOf(grants: Grants, partner: string): IsGranted | undefined {
  const entities = Object.hasOwn(grants, partner) ? grants[partner]?.entities : undefined
  return entities && ((type, field) => Object.hasOwn(entities, type) && entities[type]!.includes(field))
}

/** What one partner reaches without a grant; nothing where it is no part of the supergraph. */
export function faultsOfPartner(supergraph: DocumentNode, partner: string, isGranted: IsGranted): GrantFault[] {
  const graph = graphNames(supergraph).get(partner)
  if (graph === undefined) return []
  const types = new Map<string, Definition>()
  for (const node of supergraph.definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      types.set(node.name.value, node)
  return faultsIn(types, graph, partner, isGranted)
}

function faultsIn(
  types: ReadonlyMap<string, Definition>,
  graph: string,
  partner: string,
  isGranted: IsGranted,
): GrantFault[] {
  const faults: GrantFault[] = []
  const add = (type: string, field: string, message: string) => faults.push({ path: `${type}.${field}`, message })
  const check = (type: string, field: string, why: string): void => {
    if (field === '__typename' || isGranted(type, field)) return
    add(type, field, `the partner ${partner} ${why} ${type}.${field}, which it is not granted`)
  }
  const checkAll = (type: string, { selections }: SelectionSetNode, why: string): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        checkAll(selection.typeCondition?.name.value ?? type, selection.selectionSet, why)
        continue
      }
      const field = selection.name.value
      check(type, field, why)
      const definition = types.get(type)?.fields?.find(({ name }) => name.value === field)
      if (selection.selectionSet && definition) checkAll(nameOf(definition.type), selection.selectionSet, why)
    }
  }

  for (const [type, { directives = [], fields = [] }] of types) {
    const joins = directives.filter(({ name }) => name.value === 'join__type').map(argumentsOf)
    const mine = joins.filter((join) => join['graph'] === graph)
    // What nobody else has is the partner's own.
    if (mine.length === 0 || mine.length === joins.length) continue
    for (const { key } of mine) if (typeof key === 'string') checkAll(type, selectionOf(key), 'is keyed by')
    for (const { name, directives: onField = [] } of fields)
      for (const join of onField.filter((one) => one.name.value === 'join__field').map(argumentsOf)) {
        if (join['graph'] !== graph) continue
        if (typeof join['requires'] === 'string') checkAll(type, selectionOf(join['requires']), 'requires')
        if (join['external'] === true) check(type, name.value, 'is sent')
        if (typeof join['override'] === 'string')
          add(type, name.value, `the partner ${partner} takes ${type}.${name.value} over from ${join['override']}`)
        if (join['contextArguments'] !== undefined)
          add(
            type,
            name.value,
            `the partner ${partner} is sent a context by ${type}.${name.value}, which nothing grants`,
          )
      }
  }
  return faults
}

/** Members of join__Graph by the name of their subgraph. */
function graphNames(supergraph: DocumentNode): Map<string, string> {
  const names = new Map<string, string>()
  for (const node of supergraph.definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue
    for (const { name, directives = [] } of node.values ?? []) {
      const join = directives.find((one) => one.name.value === 'join__graph')
      const subgraph = join && argumentsOf(join)['name']
      if (typeof subgraph === 'string') names.set(subgraph, name.value)
    }
  }
  return names
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type))

const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))

function selectionOf(fields: string): SelectionSetNode {
  const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions
  if (operation?.kind === Kind.OPERATION_DEFINITION) return operation.selectionSet
  return { kind: Kind.SELECTION_SET, selections: [] }
}
