// An operation that also asks what its answer is made of: type, id and status of every object, which are taken out again.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Prepared } from '../documents.ts'
import type { Operation } from '../edge/step.ts'

const TYPE = 'qz__type'
const ID = 'qz__id'
const STATUS = 'qz__status'

const instrumented = new WeakMap<OperationDefinitionNode, Prepared>()

/** One object for equal ones, as plans are kept by it. @param finalTypes types whose status is asked for too */
export function withMarks({ document, operation, graph }: Operation, finalTypes: ReadonlySet<string>): Prepared {
  const known = instrumented.get(operation)
  if (known) return known
  const { schema } = graph
  const types = new TypeInfo(schema)
  const marked: DocumentNode = visit(
    document,
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave(node, _key, parent) {
          const type = types.getParentType()
          const isRoot = (parent as { kind?: string } | undefined)?.kind === Kind.OPERATION_DEFINITION
          if (!type || isRoot || isRootType(schema, type)) return undefined
          return { ...node, selections: [...node.selections, ...marksOf(schema, type, finalTypes)] }
        },
      },
    }),
  )
  const at = document.definitions.indexOf(operation)
  const prepared = { document: marked, operation: marked.definitions[at] as OperationDefinitionNode }
  instrumented.set(operation, prepared)
  return prepared
}

const isRootType = (schema: GraphQLSchema, type: GraphQLNamedType): boolean => type === schema.getQueryType()

function marksOf(schema: GraphQLSchema, type: GraphQLNamedType, finalTypes: ReadonlySet<string>): SelectionNode[] {
  const marks: SelectionNode[] = [field(TYPE, '__typename')]
  const own = ownMarks(type, finalTypes)
  if (own.length > 0 || !isAbstractType(type)) return [...marks, ...own]
  for (const one of schema.getPossibleTypes(type)) {
    const selections = ownMarks(one, finalTypes)
    if (selections.length > 0)
      marks.push({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: one.name } },
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      })
  }
  return marks
}

function ownMarks(type: GraphQLNamedType, finalTypes: ReadonlySet<string>): FieldNode[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const { id, status } = type.getFields()
  const marks: FieldNode[] = []
  if (id && getNamedType(id.type).name === 'ID' && id.args.length === 0) marks.push(field(ID, 'id'))
  if (finalTypes.has(type.name) && status) marks.push(field(STATUS, 'status'))
  return marks
}

const field = (alias: string, name: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: alias },
  name: { kind: Kind.NAME, value: name },
})

/** What an answer is made of. */
export interface Content {
  /** The answer as the client asked for it. */
  readonly data: Record<string, unknown>
  /** `Type:id` of its objects. */
  readonly objects: ReadonlySet<string>
  /** Types of objects that are not there, but could be. */
  readonly absent: ReadonlySet<string>
  /** Whether every object that has to be final is. */
  readonly isFinal: boolean
}

/** States that are never left. */
const FINAL: ReadonlySet<unknown> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED'])

/** @param nullable by key of the answer: the types of the object that a null stands for */
export function readMarks(
  data: Readonly<Record<string, unknown>>,
  finalTypes: ReadonlySet<string>,
  nullable: ReadonlyMap<string, ReadonlySet<string>>,
): Content {
  const objects = new Set<string>()
  const absent = new Set<string>()
  let isFinal = true
  const lack = (type: string) => {
    absent.add(type)
    // What is not there may come.
    if (finalTypes.has(type)) isFinal = false
  }
  const read = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((member) => read(member, key))
    if (value === null) for (const type of nullable.get(key) ?? []) lack(type)
    return typeof value === 'object' && value !== null ? object(value as Record<string, unknown>) : value
  }
  const object = (value: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const { [TYPE]: type, [ID]: id, [STATUS]: status } = value
    if (id !== undefined) objects.add(`${type}:${id}`)
    if (finalTypes.has(String(type)) && !FINAL.has(status)) isFinal = false
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value))
      if (key !== TYPE && key !== ID && key !== STATUS) result[key] = read(value[key], key)
    return result
  }
  return { data: object(data), objects, absent, isFinal }
}
