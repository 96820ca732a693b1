// The fields `__schema` and `__type` of an operation, answered from the schema that clients see.
import {
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Fields } from './properties.ts'
import type { Introspect } from './shape.ts'

/** A reader of introspection results by response key; each is executed when it is asked for. */
export function introspection(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  nodesOf: (responseKey: string) => readonly FieldNode[],
  variables: Fields,
): Introspect {
  return (key) => {
    const selectionSet = { kind: Kind.SELECTION_SET as const, selections: nodesOf(key) }
    const document = { kind: Kind.DOCUMENT as const, definitions: [{ ...operation, selectionSet }, ...fragments] }
    return executeSync({ schema, document, variableValues: variables }).data?.[key] ?? null
  }
}
