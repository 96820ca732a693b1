// What a mutation may change, as @changes of the supergraph says it of its fields.
import {
  type FieldDefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import type { CacheChange } from '../../schema/cache-events.ts'
import type { GraphView, Operation } from '../edge/step.ts'

/** Types by name of a field of the mutation type; a field that does not say is not there. */
type Declared = ReadonlyMap<string, readonly string[]>

const read = new WeakMap<GraphView, Declared>()

/** Every object of the types that its fields name; `all` where one of them names none, as a partner's may. */
export function declaredChanges({ document, operation, graph }: Operation): CacheChange['changed'] {
  const declared = declaredBy(graph)
  const types = new Set<string>()
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  for (const field of fieldsOf(operation.selectionSet, fragments)) {
    if (field === '__typename') continue
    const named = declared.get(field)
    if (!named) return 'all'
    for (const type of named) types.add(type)
  }
  return [...types].map((type) => ({ type }))
}

function* fieldsOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Generator<string> {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) yield node.name.value
    else if (node.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf(node.selectionSet, fragments)
    else yield* fieldsOf(fragments.get(node.name.value)!.selectionSet, fragments)
  }
}

function declaredBy(graph: GraphView): Declared {
  const known = read.get(graph)
  if (known) return known
  const root = graph.schema.getRootType(OperationTypeNode.MUTATION)?.name
  const fields = parse(graph.sdl, { noLocation: true }).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === root ? (node.fields ?? []) : [],
  )
  const declared = new Map(
    fields.flatMap((field) => {
      const types = typesOf(field)
      return types ? [[field.name.value, types] as const] : []
    }),
  )
  read.set(graph, declared)
  return declared
}

/** undefined where the directive is not there, or says it otherwise than it should. */
function typesOf({ directives = [] }: FieldDefinitionNode): readonly string[] | undefined {
  const argument = directives
    .find(({ name }) => name.value === 'changes')
    ?.arguments?.find(({ name }) => name.value === 'types')
  const types: unknown = argument && valueFromASTUntyped(argument.value)
  return Array.isArray(types) && types.every((type) => typeof type === 'string') ? types : undefined
}
