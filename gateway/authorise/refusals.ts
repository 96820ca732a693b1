// What a narrowed operation leaves out, by where it would stand in the answer: the errors that say so, and where nulls belong.
import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Prepared } from '../documents.ts'
import { fragmentsOf, type Missing, PLACEHOLDER, responseKey } from './narrow.ts'
import type { Requirement } from './requirement.ts'

/** A field that was left out. */
export interface Refusal {
  /** Response keys from the root; of members of a list without their places. */
  readonly path: readonly string[]
  /** Type and name, such as Query.fleet. */
  readonly place: string
  readonly missing: readonly Requirement[]
  /** The field is asked for only where all of these hold. */
  readonly conditions: readonly Condition[]
  /** Its null would make the whole answer null. */
  readonly fatal: boolean
}

/** A variable of @skip or @include, and the value that lets the field be. */
interface Condition {
  readonly variable: string
  readonly value: boolean
}

/** Where in an object, and in what lies below it, something was left out. */
export interface Mask {
  /** By the placeholder's key. */
  readonly refused: ReadonlyMap<string, { readonly key: string; readonly nonNull: boolean }>
  readonly children: ReadonlyMap<string, { readonly type: GraphQLOutputType; readonly mask: Mask }>
}

export interface Refused {
  readonly refusals: readonly Refusal[]
  readonly mask: Mask
}

/** A selection set where it stands. */
interface Place {
  readonly parent: GraphQLCompositeType
  readonly selectionSet: SelectionSetNode
  readonly conditions: readonly Condition[]
  /** An object that is there has these fields for sure. */
  readonly certain: boolean
}

interface Entry extends Omit<Place, 'selectionSet'> {
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
}

/** Reads it from the operation as it came. */
export function refusalsOf(schema: GraphQLSchema, { document, operation }: Prepared, missing: Missing): Refused {
  const fragments = fragmentsOf(document)
  const refusals: Refusal[] = []

  /** @param fatal a null here would make the whole answer null */
  function maskOf(places: readonly Place[], path: readonly string[], fatal: boolean): Mask {
    const byKey = new Map<string, Entry[]>()
    for (const place of places) collect(schema, fragments, place, byKey)
    const refused = new Map<string, { key: string; nonNull: boolean }>()
    const children = new Map<string, { type: GraphQLOutputType; mask: Mask }>()
    for (const [key, entries] of byKey) {
      const here = [...path, key]
      const below: Place[] = []
      let fatalBelow = false
      for (const { node, field, parent, conditions, certain } of entries) {
        const lacks = missing(parent, field)
        const nonNull = isNonNullType(field.type)
        const deadly = fatal && certain && nonNull
        if (lacks.length > 0) {
          refused.set(`${PLACEHOLDER}${key}`, { key, nonNull })
          const place = `${parent.name}.${field.name}`
          refusals.push({ path: here, place, missing: lacks, conditions, fatal: deadly })
          continue
        }
        const type = getNamedType(field.type)
        if (!node.selectionSet || !isCompositeType(type)) continue
        below.push({ parent: type, selectionSet: node.selectionSet, conditions, certain: isObjectType(type) })
        // An empty list has no member that could be null.
        fatalBelow ||= deadly && !isListType(getNullableType(field.type))
      }
      if (below.length === 0) continue
      const mask = maskOf(below, here, fatalBelow)
      if (mask.refused.size > 0 || mask.children.size > 0) children.set(key, { type: entries[0]!.field.type, mask })
    }
    return { refused, children }
  }

  const parent = schema.getRootType(operation.operation)!
  const root: Place = { parent, selectionSet: operation.selectionSet, conditions: [], certain: true }
  const mask = maskOf([root], [], true)
  return { refusals, mask }
}

/** The fields of a selection set and of the fragments in it, by response key. */
function collect(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  place: Place,
  into: Map<string, Entry[]>,
): void {
  const { parent, certain } = place
  for (const node of place.selectionSet.selections) {
    const own = conditionsOf(node.directives)
    if (own === 'never') continue
    const conditions = [...place.conditions, ...own]
    if (node.kind === Kind.FIELD) {
      const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined
      if (!field) continue
      const key = responseKey(node)
      into.set(key, [...(into.get(key) ?? []), { node, field, parent, conditions, certain }])
      continue
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
    if (!fragment) continue
    const named = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
    const type = isCompositeType(named) ? named : parent
    const sure = type === parent || (isAbstractType(type) && isObjectType(parent) && schema.isSubType(type, parent))
    collect(
      schema,
      fragments,
      { parent: type, selectionSet: fragment.selectionSet, conditions, certain: certain && sure },
      into,
    )
  }
}

/** Of @skip and @include; `never` where a literal decides that. */
function conditionsOf(directives: readonly DirectiveNode[] = []): readonly Condition[] | 'never' {
  const conditions: Condition[] = []
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue
    const wanted = name.value === 'include'
    const value = given?.find((one) => one.name.value === 'if')?.value
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return 'never'
    if (value?.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, value: wanted })
  }
  return conditions
}

/** Puts a null where each field was left out, and further up where a field cannot be null; what is given stays as it is. */
export function withNulls(data: unknown, mask: Mask): unknown {
  return inObject(data, mask)
}

function inValue(value: unknown, type: GraphQLOutputType, mask: Mask): unknown {
  if (value === null || value === undefined) return value
  if (isNonNullType(type)) return inValue(value, type.ofType, mask)
  if (!isListType(type)) return inObject(value, mask)
  const given = value as readonly unknown[]
  const members = given.map((member) => inValue(member, type.ofType, mask))
  const emptied = members.some((member, i) => member === null && given[i] !== null)
  return emptied && isNonNullType(type.ofType) ? null : members
}

function inObject(value: unknown, { refused, children }: Mask): unknown {
  if (typeof value !== 'object' || value === null) return value
  const answer: Record<string, unknown> = Object.create(null)
  for (const [key, member] of Object.entries(value)) {
    const left = refused.get(key)
    if (left?.nonNull) return null
    const child = children.get(key)
    const settled = child ? inValue(member, child.type, child.mask) : member
    if (settled === null && member !== null && isNonNullType(child?.type)) return null
    if (left) answer[left.key] = null
    else answer[key] = settled
  }
  return answer
}
