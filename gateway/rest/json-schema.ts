// JSON Schema (2020-12, as OpenAPI 3.1 has it) of GraphQL types: of a variable, and of the answer to an operation.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly default?: unknown
  readonly $ref?: string
  readonly additionalProperties?: boolean | JsonSchema
  readonly const?: unknown
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  String: { type: 'string' },
  ID: { type: 'string' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  JSONObject: { type: 'object' },
}

/** Input objects become components, which are collected by name. */
export function inputSchema(type: GraphQLInputType, components: Map<string, JsonSchema>): JsonSchema {
  if (isNonNullType(type)) return inputSchema(type.ofType, components)
  if (isListType(type)) return { type: 'array', items: inputSchema(type.ofType, components) }
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) }
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? {}
  if (!components.has(type.name)) {
    // Before its fields, one of which may be of the same type.
    components.set(type.name, {})
    const fields = Object.values(type.getFields())
    const properties = fields.map((field): [string, JsonSchema] => {
      const own = inputSchema(field.type, components)
      const more = {
        ...(field.description ? { description: field.description } : {}),
        ...(field.defaultValue === undefined ? {} : { default: field.defaultValue }),
      }
      return [field.name, { ...own, ...more }]
    })
    const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
    components.set(type.name, {
      type: 'object',
      ...(type.description ? { description: type.description } : {}),
      properties: Object.fromEntries(properties),
      ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
      additionalProperties: false,
    })
  }
  return { $ref: `#/components/schemas/${type.name}` }
}

/** Of the answer to an operation: what it selects, by response key. */
export function answerSchema(schema: GraphQLSchema, document: DocumentNode): JsonSchema {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)

  function ofType(type: GraphQLOutputType, selections: SelectionSetNode | undefined, description?: string): JsonSchema {
    if (isNonNullType(type)) return described(bare(type.ofType, selections), description)
    return described(nullable(bare(type, selections)), description)
  }
  function bare(type: GraphQLOutputType, selections: SelectionSetNode | undefined): JsonSchema {
    if (isListType(type)) return { type: 'array', items: ofType(type.ofType, selections) }
    if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) }
    if (!isObjectType(type) || !selections) return isNonNullType(type) ? {} : (SCALARS[type.name] ?? {})
    const properties: Record<string, JsonSchema> = {}
    collect(type.name, selections, properties)
    return { type: 'object', properties, required: Object.keys(properties) }
  }
  function collect(typeName: string, { selections }: SelectionSetNode, properties: Record<string, JsonSchema>): void {
    const type = schema.getType(typeName)
    if (!isObjectType(type)) return
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = type.getFields()[selection.name.value]
        const key = selection.alias?.value ?? selection.name.value
        if (field) properties[key] = ofType(field.type, selection.selectionSet, field.description ?? undefined)
      } else if (selection.kind === Kind.FRAGMENT_SPREAD)
        collect(typeName, fragments.get(selection.name.value)!.selectionSet, properties)
      else collect(typeName, selection.selectionSet, properties)
    }
  }
  return bare(schema.getRootType(operation.operation)!, operation.selectionSet)
}

const described = (schema: JsonSchema, description: string | undefined): JsonSchema =>
  description ? { ...schema, description } : schema

function nullable(schema: JsonSchema): JsonSchema {
  if (schema.enum) return { ...schema, type: ['string', 'null'], enum: [...schema.enum, null] }
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema
}
