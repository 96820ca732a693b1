// Reads @authenticated, @requiresScopes and @policy from a supergraph: what each type and field of it asks.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  valueFromASTUntyped,
} from 'graphql'
import { keyOf, type Requirement } from './requirement.ts'

/** Specification of each directive; a supergraph may import it under another name. */
const SPECS = {
  authenticated: 'https://specs.apollo.dev/authenticated/',
  requiresScopes: 'https://specs.apollo.dev/requiresScopes/',
  policy: 'https://specs.apollo.dev/policy/',
} as const

export interface Rules {
  /** True where nothing of the graph asks for anything. */
  readonly none: boolean
  /** What asking for the field of an object of this type takes: of the type, of the field, of what it returns. */
  of(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): readonly Requirement[]
}

/** @param schema what clients see of it */
export function readRules(supergraph: DocumentNode, schema: GraphQLSchema): Rules {
  const names = directiveNames(supergraph)
  const byPlace = new Map<string, readonly Requirement[]>()
  const note = (place: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    const found = (directives ?? []).flatMap((directive) => requirementOf(directive, names) ?? [])
    if (found.length > 0) byPlace.set(place, [...(byPlace.get(place) ?? []), ...found])
  }
  for (const node of supergraph.definitions) {
    if (!('name' in node) || !node.name || !('directives' in node)) continue
    if (node.kind === Kind.DIRECTIVE_DEFINITION || node.kind === Kind.OPERATION_DEFINITION) continue
    note(node.name.value, node.directives as readonly ConstDirectiveNode[])
    if (!('fields' in node)) continue
    for (const field of node.fields ?? []) note(`${node.name.value}.${field.name.value}`, field.directives)
  }
  const at = (place: string) => byPlace.get(place) ?? []
  const known = new Map<string, readonly Requirement[]>()

  function of(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): readonly Requirement[] {
    const place = `${parent.name}.${field.name}`
    const before = known.get(place)
    if (before) return before
    // What an interface's field shows is a field of one of those that implement it.
    const types = [parent, ...(isAbstractType(parent) ? schema.getPossibleTypes(parent) : [])]
    const all = types.flatMap(({ name }) => [...at(name), ...at(`${name}.${field.name}`)])
    const distinct = new Map([...all, ...at(getNamedType(field.type).name)].map((one) => [keyOf(one), one]))
    known.set(place, [...distinct.values()])
    return known.get(place)!
  }
  return { none: byPlace.size === 0, of }
}

type Names = Readonly<Record<keyof typeof SPECS, string>>

/** The names that the directives have here. */
function directiveNames(supergraph: DocumentNode): Names {
  const names: Record<string, string> = {
    authenticated: 'authenticated',
    requiresScopes: 'requiresScopes',
    policy: 'policy',
  }
  for (const node of supergraph.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue
    for (const link of node.directives ?? []) {
      const { url, as } = argumentsOf(link) as { url?: unknown; as?: unknown }
      const spec = Object.entries(SPECS).find(([, prefix]) => String(url).startsWith(prefix))
      if (spec && typeof as === 'string') names[spec[0]] = as
    }
  }
  return names as Names
}

function requirementOf(directive: ConstDirectiveNode, names: Names): Requirement | undefined {
  const name = directive.name.value
  if (name === names.authenticated) return { kind: 'authenticated' }
  const { scopes, policies } = argumentsOf(directive) as { scopes?: string[][]; policies?: string[][] }
  if (name === names.requiresScopes) return { kind: 'scopes', anyOf: scopes ?? [] }
  return name === names.policy ? { kind: 'policies', anyOf: policies ?? [] } : undefined
}

const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))
