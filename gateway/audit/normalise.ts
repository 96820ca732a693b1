// The normalised form of an operation: sorted, its literals made variables, so that equal questions about other values are one text.
import {
  type ArgumentNode,
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parseType,
  print,
  type SelectionNode,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { sha256 } from '../../schema/hash.ts'
import type { Prepared } from '../documents.ts'

export interface Normalised {
  readonly text: string
  /** SHA-256 of the text. */
  readonly hash: string
  /** What stood as literals, by name of the variable that stands for each. */
  readonly literals: Readonly<Record<string, unknown>>
  /** Where each variable is used: `Type.field.argument` or `@directive.argument`, and each `Input.field` on the way down to it. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>
  /** Declared types of the variables. */
  readonly types: ReadonlyMap<string, GraphQLInputType>
}

/** Names that a client hardly chooses; where it does, the next free one is taken. */
const PREFIX = '_'

/** The operation and the fragments it spreads, sorted. Defaults of variables keep their form and lose their values. */
export function normalise({ document, operation }: Prepared, schema: GraphQLSchema): Normalised {
  const lifted = new Lifter(schema, operation)
  const sorted = sortDocument(partOf(document, operation))
  const info = new TypeInfo(schema)
  const rewritten: DocumentNode = visit(
    sorted,
    visitWithTypeInfo(info, {
      Argument(node) {
        const type = info.getArgument()?.type
        const directive = info.getDirective()
        const field = `${info.getParentType()?.name}.${info.getFieldDef()?.name}`
        const place = directive ? `@${directive.name}` : field
        if (type) return { ...node, value: lifted.lift(node.value, type, [`${place}.${node.name.value}`]) }
        return undefined
      },
      // Arguments of fields are done when this is reached, and those of the definition itself hold no variables.
      VariableDefinition: () => false,
    }),
  )
  const text = print(lifted.declare(rewritten))
  return { text, hash: sha256(text), literals: lifted.literals, places: lifted.places, types: lifted.types }
}

class Lifter {
  readonly literals: Record<string, unknown> = {}
  readonly places = new Map<string, Set<string>>()
  readonly types = new Map<string, GraphQLInputType>()
  readonly #declared: VariableDefinitionNode[] = []
  readonly #taken: ReadonlySet<string>
  #next = 1

  constructor(schema: GraphQLSchema, operation: OperationDefinitionNode) {
    const definitions = operation.variableDefinitions ?? []
    this.#taken = new Set(definitions.map(({ variable }) => variable.name.value))
    const info = new TypeInfo(schema)
    visit(
      operation,
      visitWithTypeInfo(info, {
        VariableDefinition: ({ variable }) => void this.types.set(variable.name.value, info.getInputType()!),
      }),
    )
  }

  /** The value with a variable for each literal in it; a value without variables becomes one. */
  lift(node: ValueNode, type: GraphQLInputType, places: readonly string[]): ValueNode {
    if (node.kind === Kind.VARIABLE) {
      this.#usedAt(node.name.value, places)
      return node
    }
    const inner = isNonNullType(type) ? type.ofType : type
    if (holdsVariable(node)) {
      if (node.kind === Kind.LIST) {
        const item = isListType(inner) ? inner.ofType : inner
        return { ...node, values: node.values.map((value) => this.lift(value, item, places)) }
      }
      const named = getNamedType(inner)
      if (node.kind === Kind.OBJECT && isInputObjectType(named)) {
        const fields = named.getFields()
        return {
          ...node,
          fields: node.fields.map((field) => {
            const known = fields[field.name.value]
            const within = [...places, `${named.name}.${field.name.value}`]
            return known ? { ...field, value: this.lift(field.value, known.type, within) } : field
          }),
        }
      }
      return node
    }
    const name = this.#newName()
    this.literals[name] = valueFromASTUntyped(node)
    this.types.set(name, type)
    this.#usedAt(name, places)
    const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const
    this.#declared.push({ kind: Kind.VARIABLE_DEFINITION, variable, type: parseType(String(type)) })
    return variable
  }

  declare(document: DocumentNode): DocumentNode {
    return {
      ...document,
      definitions: document.definitions.map((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? {
              ...definition,
              variableDefinitions: [...(definition.variableDefinitions ?? []).map(hideDefault), ...this.#declared],
            }
          : definition,
      ),
    }
  }

  #newName(): string {
    let name = `${PREFIX}${this.#next++}`
    while (this.#taken.has(name)) name = `${PREFIX}${this.#next++}`
    return name
  }

  #usedAt(variable: string, places: readonly string[]): void {
    this.places.set(variable, new Set([...(this.places.get(variable) ?? []), ...places]))
  }
}

function holdsVariable(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(holdsVariable)
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => holdsVariable(value))
  return node.kind === Kind.VARIABLE
}

/** A default stays one, so that the text stays valid; its value is among the variables that were coerced. */
function hideDefault(definition: VariableDefinitionNode): VariableDefinitionNode {
  const { defaultValue } = definition
  return defaultValue ? { ...definition, defaultValue: hidden(defaultValue) } : definition
}

function hidden(node: ConstValueNode): ConstValueNode {
  switch (node.kind) {
    case Kind.STRING:
      return { kind: Kind.STRING, value: '' }
    case Kind.INT:
    case Kind.FLOAT:
      return { kind: node.kind, value: '0' }
    case Kind.BOOLEAN:
      return { kind: Kind.BOOLEAN, value: false }
    case Kind.LIST:
      return { kind: Kind.LIST, values: [] }
    case Kind.OBJECT:
      return { ...node, fields: node.fields.map((field) => ({ ...field, value: hidden(field.value) })) }
    default:
      return node
  }
}

/** The operation, and of the fragments those that it reaches. */
function partOf(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const reached = new Map<string, FragmentDefinitionNode>()
  const reach = (node: OperationDefinitionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || reached.has(name.value)) return
        reached.set(name.value, fragment)
        reach(fragment)
      },
    })
  reach(operation)
  const list = [...reached.values()].sort((a, b) => order(a.name.value, b.name.value))
  return { kind: Kind.DOCUMENT, definitions: [operation, ...list] }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byName = (a: ArgumentNode, b: ArgumentNode) => order(a.name.value, b.name.value)

/** Selections by what they are called in the answer; of equal ones the order stays. */
function sortDocument(document: DocumentNode): DocumentNode {
  return visit(document, {
    OperationDefinition: {
      leave: (node) => ({
        ...node,
        variableDefinitions: [...(node.variableDefinitions ?? [])].sort((a, b) =>
          order(a.variable.name.value, b.variable.name.value),
        ),
      }),
    },
    SelectionSet: { leave: (node) => ({ ...node, selections: [...node.selections].sort(bySelection) }) },
    Field: { leave: (node) => ({ ...node, arguments: [...(node.arguments ?? [])].sort(byName) }) },
    Directive: { leave: (node) => ({ ...node, arguments: [...(node.arguments ?? [])].sort(byName) }) },
    ObjectValue: {
      leave: (node) => ({ ...node, fields: [...node.fields].sort((a, b) => order(a.name.value, b.name.value)) }),
    },
  })
}

const bySelection = (a: SelectionNode, b: SelectionNode) => order(selectionKey(a), selectionKey(b))

function selectionKey(node: SelectionNode): string {
  if (node.kind === Kind.FIELD) return `0 ${node.alias?.value ?? node.name.value}`
  return node.kind === Kind.FRAGMENT_SPREAD ? `1 ${node.name.value}` : `2 ${node.typeCondition?.name.value ?? ''}`
}
