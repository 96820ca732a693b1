// The directive @inaccessible in a supergraph: linked to and defined where it is not yet.
import { type ConstDirectiveNode, type DefinitionNode, type DocumentNode, Kind, parse } from 'graphql'

const SPEC = 'https://specs.apollo.dev/inaccessible/'
const LINKED = parse(
  `extend schema @link(url: "${SPEC}v0.2", for: SECURITY)
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE
    | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
  { noLocation: true },
)

export interface Hiding {
  readonly supergraph: DocumentNode
  /** Hides a field from clients. */
  readonly hidden: ConstDirectiveNode
}

export function withInaccessible(supergraph: DocumentNode): Hiding {
  const known = supergraph.definitions.flatMap(linksOf).find((link) => textOf(link, 'url')?.startsWith(SPEC))
  if (known) return { supergraph, hidden: named(textOf(known, 'as') ?? 'inaccessible') }
  const [extension, definition] = LINKED.definitions
  const links = linksOf(extension!)
  const definitions = supergraph.definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? { ...node, directives: [...(node.directives ?? []), ...links] } : node,
  )
  return { supergraph: { ...supergraph, definitions: [...definitions, definition!] }, hidden: named('inaccessible') }
}

const named = (value: string): ConstDirectiveNode => ({ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value } })

function linksOf(node: DefinitionNode): readonly ConstDirectiveNode[] {
  if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return []
  return (node.directives ?? []).filter(({ name }) => name.value === 'link')
}

function textOf({ arguments: given = [] }: ConstDirectiveNode, argument: string): string | undefined {
  const value = given.find(({ name }) => name.value === argument)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}
