// Keys of the answer under construction, so that what a client calls a field never stands where a subgraph's key or requirement does.
import {
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { isBoundName, withoutBinding } from '../../requirements/bound-name.ts'
import type { Fields } from './properties.ts'
import type { ResponsePath } from './targets.ts'

/**
 * The planner puts the fields that another subgraph must be told (of its @key and @requires) into the answer under their own names.
 * A client's `id: title`, or its `rate(at: 2024)` where another subgraph requires `rate(at: 2020)`, would overwrite them: such a
 * key is kept apart under a name of its own, and given its own name again in the answer.
 */
export type InnerKey = (key: string, field: string, takesArguments: boolean) => string

/** No two keys become one, for a key that ends so gets the ending too. */
const APART = '__client'

/** @param needed names of fields of keys and requirements, as neededNames gives them. */
export function innerKeys(needed: ReadonlySet<string>): InnerKey {
  return (key, field, takesArguments) => {
    const same = key === field && !takesArguments
    return (needed.has(key) && !same) || key.endsWith(APART) || isBoundName(key) ? `${key}${APART}` : key
  }
}

/** A place in the answer by the client's own names, and of what is required by those that its subgraph has. */
export function clientPath(path: ResponsePath): ResponsePath {
  return path.map((key) => {
    if (typeof key !== 'string') return key
    return key.endsWith(APART) ? key.slice(0, -APART.length) : withoutBinding(key)
  })
}

/** Names of all fields that some subgraph of a supergraph must be told of an entity (@join__type `key`, @join__field `requires`). */
export function neededNames(supergraph: DocumentNode): ReadonlySet<string> {
  // `__proto__` is a field of no object, but many ways of copying one lose it.
  const names = new Set(['__typename', '__proto__'])
  const add = (fields: string) =>
    visit(parse(fields.trimStart().startsWith('{') ? fields : `{ ${fields} }`, { noLocation: true }), {
      Field: ({ name }) => {
        names.add(name.value)
      },
    })
  visit(supergraph, {
    Directive(node) {
      const argument = NEEDING[node.name.value]
      const value = argument && textOf(node, argument)
      if (value) add(value)
      for (const selection of contextSelections(node)) add(selection)
    },
  })
  return names
}

const NEEDING: Readonly<Record<string, string>> = { join__type: 'key', join__field: 'requires' }

function textOf(node: DirectiveNode, argument: string): string | undefined {
  const value = node.arguments?.find(({ name }) => name.value === argument)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

/** What the arguments of a field take from the objects around it (@join__field `contextArguments`), such as `{ currency }`. */
function contextSelections(node: DirectiveNode): string[] {
  const given = node.arguments?.find(({ name }) => name.value === 'contextArguments')?.value
  if (given?.kind !== Kind.LIST) return []
  return given.values.flatMap((one) => {
    const fields = one.kind === Kind.OBJECT ? one.fields : []
    const selection = fields.find(({ name }) => name.value === 'selection')?.value
    return selection?.kind === Kind.STRING ? selection.value : []
  })
}

/** The document with inner keys as aliases, to be planned; the document itself where none differs. */
export function withInnerKeys(schema: GraphQLSchema, document: DocumentNode, innerKey: InnerKey): DocumentNode {
  const types = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const key = node.alias?.value ?? node.name.value
        const inner = innerKey(key, node.name.value, (types.getFieldDef()?.args.length ?? 0) > 0)
        return inner === key ? undefined : { ...node, alias: { kind: Kind.NAME, value: inner } }
      },
      Variable: (node) =>
        node.name.value === REPRESENTATIONS ? { ...node, name: { ...node.name, value: RENAMED } } : undefined,
    }),
  )
}

/** The variable by which subgraphs are told of entities, which a client may have one of too. */
const REPRESENTATIONS = 'representations'
const RENAMED = `${REPRESENTATIONS}${APART}`

/** Variables by the names that the planned document has for them. */
export function withInnerNames(variables: Fields): Fields {
  if (!Object.hasOwn(variables, REPRESENTATIONS)) return variables
  const { [REPRESENTATIONS]: value, ...others } = variables
  return { ...others, [RENAMED]: value }
}
