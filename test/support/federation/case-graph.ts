// A small federated graph whose subgraphs all answer from one world of plain objects, and that world as one schema: the oracle.
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  parse,
} from 'graphql'
import { composeSupergraph } from '../../../gateway/compose.ts'
import type { ExecutorName } from '../../../gateway/execution/executor.ts'
import { type Gateway, openGateway } from '../../../gateway/gateway.ts'
import { localRequester } from '../../../gateway/requesters/local-requester.ts'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import { PROCESS } from '../../../schema/caller.ts'

/** A field that is computed: `read` gives other fields of the object, of which a subgraph knows only what it was told. */
export type Computed = (args: Readonly<Record<string, unknown>>, read: Read) => unknown
export type Read = (field: string, args?: Readonly<Record<string, unknown>>) => unknown

/** An object of the world: `__typename` and fields, each a value or computed. */
export interface WorldObject {
  readonly __typename: string
  readonly [field: string]: unknown
}

export interface Case {
  /** What it is about, as a sentence without its subject. */
  readonly name: string
  /** By subgraph: the SDL, without the link to the federation specification, which is put before it. */
  readonly subgraphs: Readonly<Record<string, string>>
  /** All entities, to be found by their keys. */
  readonly entities?: readonly WorldObject[]
  /** Fields of the query and the mutation type. */
  readonly roots: Readonly<Record<string, unknown>>
  readonly queries: readonly (string | readonly [query: string, variables: Readonly<Record<string, unknown>>])[]
  /** Version of the federation specification; default v2.9. '' : as federation 1. */
  readonly version?: string
}

const NAMES = [
  ...['@key', '@external', '@requires', '@provides', '@shareable', '@inaccessible', '@override', '@tag'],
  ...['@extends', '@interfaceObject', '@context', '@fromContext', '@composeDirective'],
]
const SINCE: Readonly<Record<string, number>> = { '@interfaceObject': 3, '@context': 8, '@fromContext': 8 }

function linked(sdl: string, version = 'v2.9'): string {
  if (version === '') return sdl
  const minor = Number(version.slice(3))
  const names = NAMES.filter((name) => (SINCE[name] ?? (name === '@composeDirective' ? 1 : 0)) <= minor)
  const imported = names.map((name) => JSON.stringify(name)).join(', ')
  return `extend schema @link(url: "https://specs.apollo.dev/federation/${version}", import: [${imported}])\n${sdl}`
}

export interface CaseGraph {
  readonly gateway: Gateway
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<FormattedExecutionResult>
  /** The answer of one schema of all. */
  oracle(query: string, variables?: Readonly<Record<string, unknown>>): Promise<FormattedExecutionResult>
  /** What subgraphs were asked, in order. */
  readonly asked: { readonly subgraph: string; readonly query: string }[]
}

export function caseSupergraph({ subgraphs, version }: Case): string {
  const services = Object.entries(subgraphs).map(([name, sdl]) => {
    return { name, url: `http://127.0.0.1:1/${name}`, sdl: linked(sdl, version) }
  })
  return composeSupergraph(services)
}

export async function openCase(one: Case, executor: ExecutorName = 'compiled'): Promise<CaseGraph> {
  const asked: CaseGraph['asked'] = []
  const gateway = await openGateway({
    supergraph: { sdl: caseSupergraph(one) },
    services: (name) => {
      const schema = subgraphOf(one, linked(one.subgraphs[name]!, one.version))
      return localRequester({
        async execute({ query, variables = {}, operationName }): Promise<FormattedExecutionResult> {
          asked.push({ subgraph: name, query })
          const given = { schema, document: parse(query), variableValues: variables, operationName }
          return plain(await execute({ ...given, rootValue: one.roots, fieldResolver: told, typeResolver: typeOf }))
        },
      })
    },
    ...{ bus: openMemoryBus(clock), clock, log: silentLog, metrics: createMetrics('test'), executor },
  })
  const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }
  return {
    gateway,
    asked,
    ask: async (query, variables = {}) => plain(await gateway.execute({ query, variables: { ...variables }, caller })),
    oracle: async (query, variables = {}) => {
      const given = { schema: gateway.schema, document: parse(query), variableValues: variables, rootValue: one.roots }
      return plain(await execute({ ...given, fieldResolver: told, typeResolver: typeOf }))
    },
  }
}

