// A random world as subgraphs and as one schema: SDL and resolvers of both from the same fields and values.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { buildSchema, GraphQLObjectType, type GraphQLSchema, parse } from 'graphql'
import type { KeyName, World, WorldEntity, WorldField } from './random-world.ts'
import { codeOf, computedFrom, fieldValue, idOf, refOf } from './world-values.ts'

type Resolver = (parent: Parent, args: { x?: number; id?: string }) => unknown
interface Parent {
  readonly id: string
  readonly [member: string]: unknown
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject"])`
const VALUE = 'type Value @shareable { number: Int text: String! tags: [String!]! }'
const PLAIN_VALUE = VALUE.replace(' @shareable', '')
const COLOR = 'enum Color { RED GREEN BLUE }'
const KEY_FIELDS: Record<KeyName, string> = { id: 'id: ID!', code: 'code: String!', ref: 'ref: Ref!' }
const KEY_SETS: Record<KeyName, string> = { id: 'id', code: 'code', ref: 'ref { id }' }

const argument = ({ argument: takes }: WorldField) => (takes ? '(x: Int = 3)' : '')
const place = (entity: string, id: string, { name, argument: takes }: WorldField, x: number | undefined) =>
  `${entity}.${id}.${name}${takes ? `(${x ?? 3})` : ''}`

/** Entities that a subgraph knows. */
const knownTo = ({ entities }: World, s: number) => entities.filter(({ keys }) => keys.has(s))
const namedType = (type: string) => type.replace(/[[\]!]/g, '')

export function subgraphSdl(world: World, s: number): string {
  const known = knownTo(world, s)
  const isObject = world.interfaceObject === s
  const types = known.map((entity) => entitySdl(world, entity, s))
  const roots = known.map(({ name }) => `get${name}from${s}(id: ID!): ${name} all${name}from${s}: [${name}!]!`)
  if (s === 0) roots.push('nodes: [Node!]')
  if (s === 1) roots.push('anything: [Anything]')
  if (isObject) roots.push('objects: [Node]')
  return [
    LINK,
    VALUE,
    COLOR,
    known.some(({ keys }) => keys.get(s)!.includes('ref')) ? 'type Ref @shareable { id: ID! }' : '',
    s === 0
      ? `interface Node${world.interfaceObject === undefined ? '' : ' @key(fields: "id")'} { id: ID! label: String }`
      : '',
    s === 1 ? `union Anything = ${world.entities.map(({ name }) => name).join(' | ')}` : '',
    isObject ? 'type Node @interfaceObject @key(fields: "id") { id: ID! extra: Int }' : '',
    ...types,
    `type Query { ${roots.join(' ')} }`,
  ].join('\n')
}

function entitySdl(world: World, entity: WorldEntity, s: number): string {
  const keys = entity.keys.get(s)!
  const lines = keys.map((key) => KEY_FIELDS[key])
  const external = new Map<string, WorldField>()
  const given = providers(world, entity)
  const fieldNamed = (of: WorldEntity, name: string) => of.fields.find((f) => f.name === name)!
  for (const field of entity.fields) {
    if (!field.owners.includes(s)) continue
    const { name, type, owners, requires, provides } = field
    const marks = [
      owners.length > 1 || given.some(({ field: { name: other } }) => other === name) ? '@shareable' : '',
      requires ? `@requires(fields: "${requires.field}${requires.x === null ? '' : `(x: ${requires.x})`}")` : '',
      provides ? `@provides(fields: "${provides}")` : '',
    ]
    lines.push(`${name}${argument(field)}: ${type} ${marks.join(' ')}`)
    if (requires) external.set(requires.field, fieldNamed(entity, requires.field))
  }
  for (const { owner, field } of given) if (owner === s) external.set(field.name, field)
  for (const field of external.values()) lines.push(`${field.name}${argument(field)}: ${field.type} @external`)
  const node = entity.isNode && s === 0 ? ' implements Node' : ''
  const sets = keys.map((key) => `@key(fields: "${KEY_SETS[key]}")`).join(' ')
  return `type ${entity.name}${node} ${sets} {\n  ${lines.join('\n  ')}\n}`
}

/** Fields of an entity that are given along by a field that leads to it. */
function providers(world: World, entity: WorldEntity) {
  return world.entities.flatMap(({ fields }) =>
    fields
      .filter(({ type, provides }) => provides !== undefined && namedType(type) === entity.name)
      .map(({ owners, provides }) => ({
        owner: owners[0]!,
        field: entity.fields.find(({ name }) => name === provides)!,
      })),
  )
}

export function subgraphSchema(world: World, s: number): GraphQLSchema {
  const resolvers: Record<string, Record<string, unknown>> = { Query: rootsOf(world, s), Value: valueResolvers(world) }
  for (const entity of knownTo(world, s)) {
    const own: Record<string, unknown> = {
      __resolveReference: (key: Parent) => ({ ...key, __typename: entity.name, id: idOf(key) }),
      ...keyResolvers,
    }
    for (const field of entity.fields) own[field.name] = fieldResolver(world, entity, field)
    resolvers[entity.name] = own
  }
  const typeOf = ({ __typename }: { __typename: string }) => __typename
  const ofId = (key: Parent) => ({ ...key, __typename: key.id.split(':')[0] })
  if (s === 0) resolvers['Node'] = { __resolveType: typeOf, __resolveReference: ofId }
  if (s === 1) resolvers['Anything'] = { __resolveType: typeOf }
  if (world.interfaceObject === s)
    resolvers['Node'] = { __resolveReference: (key: Parent) => ({ id: key.id }), extra: extra(world) }
  return buildSubgraphSchema({ typeDefs: parse(subgraphSdl(world, s)), resolvers: resolvers as never })
}

const keyResolvers = { code: ({ id }: Parent) => codeOf(id), ref: ({ id }: Parent) => refOf(id) }
const extra =
  (world: World) =>
  ({ id }: Parent) =>
    fieldValue(world, `Node.${id}.extra`, 'Int')

/** What a representation brought along counts; of other objects it is computed. */
function fieldResolver(world: World, entity: WorldEntity, field: WorldField): Resolver {
  const { requires, name, type } = field
  if (requires) {
    const source = entity.fields.find((f) => f.name === requires.field)!
    return (parent) =>
      computedFrom(
        requires.field in parent ? parent[requires.field] : sourceOf(world, entity, source, parent, requires.x),
      )
  }
  return (parent, { x }) =>
    name in parent ? parent[name] : fieldValue(world, place(entity.name, parent.id, field, x), type)
}

function sourceOf(world: World, entity: WorldEntity, field: WorldField, { id }: Parent, x: number | null): unknown {
  try {
    return fieldValue(world, place(entity.name, id, field, x ?? undefined), field.type)
  } catch {
    return null
  }
}

function valueResolvers(world: World): Record<string, (value: { seed: string }) => unknown> {
  const read = (name: string, type: string) => (value: { seed: string }) =>
    fieldValue(world, `Value.${value.seed}.${name}`, type)
  return { number: read('number', 'Int'), text: read('text', 'String!'), tags: read('tags', '[String!]!') }
}

function rootsOf(world: World, s: number): Record<string, unknown> {
  const roots: Record<string, unknown> = {}
  for (const { name } of knownTo(world, s)) {
    roots[`get${name}from${s}`] = (_: unknown, { id }: { id: string }) =>
      id.startsWith(`${name}:`) ? { __typename: name, id } : null
    roots[`all${name}from${s}`] = () => [0, 1, 2].map((i) => ({ __typename: name, id: `${name}:${i}` }))
  }
  const nodes = world.entities.filter(({ isNode }) => isNode).map(({ name }) => ({ __typename: name, id: `${name}:1` }))
  if (s === 0) roots['nodes'] = () => nodes
  if (s === 1)
    roots['anything'] = () => [...world.entities.map(({ name }) => ({ __typename: name, id: `${name}:2` })), null]
  if (world.interfaceObject === s) roots['objects'] = () => nodes.map(({ id }) => ({ id }))
  return roots
}

/** The same world in one schema without federation: what every gateway must answer. */
export function mergedSchema(world: World): GraphQLSchema {
  const extended = world.interfaceObject !== undefined
  const everywhere = Array.from({ length: world.subgraphs }, (_, s) => s)
  const types = world.entities.map((entity) => {
    const keys = [...new Set([...entity.keys.values()].flat())]
    const lines = [
      ...keys.map((key) => KEY_FIELDS[key]),
      ...entity.fields.map((f) => `${f.name}${argument(f)}: ${f.type}`),
    ]
    if (entity.isNode && extended) lines.push('extra: Int')
    return `type ${entity.name}${entity.isNode ? ' implements Node' : ''} {\n  ${lines.join('\n  ')}\n}`
  })
  const roots = everywhere.flatMap((s) => [
    ...knownTo(world, s).map(({ name }) => `get${name}from${s}(id: ID!): ${name} all${name}from${s}: [${name}!]!`),
  ])
  roots.push('nodes: [Node!]', 'anything: [Anything]', ...(extended ? ['objects: [Node]'] : []))
  const schema = buildSchema(
    [
      PLAIN_VALUE,
      COLOR,
      'type Ref { id: ID! }',
      `interface Node { id: ID! label: String ${extended ? 'extra: Int' : ''} }`,
      `union Anything = ${world.entities.map(({ name }) => name).join(' | ')}`,
      ...types,
      `type Query { ${roots.join(' ')} }`,
    ].join('\n'),
  )
  const resolvers: Record<string, Record<string, unknown>> = {
    Query: Object.assign({}, ...everywhere.map((s) => rootsOf(world, s))),
    Value: valueResolvers(world),
  }
  for (const entity of world.entities) {
    const own: Record<string, unknown> = {
      ...keyResolvers,
      ...(entity.isNode && extended ? { extra: extra(world) } : {}),
    }
    for (const field of entity.fields) own[field.name] = fieldResolver(world, entity, field)
    resolvers[entity.name] = own
  }
  // Objects of the interface know their type by their id.
  const typed = (value: { __typename?: string; id: string }) => value.__typename ?? value.id.split(':')[0]!
  for (const [name, own] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (!(type instanceof GraphQLObjectType)) continue
    for (const [field, resolve] of Object.entries(own)) {
      const definition = type.getFields()[field]
      if (definition) definition.resolve = resolve as never
    }
  }
  for (const name of ['Node', 'Anything']) (schema.getType(name) as { resolveType?: unknown }).resolveType = typed
  return schema
}
