// What subgraphs require of one another (@join__field `requires`), and the fields of it that are required in more than one way.
import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql'
import { mayBeOne, placeOf } from './place.ts'

/** Types of a supergraph that have fields, by name. */
export type FieldTypes = ReadonlyMap<string, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>

/** A field required with arguments of its own, while others require it with other ones. */
export interface RequiredWay {
  readonly field: string
  readonly arguments: readonly ArgumentNode[]
  /** Fields that require it so, as `Type.field`. */
  readonly by: readonly string[]
  /** Subgraphs of these. */
  readonly subgraphs: readonly string[]
}

/** A field that is required in more than one way. */
export interface Conflict {
  /** The types that have it: one, or an interface and what implements it. */
  readonly types: readonly string[]
  readonly field: string
  /** By the text of the arguments; two or more. */
  readonly ways: ReadonlyMap<string, RequiredWay>
}

export interface Requirements {
  readonly types: FieldTypes
  readonly conflicts: readonly Conflict[]
  /** Sentences on fields that require one field in two ways themselves, which nobody can tell them. */
  readonly faults: readonly string[]
}

export function readRequirements(supergraph: DocumentNode): Requirements {
  const types: FieldTypes = new Map(
    supergraph.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [[node.name.value, node] as const]
        : [],
    ),
  )
  const families = new Map<string, Conflict & { readonly ways: Map<string, RequiredWay> }>()
  const faults = new Set<string>()
  const subgraphOf = subgraphReader(supergraph)
  for (const [typeName, { fields }] of types)
    for (const { name, directives } of fields ?? [])
      for (const directive of directives ?? []) {
        const requires = requiresOf(directive)
        if (requires === undefined) continue
        const by = `${typeName}.${name.value}`
        const told: (readonly [place: string, given: string])[] = []
        walkSelection(types, typeName, selectionOf(requires), (node, parent, place) => {
          const given = argumentsOf(node)
          const field = node.name.value
          if (told.some(([other, before]) => before !== given && mayBeOne(other, place)))
            faults.add(`${by} requires ${parent}.${field} with different arguments: require it with the same ones`)
          told.push([place, given])
          const family = familyOf(types, parent, field)
          const key = `${family.join('|')}.${field}`
          const known = families.get(key) ?? { types: family, field, ways: new Map() }
          families.set(key, known)
          const way = known.ways.get(given)
          known.ways.set(given, {
            field,
            arguments: node.arguments ?? [],
            by: [...new Set([...(way?.by ?? []), by])],
            subgraphs: [...new Set([...(way?.subgraphs ?? []), subgraphOf(directive)])],
          })
        })
      }
  const conflicts = [...families.values()].filter(({ ways }) => ways.size > 1)
  return { types, conflicts, faults: [...faults] }
}

/** A sentence on a conflict, for those who cannot have one. */
export function conflictSentence({ types, field, ways }: Conflict): string {
  const told = [...ways].map(([given, { by }]) => `${given === '' ? 'no arguments' : given} by ${by.join(', ')}`)
  return `${types.join(', ')}.${field} is required with different arguments (${told.join('; ')})`
}

/**
 * Calls back for every field of a selection that its type has, with the name of that type, the place of the field, and what the call on
 * the object above gave.
 */
export function walkSelection<T>(
  types: FieldTypes,
  typeName: string,
  selection: SelectionSetNode,
  visit: (node: FieldNode, parent: string, place: string, above: T | undefined) => T,
): void {
  const walk = (parent: string, { selections }: SelectionSetNode, place: string, asked?: string, above?: T): void => {
    for (const node of selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const condition = node.typeCondition?.name.value ?? parent
        const isObject = types.get(condition)?.kind === Kind.OBJECT_TYPE_DEFINITION
        walk(condition, node.selectionSet, place, isObject && condition !== parent ? condition : asked, above)
      }
      if (node.kind !== Kind.FIELD) continue
      const field = types.get(parent)?.fields?.find(({ name }) => name.value === node.name.value)
      if (!field) continue
      const here = placeOf(place, asked, field.name.value)
      const given = visit(node, parent, here, above)
      if (node.selectionSet) walk(nameOf(field.type), node.selectionSet, here, undefined, given)
    }
  }
  walk(typeName, selection, '')
}

/** The types that have a field together: those that an interface with it joins. In the order of the alphabet. */
export function familyOf(types: FieldTypes, typeName: string, field: string): string[] {
  const has = (name: string) => types.get(name)?.fields?.some((one) => one.name.value === field) ?? false
  const family = new Set([typeName])
  for (const member of family) {
    const above = types.get(member)?.interfaces?.map(({ name }) => name.value) ?? []
    const below = [...types].filter(([, { interfaces }]) => interfaces?.some(({ name }) => name.value === member))
    for (const name of [...above, ...below.map(([name]) => name)]) if (has(name)) family.add(name)
  }
  return [...family].sort()
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type))

/** Arguments as text, the same for any order of them. */
export const argumentsOf = ({ arguments: given }: FieldNode): string =>
  (given ?? [])
    .map((one) => print(one))
    .sort()
    .join(', ')

/** The text of what a field requires; undefined for other directives. */
export function requiresOf(node: DirectiveNode): string | undefined {
  if (node.name.value !== 'join__field') return undefined
  const value = node.arguments?.find(({ name }) => name.value === 'requires')?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

/** A reader of the name of the subgraph that a directive (@join__field) is of; the supergraph's enum join__Graph gives the names. */
export function subgraphReader({ definitions }: DocumentNode): (directive: DirectiveNode) => string {
  const names = new Map<string, string>()
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue
    for (const { name, directives = [] } of node.values ?? []) {
      const given = directives.find((one) => one.name.value === 'join__graph')?.arguments
      const value = given?.find((one) => one.name.value === 'name')?.value
      if (value?.kind === Kind.STRING) names.set(name.value, value.value)
    }
  }
  return (directive) => {
    const value = directive.arguments?.find(({ name }) => name.value === 'graph')?.value
    return (value?.kind === Kind.ENUM && names.get(value.value)) || ''
  }
}

export function selectionOf(fields: string): SelectionSetNode {
  const text = fields.trimStart().startsWith('{') ? fields : `{ ${fields} }`
  const [operation] = parse(text, { noLocation: true }).definitions
  if (operation?.kind === Kind.OPERATION_DEFINITION) return operation.selectionSet
  return { kind: Kind.SELECTION_SET, selections: [] }
}
