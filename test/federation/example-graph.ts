// A small federated graph for tests of the gateway: three subgraphs over plain maps, joined by keys and @requires.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type FormattedExecutionResult, GraphQLScalarType, parse, validate } from 'graphql'
import { composeSupergraph, type SubgraphSdl } from '../../gateway/compose.ts'
import { type LocalSubgraph, localRequester } from '../../gateway/requesters/local-requester.ts'
import type { SubgraphRequester } from '../../gateway/requesters/requester.ts'
import { silentLog } from '../../infra/log.ts'
import type { Caller } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { formatSubgraphError } from '../../subgraphs/shared/errors.ts'

interface ExampleRun {
  readonly id: string
  readonly status: string
  readonly shardsDone: number
  readonly note?: string
}

/** What the three subgraphs know; a test changes it as it goes. */
export interface World {
  /** By tenant, then by id. */
  readonly runs: Record<string, Record<string, ExampleRun>>
  /** How often a run was read. */
  reads: number
  titles: Record<string, string>
  /** Ids of economies that scenarios name and nobody knows. */
  readonly gone: Set<string>
  /** Awaited by the field `slow`. */
  gate: Promise<void>
  /** Ids of economies that were asked for, per request. */
  readonly economiesAsked: string[][]
}

export const newWorld = (): World => ({
  runs: {},
  reads: 0,
  titles: { a: 'Cut', b: 'Raise', c: 'Stay' },
  gone: new Set(),
  gate: Promise.resolve(),
  economiesAsked: [],
})

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires", "@composeDirective"])`

export const SDL = {
  scenarios: `${LINK}
    @link(url: "https://specs.quesnay.dev/events/v1.1", import: ["@eventSource"]) @composeDirective(name: "@eventSource")
    directive @eventSource(subject: String!, snapshot: String, policy: String, key: String, payload: String,
      statusField: String, finalStatuses: [String!]) on FIELD_DEFINITION
    scalar Instant
    enum Status { QUEUED RUNNING SUCCEEDED FAILED CANCELLED }
    type Query {
      scenario(id: ID!): Scenario
      scenarios: [Scenario!]!
      run(id: ID!): Run
      slow: String
      fails(how: String!): String
    }
    type Mutation { rename(id: ID!, title: String!): Scenario! }
    type Subscription {
      runUpdated(id: ID!, label: String): Run @eventSource(subject: "run.{args.id}.*", snapshot: "run",
        statusField: "status", finalStatuses: ["SUCCEEDED", "FAILED", "CANCELLED"])
      "Every event, read later by whoever is slow."
      runLog(id: ID!, after: String): Run @eventSource(subject: "run.{args.id}.*", snapshot: "run", policy: "BLOCK", payload: "run",
        statusField: "status", finalStatuses: ["SUCCEEDED", "FAILED", "CANCELLED"])
      "Every event at once, or an end."
      runTicker(id: ID!): Run @eventSource(subject: "run.{args.id}.*", snapshot: "run", policy: "DISCONNECT", payload: "run")
      "The newest state of each run."
      runsMoved: Run @eventSource(subject: "run.>", policy: "LATEST", key: "id", payload: "run")
      "Read again for each event."
      runReadings(id: ID!): Run @eventSource(subject: "run.{args.id}.*", snapshot: "run", policy: "BLOCK",
        statusField: "status", finalStatuses: ["SUCCEEDED", "FAILED", "CANCELLED"])
    }
    type Scenario @key(fields: "id") { id: ID! title: String! createdAt: Instant! economy: Economy!  run: Run }
    type Economy @key(fields: "id", resolvable: false) { id: ID! }
    type Run @key(fields: "id") { id: ID! status: Status! shardsDone: Int! note: String scenario: Scenario }
  `,
  economies: `${LINK}
    scalar Instant
    type Query { economy(id: ID!): Economy }
    type Economy @key(fields: "id") { id: ID! name: String! gdp: Float }
    type Scenario @key(fields: "id") { id: ID! createdAt: Instant! @external, opened: String! @requires(fields: "createdAt") }
  `,
  portfolios: `${LINK}
    type Query { tenant: String!  requestId: String! }
    type Run @key(fields: "id") { id: ID! risk: Float }
  `,
} as const
export type ExampleName = keyof typeof SDL
export const EXAMPLE_NAMES = Object.keys(SDL) as ExampleName[]

export const exampleServices = (sdl: Record<ExampleName, string> = SDL): SubgraphSdl[] =>
  EXAMPLE_NAMES.map((name) => ({ name, url: `http://127.0.0.1:1/${name}`, sdl: sdl[name] }))

export const exampleSupergraph = (): string => composeSupergraph(exampleServices())

