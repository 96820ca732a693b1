// An event as a subgraph: answers the first fetch of a subscription with what the event carries, and the rest from who owns it.
import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import {
  type FormattedExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { wireError } from '../errors.ts'
import type { EventSource } from './event-source.ts'
import type { OwnedKey } from './owned-keys.ts'

type Fields = Record<string, unknown>
type Payload = Readonly<Fields>

/** The name that a plan has for the events of a subgraph; no subgraph's name has a colon. */
export const eventServiceOf = (service: string) => `event:${service}`

/** What the executor hands on to it. */
interface EventContext {
  /** The fields of the object that an event carries. */
  readonly root?: Payload
}

/** The first fetch of a plan, read once. */
interface Fetch {
  readonly operation: OperationDefinitionNode
  readonly responseKey: string
  readonly source: EventSource
  /** The declared type of what is watched. */
  readonly type: string
  readonly selections: readonly SelectionNode[]
  /** Text of the query for what events lack, by which of the selections that is. */
  readonly missing: Map<string, string>
}

const MAX_FETCHES = 500

/** Stands for a value that the event does not carry, or not whole. */
const LACKING = Symbol('lacking')

export function eventDataSource(
  schema: GraphQLSchema,
  sources: ReadonlyMap<string, EventSource>,
  owner: GraphQLDataSource,
): GraphQLDataSource {
  const fetches = new LRUCache<string, Fetch>({ max: MAX_FETCHES })

  function fetchOf(query: string): Fetch {
    const known = fetches.get(query)
    if (known) return known
    const fetch = readFetch(query, schema, sources)
    fetches.set(query, fetch)
    return fetch
  }

  async function process(options: GraphQLDataSourceProcessOptions): Promise<FormattedExecutionResult> {
    const { request, context } = options
    const fetch = fetchOf(request.query ?? '')
    const { responseKey, source } = fetch
    const payload = (context as unknown as EventContext).root ?? {}
    const type = typeOf(schema, payload, fetch.type)
    const object: Fields = {}
    const lacking = fetch.selections.filter((selection) => !carry(schema, type, selection, payload, object))
    if (lacking.length === 0) return { data: { [responseKey]: object } }
    const representation = representationOf(source.keys, type, payload)
    if (!representation) {
      const error = wireError('INTERNAL', 'an event lacks fields and the key to read them by', {}, [responseKey])
      return { data: { [responseKey]: object }, errors: [error.toJSON()] }
    }
    const query = missingQuery(fetch, lacking, type)
    const variables = { ...request.variables, representations: [representation] }
    const answer = (await owner.process({ ...options, request: { query, variables } })) as FormattedExecutionResult
    const { data, errors } = answer as { data?: { _entities?: Fields[] } | null } & FormattedExecutionResult
    const [entity] = data?._entities ?? []
    return {
      data: { [responseKey]: entity === undefined || entity === null ? null : Object.assign(object, entity) },
      ...(errors
        ? { errors: errors.map((error) => ({ ...error, path: [responseKey, ...(error.path?.slice(2) ?? [])] })) }
        : {}),
    }
  }
  return { process: process as GraphQLDataSource['process'] }
}

function readFetch(query: string, schema: GraphQLSchema, sources: ReadonlyMap<string, EventSource>): Fetch {
  const document = parse(query, { noLocation: true })
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const field = operation.selectionSet.selections.find((node) => node.kind === Kind.FIELD)!
  const source = sources.get(field.name.value)!
  const type = getNamedType(schema.getSubscriptionType()!.getFields()[source.field]!.type)
  return {
    operation,
    source,
    responseKey: field.alias?.value ?? field.name.value,
    type: type.name,
    selections: withoutSpreads(field.selectionSet, fragments).selections,
    missing: new Map(),
  }
}

/** Named fragments written out where they are spread. */
function withoutSpreads(
  selectionSet: SelectionSetNode | undefined,
  fragments: readonly FragmentDefinitionNode[],
): SelectionSetNode {
  return visit(selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] }, {
    FragmentSpread: (node) => {
      const { typeCondition, selectionSet: inner } = fragments.find(({ name }) => name.value === node.name.value)!
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: withoutSpreads(inner, fragments) }
    },
  })
}

