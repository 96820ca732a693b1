// A supergraph in which every way of requiring a field is a field of its own, so that a plan and an answer have room for each.
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { withInaccessible } from './inaccessible.ts'
import { type BoundCall, type NamedWays, nameWays } from './named-ways.ts'
import { placeOf, typeAt } from './place.ts'
import {
  type FieldTypes,
  readRequirements,
  requiresOf,
  selectionOf,
  subgraphReader,
  walkSelection,
} from './read-requirements.ts'
import { unusedExternal } from './unused-external.ts'

/** A bound field that a field requires. */
export interface Need {
  /** Its place (place.ts) by the names that subgraphs have. */
  readonly place: string
  /** The same by the names of bound fields. */
  readonly bound: string
}

export interface Bindings {
  /** By the name of the bound field. */
  readonly calls: ReadonlyMap<string, BoundCall>
  /** The bound fields that a field requires where a subgraph resolves it. @param subgraph its name */
  needs(subgraph: string, type: string, field: string): readonly Need[]
  /** Whether a name is that of a type of objects. */
  isObject(type: string): boolean
}

export interface BoundSupergraph {
  readonly document: DocumentNode
  /** undefined where no field is required in different ways, and the document is the one given. */
  readonly bindings: Bindings | undefined
}

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/**
 * For each way in which a field is required, its type and all that have it in common by an interface get a field without arguments, of
 * the same subgraphs and with the same directives, that clients do not see; what requires the field in that way requires that one.
 */
export function bindRequirements(supergraph: DocumentNode): BoundSupergraph {
  const requirements = readRequirements(supergraph)
  if (requirements.conflicts.length === 0) return { document: supergraph, bindings: undefined }
  const ways = nameWays(requirements, supergraph)
  const { types } = requirements
  const subgraphOf = subgraphReader(supergraph)
  const needs = new Map<string, Need[]>()
  const used = new Set<string>()
  const bind = (type: TypeWithFields) => (field: FieldDefinitionNode) => {
    const directives = field.directives?.map((directive) => {
      const { found, bound } = boundDirective(directive, type.name.value, types, ways)
      if (found.length === 0) return directive
      const subgraph = subgraphOf(directive)
      for (const { name } of found) used.add(`${subgraph} ${name}`)
      // A fragment of a fetch may ask for an interface, of whose types this is one.
      for (const holder of [type.name.value, ...(type.interfaces?.map(({ name }) => name.value) ?? [])])
        for (const name of [field.name.value, ...ways.namesOf(type.name.value, field.name.value)]) {
          const key = `${subgraph} ${holder}.${name}`
          needs.set(key, [...(needs.get(key) ?? []), ...found])
        }
      return bound
    })
    return { ...field, ...(directives ? { directives } : {}) } as FieldDefinitionNode
  }
  const { supergraph: linked, hidden } = withInaccessible(
    mapFields(supergraph, (type) => (field) => [bind(type)(field)]),
  )
  const document = mapFields(linked, (type) => (field) => {
    const names = ways.namesOf(type.name.value, field.name.value)
    if (names.length === 0) return [field]
    const isUnused = unusedExternal(types, type, field.name.value, subgraphOf, used)
    const fieldFor = (value: string): FieldDefinitionNode => {
      const directives = (field.directives ?? []).filter((one) => !isUnused(one, value))
      return { ...field, name: { ...field.name, value }, directives } as FieldDefinitionNode
    }
    return [
      fieldFor(field.name.value),
      ...names.map((name): FieldDefinitionNode => {
        const { description: _, arguments: __, directives = [], ...rest } = fieldFor(name)
        return { ...rest, directives: [...directives.filter((one) => one.name.value !== hidden.name.value), hidden] }
      }),
    ]
  })
  const of = (subgraph: string, type: string, field: string) => needs.get(`${subgraph} ${type}.${field}`) ?? []
  const isObject = (type: string) => types.get(type)?.kind === Kind.OBJECT_TYPE_DEFINITION
  return { document, bindings: { calls: ways.calls, needs: of, isObject } }
}

function mapFields(
  document: DocumentNode,
  map: (type: TypeWithFields) => (field: FieldDefinitionNode) => FieldDefinitionNode[],
): DocumentNode {
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? { ...node, fields: node.fields?.flatMap(map(node)) ?? [] }
      : node,
  )
  return { ...document, definitions }
}

interface FoundNeed extends Need {
  /** Of the bound field. */
  readonly name: string
}

/** A directive with the names of bound fields in what it requires, and these. */
function boundDirective(
  directive: DirectiveNode,
  type: string,
  types: FieldTypes,
  ways: NamedWays,
): { readonly bound: DirectiveNode; readonly found: readonly FoundNeed[] } {
  const requires = requiresOf(directive)
  if (requires === undefined) return { bound: directive, found: [] }
  const selection = selectionOf(requires)
  const names = new Map<FieldNode, string>()
  const found: FoundNeed[] = []
  walkSelection<string>(types, type, selection, (node, parent, place, above = '') => {
    const name = ways.nameOf(node, parent)
    const bound = placeOf(above, typeAt(place), name ?? node.name.value)
    if (name === undefined) return bound
    names.set(node, name)
    found.push({ place, bound, name })
    return bound
  })
  const value = { kind: Kind.STRING, value: textOf(selection, names) } as const
  const given = (directive.arguments ?? []).map((one) => (one.name.value === 'requires' ? { ...one, value } : one))
  return { bound: { ...directive, arguments: given }, found }
}

/** A selection as text without its braces. */
function textOf(selection: SelectionSetNode, names: ReadonlyMap<FieldNode, string>): string {
  const renamed = visit(selection, {
    Field(node) {
      // On the way down, so that the node is still the one that was looked at.
      const value = names.get(node)
      return value === undefined ? undefined : { ...node, name: { ...node.name, value }, arguments: [] }
    },
  })
  return print(renamed).slice(1, -1)
}
