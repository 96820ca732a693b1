// A small federated graph whose parts ask for an identity, scopes or policies; what its subgraphs were asked is written down.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type FormattedExecutionResult, type GraphQLSchema, parse, validate } from 'graphql'
import { authoriseStep } from '../../gateway/authorise/authorise-step.ts'
import type { Policies } from '../../gateway/authorise/requirement.ts'
import { composeSupergraph } from '../../gateway/compose.ts'
import type { Operation } from '../../gateway/edge/step.ts'
import type { ExecutorName } from '../../gateway/execution/executor.ts'
import { type Gateway, openGateway } from '../../gateway/gateway.ts'
import { localRequester } from '../../gateway/requesters/local-requester.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import type { Principal } from '../../schema/caller.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@external", "@requires", "@shareable", "@composeDirective", "@authenticated", "@requiresScopes", "@policy"])`

export const GUARDED = {
  people: `${LINK}
    @link(url: "https://specs.quesnay.dev/events/v1.0", import: ["@eventSource"]) @composeDirective(name: "@eventSource")
    directive @eventSource(subject: String!, snapshot: String!) on FIELD_DEFINITION
    scalar Money @requiresScopes(scopes: [["money:read"]])
    enum Rank @authenticated { HIGH LOW }
    interface Being { id: ID! name: String }
    type Person implements Being @key(fields: "id") {
      id: ID!
      name: String
      email: String @authenticated
      salary: Money
      code: String! @requiresScopes(scopes: [["code:read"]])
      notes: String @requiresScopes(scopes: [["notes:read", "staff"], ["admin"]])
      rank: Rank
      boss: Person
      team: [Person!]!
      peers: [Person]
      must: Person!
    }
    type Robot implements Being { id: ID! name: String @policy(policies: [["owners"]]) model: String }
    type Vault @policy(policies: [["tier:pro"]]) { id: ID! gold: Int }
    union Found = Person | Robot
    type Query {
      person(id: ID!): Person
      people: [Person!]!
      being: Being
      robot: Robot
      found: [Found!]!
      vault: Vault
      secret: String! @requiresScopes(scopes: [["secret:read"]])
      unknown: String @policy(policies: [["nobody-defined-this"]])
      open: String!
    }
    type Mutation {
      rename(id: ID!, name: String!): Person! @requiresScopes(scopes: [["people:write"]])
      touch: Boolean
    }
    type Subscription {
      runUpdated(id: ID!): Person @eventSource(subject: "run.{args.id}.*", snapshot: "person")
      guarded(id: ID!): Person @eventSource(subject: "run.{args.id}.*", snapshot: "person") @authenticated
    }
  `,
  pay: `${LINK}
    scalar Money
    type Person @key(fields: "id") {
      id: ID!
      email: String @external
      greeting: String @requires(fields: "email") @authenticated
      bonus: Int @requiresScopes(scopes: [["money:read"]])
      grade: String
    }
    type Query { payday: String @authenticated }
  `,
} as const

const person = (id: string): Record<string, unknown> => ({
  __typename: 'Person',
  id,
  name: `name ${id}`,
  email: `${id}@x`,
  salary: 7,
  code: 'code',
  notes: 'notes',
  rank: 'HIGH',
})
const robot = { __typename: 'Robot', id: 'r', name: 'robot', model: 'm' }
const people = (ids: readonly string[]) => ids.map(person)

const RESOLVERS: Record<keyof typeof GUARDED, Record<string, Record<string, unknown>>> = {
  people: {
    Being: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Found: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Person: {
      __resolveReference: ({ id }: { id: string }) => person(id),
      boss: ({ id }: { id: string }) => (id === '3' ? null : person(String(Number(id) + 1))),
      team: () => people(['8', '9']),
      peers: () => people(['8', '9']),
      must: () => person('5'),
    },
    Query: {
      person: (_: unknown, { id }: { id: string }) => person(id),
      people: () => people(['1', '2']),
      being: () => robot,
      robot: () => robot,
      found: () => [person('1'), robot],
      vault: () => ({ id: 'v', gold: 9 }),
      secret: () => 'secret',
      unknown: () => 'unknown',
      open: () => 'open',
    },
    Mutation: { rename: (_: unknown, { id }: { id: string }) => person(id), touch: () => true },
  },
  pay: {
    Person: {
      __resolveReference: (given: object) => given,
      greeting: ({ email }: { email?: string }) => `hello ${email}`,
      bonus: () => 3,
      grade: () => 'A',
    },
    Query: { payday: () => 'friday' },
  },
}

export interface GuardedGraph {
  readonly gateway: Gateway
  readonly bus: Bus
  /** Texts that subgraphs were asked since the last look. */
  asked(): string[]
  /** Operations as they were let through since the last look. */
  admitted(): Operation[]
  close(): Promise<void>
}

/** @param change of the text of the subgraph `people` */
export const guardedSupergraph = (change: (sdl: string) => string = (sdl) => sdl) =>
  composeSupergraph(
    Object.entries(GUARDED).map(([name, sdl]) => ({
      ...{ name, url: `http://127.0.0.1:1/${name}` },
      sdl: name === 'people' ? change(sdl) : sdl,
    })),
  )

export async function openGuarded(policies: Policies, executor: ExecutorName): Promise<GuardedGraph> {
  const bus = openMemoryBus(systemClock)
  const texts: string[] = []
  const admitted: Operation[] = []
  const noting = async (operation: Operation) => {
    admitted.push(operation)
    return operation
  }
  const subgraph = (name: keyof typeof GUARDED) => {
    // biome-ignore lint/suspicious/noExplicitAny: one map of resolvers, described with two types.
    const schema = buildSubgraphSchema({ typeDefs: parse(GUARDED[name]), resolvers: RESOLVERS[name] as any })
    return {
      execute: async ({ query, variables }: { query: string; variables?: Record<string, unknown> | undefined }) =>
        answer(schema, query, variables, texts),
    }
  }
  const gateway = await openGateway({
    supergraph: { sdl: guardedSupergraph() },
    services: (name) => localRequester(subgraph(name as keyof typeof GUARDED)),
    bus,
    clock: systemClock,
    log: silentLog,
    metrics: createMetrics('test'),
    steps: [authoriseStep(policies), { name: 'seen', admit: noting }],
    executor,
    spacingMs: 0,
  })
  return {
    gateway,
    bus,
    asked: () => texts.splice(0),
    admitted: () => admitted.splice(0),
    close: async () => {
      await gateway.close()
      await bus.close()
    },
  }
}

async function answer(
  schema: GraphQLSchema,
  query: string,
  variableValues: Record<string, unknown> | undefined,
  texts: string[],
): Promise<FormattedExecutionResult> {
  texts.push(query)
  const document = parse(query)
  const faults = validate(schema, document)
  const result =
    faults.length > 0 ? { errors: faults } : await execute({ schema, document, variableValues: variableValues ?? {} })
  return JSON.parse(JSON.stringify(result)) as FormattedExecutionResult
}

/** Somebody with a token, of the tier `free`, who was granted nothing beside what is given. */
export const somebody = (given: Partial<Principal> = {}): Principal => ({
  subject: 'ann',
  proof: 'token',
  scopes: [],
  roles: [],
  tier: 'free',
  ...given,
})