/** Takes a selection over from what the event carries; false, and nothing of it taken, where that lacks any of it. */
function carry(schema: GraphQLSchema, type: string, selection: SelectionNode, from: Payload, to: Fields): boolean {
  if (selection.kind === Kind.FRAGMENT_SPREAD) return false
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    const condition = selection.typeCondition?.name.value
    if (condition !== undefined && !applies(schema, condition, type)) return true
    const taken: Fields = {}
    if (!selection.selectionSet.selections.every((inner) => carry(schema, type, inner, from, taken))) return false
    Object.assign(to, taken)
    return true
  }
  const name = selection.name.value
  const key = selection.alias?.value ?? name
  if (name === '__typename') {
    to[key] = type
    return true
  }
  const value = (selection.arguments?.length ?? 0) > 0 || !Object.hasOwn(from, name) ? undefined : from[name]
  const inner = selection.selectionSet && innerType(schema, type, name)
  const taken =
    value === undefined
      ? LACKING
      : selection.selectionSet
        ? carried(schema, inner, selection.selectionSet, value)
        : value
  if (taken === LACKING) return false
  to[key] = taken
  return true
}

/** An object, or a list of them, as selected; LACKING where any of it is. */
function carried(schema: GraphQLSchema, declared: string | undefined, set: SelectionSetNode, value: unknown): unknown {
  if (value === null) return null
  if (Array.isArray(value)) {
    const members = value.map((member) => carried(schema, declared, set, member))
    return members.includes(LACKING) ? LACKING : members
  }
  if (typeof value !== 'object' || declared === undefined) return LACKING
  const type = typeOf(schema, value as Payload, declared)
  const object: Fields = {}
  return set.selections.every((inner) => carry(schema, type, inner, value as Payload, object)) ? object : LACKING
}

const typeOf = (schema: GraphQLSchema, { __typename: named }: Payload, declared: string): string =>
  typeof named === 'string' && isObjectType(schema.getType(named)) ? named : declared

function innerType(schema: GraphQLSchema, type: string, field: string): string | undefined {
  const parent = schema.getType(type)
  const definition = isObjectType(parent) ? parent.getFields()[field] : undefined
  return definition && getNamedType(definition.type).name
}

function applies(schema: GraphQLSchema, condition: string, type: string): boolean {
  if (condition === type) return true
  const [wanted, has] = [schema.getType(condition), schema.getType(type)]
  return isAbstractType(wanted) && isObjectType(has) && schema.isSubType(wanted, has)
}

/** The object by the first key of which the event carries all fields. */
function representationOf(keys: readonly OwnedKey[], type: string, payload: Payload): Fields | undefined {
  for (const key of keys) {
    const representation: Fields = { __typename: type }
    const whole = key.selections.every((selection) => {
      const name = selection.kind === Kind.FIELD ? selection.name.value : ''
      representation[name] = payload[name]
      return payload[name] !== undefined && payload[name] !== null
    })
    if (whole) return representation
  }
  return undefined
}

function missingQuery(
  { operation, selections, missing }: Fetch,
  lacking: readonly SelectionNode[],
  type: string,
): string {
  const which = `${type}:${lacking.map((selection) => selections.indexOf(selection)).join()}`
  const known = missing.get(which)
  if (known !== undefined) return known
  const used = new Set<string>()
  for (const selection of lacking)
    visit(selection, {
      Variable: (node) => {
        used.add(node.name.value)
      },
    })
  const [template] = parse(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { __typename } } }`,
    { noLocation: true },
  ).definitions as [OperationDefinitionNode]
  const query = print({
    ...template,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: [
      ...template.variableDefinitions!,
      ...(operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
    ],
    selectionSet: visit(template.selectionSet, {
      InlineFragment: (node) => ({ ...node, selectionSet: { ...node.selectionSet, selections: lacking } }),
    }),
  })
  missing.set(which, query)
  return query
}