const GDP: Record<string, number> = { USA: 27.7, AUS: 1.7 }
const BEGUN = new Date('2024-07-01T00:00:00Z')

interface Context {
  readonly caller: Caller
}

function resolversOf(world: World) {
  const Instant = new GraphQLScalarType({ name: 'Instant', serialize: (value) => value })
  const scenario = (id: string) =>
    world.titles[id] && { id, title: world.titles[id], createdAt: BEGUN, economy: { id: id === 'c' ? 'AUS' : 'USA' } }
  const run = (id: string, { caller }: Context) => {
    world.reads++
    return world.runs[caller.tenant]?.[id] ?? null
  }
  return {
    scenarios: {
      Instant,
      Query: {
        scenario: (_: unknown, { id }: { id: string }) => {
          if (scenario(id)) return scenario(id)
          throw new QuesnayError('NOT_FOUND', `no scenario ${id}`, { path: 'id', suggestion: 'list scenarios' })
        },
        scenarios: () => Object.keys(world.titles).map(scenario),
        run: (_: unknown, { id }: { id: string }, context: Context) => run(id, context),
        slow: async () => {
          await world.gate
          return 'done'
        },
        fails: (_: unknown, { how }: { how: string }) => {
          if (how === 'code') throw new QuesnayError('OVERLOADED', 'the fleet is full', { limit: 5 })
          throw new Error('connect ECONNREFUSED postgresql://quesnay:hunter2@db/quesnay')
        },
      },
      Mutation: {
        rename: (_: unknown, { id, title }: { id: string; title: string }) => {
          world.titles = { ...world.titles, [id]: title }
          return scenario(id)
        },
      },
      Scenario: {
        __resolveReference: ({ id }: { id: string }) => scenario(id),
        run: ({ id }: { id: string }, _: unknown, context: Context) => run(`run-${id}`, context),
      },
      Run: {
        __resolveReference: ({ id }: { id: string }, context: Context) => run(id, context),
        scenario: () => scenario('a'),
      },
    },
    economies: {
      Instant,
      Query: { economy: (_: unknown, { id }: { id: string }) => ({ id }) },
      Economy: {
        __resolveReference: ({ id }: { id: string }) => {
          world.economiesAsked.at(-1)?.push(id)
          return world.gone.has(id) ? null : { id }
        },
        name: ({ id }: { id: string }) => id.toLowerCase(),
        gdp: ({ id }: { id: string }) => GDP[id] ?? null,
      },
      Scenario: { opened: ({ createdAt }: { createdAt: unknown }) => `${typeof createdAt} ${String(createdAt)}` },
    },
    portfolios: {
      Query: {
        tenant: (_: unknown, __: unknown, { caller }: Context) => caller.tenant,
        requestId: (_: unknown, __: unknown, { caller }: Context) => caller.requestId,
      },
      Run: { risk: ({ id }: { id: string }) => id.length / 10 },
    },
  }
}

/** The three subgraphs over one world, each answering operations as a real one does. */
export function exampleSubgraphs(world: World): Record<ExampleName, LocalSubgraph> {
  const resolvers = resolversOf(world)
  const open = (name: ExampleName): LocalSubgraph => {
    const schema = buildSubgraphSchema({ typeDefs: parse(SDL[name]), resolvers: resolvers[name] as never })
    return {
      async execute({ query, variables, operationName, caller }): Promise<FormattedExecutionResult> {
        if (name === 'economies') world.economiesAsked.push([])
        const document = parse(query)
        const faults = validate(schema, document)
        if (faults.length > 0) return { errors: faults.map((fault) => formatSubgraphError(fault, silentLog)) }
        const { data, errors } = await execute({
          schema,
          document,
          variableValues: variables,
          operationName,
          contextValue: { caller },
        })
        return {
          data: data ?? null,
          ...(errors ? { errors: errors.map((e) => formatSubgraphError(e, silentLog)) } : {}),
        }
      },
    }
  }
  return { scenarios: open('scenarios'), economies: open('economies'), portfolios: open('portfolios') }
}

/** A requester that can be taken down and that remembers whether it was closed. */
export interface SwitchedRequester extends SubgraphRequester {
  down: boolean
  closed: boolean
}

export function switched(name: string, subgraph: LocalSubgraph): SwitchedRequester {
  const inner = localRequester(subgraph)
  const self: SwitchedRequester = {
    down: false,
    closed: false,
    request: (request) =>
      self.down
        ? Promise.reject(
            new QuesnayError('SUBGRAPH_UNAVAILABLE', `the subgraph ${name} does not answer`, { subgraph: name }),
          )
        : inner.request(request),
    ready: async () => !self.down,
    close: async () => {
      self.closed = true
    },
  }
  return self
}
