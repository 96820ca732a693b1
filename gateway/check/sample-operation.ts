// An operation that asks for one field, by the shortest way to it from the root.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

type Step = { readonly type: GraphQLObjectType; readonly text: (inner: string) => string }

/** Ways that are longer are no samples. */
const MAX_DEPTH = 8

/** The text of a query, or of a mutation; undefined where no way leads to the field. */
export function sampleOperation(schema: GraphQLSchema, type: string, field: string): string | undefined {
  const target = schema.getType(type)
  const wanted = isObjectType(target) ? target.getFields()[field] : undefined
  if (!wanted) return undefined
  const end = `${called(wanted)}${leaves(wanted.type)}`
  if (type === schema.getMutationType()?.name) return `mutation { ${end} }`
  if (type === schema.getSubscriptionType()?.name) return undefined
  const way = wayTo(schema, type)
  return way && `{ ${way(end)} }`
}

/** Breadth first, so that the first way found is a shortest one. */
function wayTo(schema: GraphQLSchema, type: string): ((inner: string) => string) | undefined {
  const root = schema.getQueryType()
  if (!root) return undefined
  const known = new Set([root.name])
  let edge: Step[] = [{ type: root, text: (inner) => inner }]
  for (let depth = 0; depth < MAX_DEPTH && edge.length > 0; depth++) {
    const here = edge.find((step) => step.type.name === type)
    if (here) return here.text
    edge = edge.flatMap(({ type: from, text }) =>
      Object.values(from.getFields()).flatMap((field) => {
        const to = getNamedType(field.type)
        const types = isObjectType(to) ? [to] : isAbstractType(to) ? schema.getPossibleTypes(to) : []
        return types.flatMap((one): Step[] => {
          if (known.has(one.name)) return []
          known.add(one.name)
          const within = (inner: string) => (one === to ? inner : `... on ${one.name} { ${inner} }`)
          return [{ type: one, text: (inner) => text(`${called(field)} { ${within(inner)} }`) }]
        })
      }),
    )
  }
  return undefined
}

/** A field with a value for each argument that it must have, and one for `first`, so that little is asked for. */
function called({ name, args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter((one) => isRequiredArgument(one) || one.name === 'first')
  return given.length === 0 ? name : `${name}(${given.map((one) => `${one.name}: ${sampleOf(one)}`).join(', ')})`
}

const sampleOf = ({ type }: GraphQLArgument) => sampleValue(type, 0)

function sampleValue(type: GraphQLInputType, depth: number): string {
  if (isNonNullType(type)) return sampleValue(type.ofType, depth)
  if (isListType(type)) return depth > MAX_DEPTH ? '[]' : `[${sampleValue(type.ofType, depth + 1)}]`
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField)
    return `{ ${fields.map((field) => `${field.name}: ${sampleValue(field.type, depth + 1)}`).join(', ')} }`
  }
  return { Int: '1', Float: '1', Boolean: 'true' }[type.name] ?? '"sample"'
}

/** What is asked of the field itself: all that is no object, and needs no arguments. */
function leaves(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (!isObjectType(named)) return ' { __typename }'
  const names = Object.values(named.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .map((field) => field.name)
  return ` { ${names.length > 0 ? names.join(' ') : '__typename'} }`
}
