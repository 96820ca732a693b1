// The routes that a graph can answer: those whose operation is valid on it, with the parameters that they take.
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isNonNullType,
  Kind,
  parse,
  print,
  typeFromAST,
  validate,
  valueFromASTUntyped,
} from 'graphql'
import { sha256 } from '../../schema/hash.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Route } from './route.ts'

export interface Parameter {
  readonly name: string
  /** `body`: a member of it; `input`: the members of the body that are no parameters of their own. */
  readonly in: 'path' | 'query' | 'body' | 'input'
  /** Undefined for a parameter that only the mapping reads. */
  readonly type: GraphQLInputType | undefined
  readonly schema: JsonSchema | undefined
  readonly required: boolean
  readonly default: unknown
}

export interface ServedRoute {
  readonly route: Route
  readonly document: DocumentNode
  /** SHA-256 of the operation's text. */
  readonly hash: string
  readonly pattern: RegExp
  readonly parameters: readonly Parameter[]
}

const NAME = /\{(\w+)\}/g

/** In the order given, but that paths without names come first. */
export function servedRoutes(routes: readonly Route[], schema: GraphQLSchema): ServedRoute[] {
  const served = routes.flatMap((route): ServedRoute[] => {
    const document = parse(route.operation)
    if (validate(schema, document).length > 0) return []
    const pattern = new RegExp(`^${route.path.replace(NAME, '(?<$1>[^/]+)')}$`)
    return [
      { route, document, hash: sha256(route.operation), pattern, parameters: parametersOf(route, document, schema) },
    ]
  })
  return served.sort((a, b) => Number(a.route.path.includes('{')) - Number(b.route.path.includes('{')))
}

function parametersOf({ method, path, extra = {} }: Route, document: DocumentNode, schema: GraphQLSchema): Parameter[] {
  const inPath = new Set([...path.matchAll(NAME)].map(([, name]) => name!))
  const place = (name: string): Parameter['in'] => {
    if (inPath.has(name)) return 'path'
    if (method === 'GET') return 'query'
    return name === 'input' ? 'input' : 'body'
  }
  const [operation] = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const declared = (operation!.variableDefinitions ?? []).map((node): Parameter => {
    const name = node.variable.name.value
    const type = typeFromAST(schema, node.type as never) as GraphQLInputType | undefined
    if (!type) throw new Error(`${print(node.type)} is no type of a variable`)
    const { defaultValue } = node
    return {
      ...{ name, in: place(name), type: getNullableType(type), schema: undefined },
      required: isNonNullType(type) && !defaultValue,
      default: defaultValue && valueFromASTUntyped(defaultValue),
    }
  })
  const others = Object.entries(extra).map(
    ([name, own]): Parameter => ({
      name,
      in: place(name),
      type: undefined,
      schema: own,
      required: true,
      default: undefined,
    }),
  )
  return [...declared, ...others]
}