const plain = (result: ExecutionResult) => JSON.parse(JSON.stringify(result)) as FormattedExecutionResult

/** A subgraph that finds entities of the world by whatever it is told of them. */
function subgraphOf({ entities = [] }: Case, sdl: string): GraphQLSchema {
  const document = parse(sdl)
  const external = new Set<string>()
  for (const node of document.definitions) {
    if (!('fields' in node) || !('name' in node)) continue
    for (const field of node.fields ?? [])
      if (field.directives?.some(({ name }) => name.value === 'external'))
        external.add(`${node.name?.value}.${field.name.value}`)
  }
  const resolvers: Record<string, Record<string, unknown>> = {}
  for (const node of document.definitions) {
    const kinds: readonly string[] = [
      ...[Kind.OBJECT_TYPE_DEFINITION, Kind.OBJECT_TYPE_EXTENSION],
      ...[Kind.INTERFACE_TYPE_DEFINITION, Kind.INTERFACE_TYPE_EXTENSION],
    ]
    if (!kinds.includes(node.kind) || !('directives' in node) || !('name' in node)) continue
    if (!node.directives?.some(({ name }) => name.value === 'key')) continue
    const type = node.name!.value
    resolvers[type] = {
      __resolveReference(reference: WorldObject, _: unknown, { schema }: GraphQLResolveInfo) {
        const found = entities.find(
          (entity) => isOfType(schema, entity, type) && matches(entity, reference, external, type),
        )
        if (!found) return null
        const isExternal = ([field]: [string, unknown]) => external.has(`${type}.${field}`)
        const own = Object.entries(found).filter((entry) => !isExternal(entry))
        // What others have of it is known only where it was told.
        return Object.fromEntries([...own, ...Object.entries(reference).filter(isExternal)])
      },
    }
  }
  return buildSubgraphSchema({ typeDefs: document, resolvers: resolvers as never })
}

/** A subgraph that knows an interface as an object finds objects of any type by it. */
function isOfType(schema: GraphQLSchema, { __typename }: WorldObject, type: string): boolean {
  const wanted = schema.getType(type)
  if (__typename === type) return true
  if (!isAbstractType(wanted)) return !schema.getType(__typename)
  return schema.getPossibleTypes(wanted).some(({ name }) => name === __typename)
}

/** Whether an entity has what a reference says of it, required fields aside. */
function matches(entity: WorldObject, reference: object, external: ReadonlySet<string>, type: string): boolean {
  const fields = Object.entries(reference).filter(([name]) => name !== '__typename')
  const keys = fields.filter(([name]) => !external.has(`${type}.${name}`))
  return (keys.length > 0 ? keys : fields).every(([name, value]) => value !== null && contains(entity[name], value))
}

function contains(value: unknown, part: unknown): boolean {
  if (Array.isArray(part))
    return Array.isArray(value) && part.length === value.length && part.every((one, i) => contains(value[i], one))
  if (typeof part !== 'object' || part === null) return String(value) === String(part)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(part).every(
    ([name, one]) => name === '__typename' || contains((value as Record<string, unknown>)[name], one),
  )
}

const told: GraphQLFieldResolver<unknown, unknown> = (source, args, _, { fieldName }) =>
  fieldOf(source, fieldName, args)

function fieldOf(source: unknown, field: string, args: Readonly<Record<string, unknown>>): unknown {
  const value = (source as Record<string, unknown> | undefined)?.[field]
  if (typeof value !== 'function') return value
  return (value as Computed)(args, (other, given = {}) => fieldOf(source, other, given))
}

const typeOf = (value: unknown) => (value as WorldObject).__typename
