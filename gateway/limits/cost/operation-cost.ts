// What an operation may cost at most: points after the rules of demand control, and seconds of computing that it states.
import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Prepared } from '../../documents.ts'
import { wireError } from '../../errors.ts'
import { fragmentsOf } from '../fragments.ts'
import type { Dispatch, ListSize, Weights } from './weights.ts'

export interface Cost {
  readonly points: number
  /** Seconds of one thread of the fleet. */
  readonly computeSeconds: number
}

type Variables = Readonly<Record<string, unknown>>
type Evaluate = (variables: Variables) => Cost
/** @param length of its list, where the field around it says so */
type Term = (variables: Variables, length: number | undefined) => Cost
interface Sized {
  readonly key: string
  readonly term: Term
  readonly included: (variables: Variables) => boolean
}

const NOTHING: Cost = { points: 0, computeSeconds: 0 }
/** Of each field of a mutation, on top of what it gives. */
const MUTATION = 10

export interface CostRules {
  readonly schema: GraphQLSchema
  readonly weights: Weights
  /** Of a list of which nothing is said. */
  readonly listSize: number
}

/**
 * The cost of one operation as a function of its variables: IBM's cost specification as Apollo's demand control reads it
 * (objects 1, leaves 0, mutations 10 more, times the lengths of lists). An upper bound, but for lists that are longer than assumed:
 * fields of fragments on different types and fields asked for twice are all counted. Introspection costs nothing: it has limits of its own.
 *
 * The function throws BAD_INPUT where a list wants exactly one of its slicing arguments.
 */
export function costOf(rules: CostRules, { document, operation }: Prepared): Evaluate {
  const fragments = fragmentsOf(document)
  const root = rules.schema.getRootType(operation.operation)!
  const own = operation.operation === 'mutation' ? MUTATION : 0
  const terms = termsOf(rules, fragments, root, operation.selectionSet, own)
  return (variables) => sumOf(terms, variables, () => undefined)
}

function sumOf(terms: readonly Sized[], variables: Variables, lengthOf: (key: string) => number | undefined): Cost {
  let points = 0
  let computeSeconds = 0
  for (const { key, term, included } of terms) {
    if (!included(variables)) continue
    const cost = term(variables, lengthOf(key))
    points += cost.points
    computeSeconds += cost.computeSeconds
  }
  return { points, computeSeconds }
}

function termsOf(
  rules: CostRules,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  parent: GraphQLNamedType,
  { selections }: SelectionSetNode,
  extra = 0,
): Sized[] {
  return selections.flatMap((node): Sized[] => {
    const included = inclusion(node.directives)
    if (node.kind === Kind.FIELD) {
      const term = termOf(rules, fragments, parent, node, extra)
      return term ? [{ key: node.name.value, term, included }] : []
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
    const type = fragment.typeCondition ? rules.schema.getType(fragment.typeCondition.name.value)! : parent
    return termsOf(rules, fragments, type, fragment.selectionSet, extra).map((one) => ({
      ...one,
      included: (variables) => included(variables) && one.included(variables),
    }))
  })
}

function termOf(
  rules: CostRules,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  parent: GraphQLNamedType,
  node: FieldNode,
  extra: number,
): Term | undefined {
  const definition =
    'getFields' in parent ? (parent.getFields()[node.name.value] as GraphQLField<unknown, unknown>) : undefined
  // __typename, __schema and __type.
  if (!definition) return undefined
  const { fields, types } = rules.weights
  const weights = fields.get(`${parent.name}.${node.name.value}`)
  const type = getNamedType(definition.type)
  const weight = weights?.weight ?? types.get(type.name) ?? (isCompositeType(type) ? 1 : 0)
  const within = node.selectionSet ? termsOf(rules, fragments, type, node.selectionSet) : []
  const listed = isListType(getNullableType(definition.type))
  const { listSize, dispatch } = weights ?? {}
  const fixed = extra + fixedArguments(rules, definition, node, weights?.args)
  // Most fields: nothing hangs on the values of arguments.
  if (!listSize && !dispatch) {
    return (variables, length) => {
      const each = within.length > 0 ? sumOf(within, variables, () => undefined) : NOTHING
      const times = listed ? (length ?? rules.listSize) : 1
      return { points: fixed + times * (weight + each.points), computeSeconds: times * each.computeSeconds }
    }
  }
  const sized = new Set(listSize?.sizedFields)
  return (variables, length) => {
    const given = getArgumentValues(definition, node, variables as Record<string, unknown>)
    const said = listSize && lengthSaid(listSize, given, node.name.value)
    const each = sumOf(within, variables, (key) => (sized.has(key) ? said : undefined))
    const times = listed ? (length ?? (sized.size > 0 ? undefined : said) ?? rules.listSize) : 1
    const seconds = dispatch ? secondsOf(dispatch, given) : 0
    return { points: fixed + times * (weight + each.points), computeSeconds: times * (seconds + each.computeSeconds) }
  }
}

/** What the arguments given weigh: what @cost says of each, and 1 for an input object of which it says nothing. */
function fixedArguments(
  { weights }: CostRules,
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  own: ReadonlyMap<string, number> | undefined,
): number {
  let sum = 0
  for (const { name } of node.arguments ?? []) {
    const argument = definition.args.find((one) => one.name === name.value)
    const type = argument && getNamedType(argument.type)
    sum += own?.get(name.value) ?? (type ? (weights.types.get(type.name) ?? (isInputObjectType(type) ? 1 : 0)) : 0)
  }
  return sum
}

/** The largest of the slicing arguments given, else the size assumed. */
function lengthSaid(rule: ListSize, given: Variables, field: string): number | undefined {
  const values = rule.slicingArguments.map((path) => valueAt(given, path)).filter((value) => value != null)
  if (rule.requireOneSlicingArgument && rule.slicingArguments.length > 0 && values.length !== 1) {
    const names = rule.slicingArguments.join(', ')
    throw wireError('BAD_INPUT', `${field} takes exactly one of ${names}, and has ${values.length}`, {
      path: rule.slicingArguments[0],
      suggestion: `give one of ${names}: it says how long the list is`,
    })
  }
  const lengths = values.map(factorOf).filter((value) => value !== undefined)
  return lengths.length > 0 ? Math.max(...lengths) : rule.assumedSize
}

const secondsOf = ({ seconds, per }: Dispatch, given: Variables): number =>
  per.reduce((product, path) => product * (factorOf(valueAt(given, path)) ?? 1), seconds)

/** A number by its value, a list by its length, nothing below 0; what is neither says nothing. */
function factorOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return Math.max(1, value.length)
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : undefined
}

function valueAt(given: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Variables)[key]
      : undefined
  }, given)
}

/** Whether @skip and @include let a selection in; unknown values do. */
function inclusion(directives: readonly DirectiveNode[] | undefined): (variables: Variables) => boolean {
  const conditions = (directives ?? []).flatMap(({ name, arguments: args }) => {
    const value = args?.find((one) => one.name.value === 'if')?.value
    return value && (name.value === 'skip' || name.value === 'include')
      ? [{ wanted: name.value === 'include', value }]
      : []
  })
  if (conditions.length === 0) return always
  return (variables) =>
    conditions.every(({ wanted, value }) => {
      const chosen =
        value.kind === Kind.VARIABLE ? variables[value.name.value] : value.kind === Kind.BOOLEAN && value.value
      return typeof chosen !== 'boolean' || chosen === wanted
    })
}

const always = () => true
