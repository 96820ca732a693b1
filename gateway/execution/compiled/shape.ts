// The answer, shaped in one pass: the fields that were asked for and no others, null where a value does not fit its type.
import {
  type FieldNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import { collectFields, type SelectionContext } from './collect-fields.ts'
import { leafTest } from './leaf.ts'
import { type Fields, isFields, readerOf, setOwn } from './properties.ts'

export interface Shaped {
  /** null where a field that may not be null was. */
  readonly data: Fields | null
  /** Values that do not fit, and null where there may be none, each with its place. */
  readonly errors: readonly GraphQLError[]
}

/** Values of `__schema` and `__type`, which no subgraph is asked for. */
export type Introspect = (responseKey: string) => unknown

interface Pass {
  readonly errors: GraphQLError[]
  /** The place of the value in hand: only the first `depth` members count. */
  readonly path: (string | number)[]
  readonly introspect: Introspect
}

/** Stands for a null that must not be, and takes the object around it along. */
const INVALID = Symbol('invalid')

/** The value as the client gets it, INVALID where it may not be null and is. @param depth of its place. */
type Complete = (value: unknown, pass: Pass, depth: number) => unknown

/**
 * A shaper of whole results of an operation (GraphQL specification 6.4.3, Value completion, with what subgraphs answered for
 * the values). Each error of completion is given once; where a subgraph's error explains a null is for the caller to see.
 */
export function shaperOf(
  context: SelectionContext,
  root: GraphQLObjectType,
  selectionSet: SelectionSetNode,
): (data: Fields, introspect: Introspect) => Shaped {
  const shape = objectShape(context, root, [selectionSet])
  return (data, introspect) => {
    const pass: Pass = { errors: [], path: [], introspect }
    const shaped = shape(data, pass, 0)
    return { data: shaped === INVALID ? null : (shaped as Fields), errors: pass.errors }
  }
}

type Field = (source: Fields, target: Fields, pass: Pass, depth: number) => boolean

/** Fields of one type; each field says whether the object stands with it. */
function objectShape(context: SelectionContext, type: GraphQLNamedType, sets: readonly SelectionSetNode[]): Complete {
  const fields = [...collectFields(context, type, sets)].map(([key, nodes]) => fieldShape(context, type, key, nodes))
  return (value, pass, depth) => {
    const target: Fields = {}
    for (const field of fields) if (!field(value as Fields, target, pass, depth)) return INVALID
    return target
  }
}

function fieldShape(
  context: SelectionContext,
  parent: GraphQLNamedType,
  key: string,
  nodes: readonly FieldNode[],
): Field {
  const name = nodes[0]!.name.value
  if (name === TypeNameMetaFieldDef.name) return typenameField(key, parent)
  if (name === SchemaMetaFieldDef.name || name === TypeMetaFieldDef.name) {
    return (_, target, pass) => {
      setOwn(target, key, pass.introspect(key))
      return true
    }
  }
  const { type, args } = (parent as GraphQLObjectType).getFields()[name]!
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const complete = completionOf(context, type, sets, `${parent.name}.${name}`)
  const read = readerOf(context.innerKey(key, name, args.length > 0))
  const plain = key !== '__proto__'
  return (source, target, pass, depth) => {
    pass.path[depth] = key
    const value = complete(read(source), pass, depth + 1)
    if (value === INVALID) return false
    if (plain) target[key] = value
    else setOwn(target, key, value)
    return true
  }
}

/** Of an object whose type is not told, only an object type can be said; of another one the object falls. */
function typenameField(key: string, parent: GraphQLNamedType): Field {
  const known = isObjectType(parent)
  return (_, target, pass, depth) => {
    if (known) setOwn(target, key, parent.name)
    else fault(pass, depth, `Which ${parent.name} this is was not told.`)
    return known
  }
}

function completionOf(
  context: SelectionContext,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  field: string,
): Complete {
  if (isNonNullType(type)) {
    const complete = completionOf(context, type.ofType, sets, field)
    return (value, pass, depth) => {
      const before = pass.errors.length
      const completed = complete(value, pass, depth)
      if (completed !== null) return completed
      // Where the null comes of a fault that is told already, it is not told again.
      if (pass.errors.length === before) fault(pass, depth, `Cannot return null for non-nullable field ${field}.`)
      return INVALID
    }
  }
  if (isListType(type)) return listCompletion(completionOf(context, type.ofType, sets, field), field)
  if (isLeafType(type)) {
    const fits = leafTest(type)
    return (value, pass, depth) => {
      if (value === null || value === undefined) return null
      if (fits(value)) return value
      fault(pass, depth, `Invalid value found for field ${field}.`)
      return null
    }
  }
  return objectCompletion(context, type, sets, field)
}

function listCompletion(complete: Complete, field: string): Complete {
  return (value, pass, depth) => {
    if (value === null || value === undefined) return null
    if (!Array.isArray(value)) {
      fault(pass, depth, `Invalid value found for field ${field}: a list was expected.`)
      return null
    }
    const completed = new Array<unknown>(value.length)
    for (let i = 0; i < value.length; i++) {
      pass.path[depth] = i
      const member = complete(value[i], pass, depth + 1)
      if (member === INVALID) return null
      completed[i] = member
    }
    return completed
  }
}

function objectCompletion(
  context: SelectionContext,
  declared: GraphQLNamedType,
  sets: readonly SelectionSetNode[],
  field: string,
): Complete {
  const { schema } = context
  const shapes = new Map<string, Complete | undefined>()
  /** undefined for a name that is none of a type which clients see and the field may give. */
  const shapeOf = (name: string): Complete | undefined => {
    if (shapes.has(name)) return shapes.get(name)
    const type = schema.getType(name)
    const shape = type && mayBe(schema, declared, type) ? objectShape(context, type, sets) : undefined
    shapes.set(name, shape)
    return shape
  }
  return (value, pass, depth) => {
    if (value === null || value === undefined) return null
    if (!isFields(value)) {
      fault(pass, depth, `Invalid value found for field ${field}: an object was expected.`)
      return null
    }
    const named = value['__typename']
    // An interface in place of its object's type is what a subgraph with @interfaceObject knows: the declared type is no worse.
    const shape = shapeOf(typeof named === 'string' && named !== '' ? named : declared.name)
    if (!shape) {
      fault(pass, depth, `Invalid __typename found for object at field ${field}.`)
      return null
    }
    const completed = shape(value, pass, depth)
    return completed === INVALID ? null : completed
  }
}

function mayBe(schema: GraphQLSchema, declared: GraphQLNamedType, type: GraphQLNamedType): boolean {
  if (type === declared) return true
  return isAbstractType(declared) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(declared, type)
}

function fault({ errors, path }: Pass, depth: number, message: string): void {
  errors.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code: 'INVALID_GRAPHQL' } }))
}
