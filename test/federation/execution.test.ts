// How operations are executed: keys and names that clash, conditions, interfaces as objects, requests merged, errors placed.

import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type FormattedExecutionResult, parse } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { type Gateway, openGateway } from '../../gateway/gateway.ts'
import { localRequester } from '../../gateway/requesters/local-requester.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { formatSubgraphError } from '../../subgraphs/shared/errors.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@external", "@requires", "@interfaceObject"])`

type Resolvers = Record<string, Record<string, unknown>>
interface Part {
  readonly sdl: string
  readonly resolvers: Resolvers
}

interface Asked {
  readonly subgraph: string
  readonly query: string
  readonly variables: Record<string, unknown>
}

let gateway: Gateway | undefined
afterEach(() => gateway?.close())

const supergraphOf = (parts: Record<string, Part>) =>
  composeSupergraph(
    Object.entries(parts).map(([name, { sdl }]) => ({
      name,
      url: `http://127.0.0.1:1/${name}`,
      sdl: `${LINK}\n${sdl}`,
    })),
  )

/** A gateway over subgraphs of this process, and what they were asked. */
async function over(parts: Record<string, Part>) {
  const asked: Asked[] = []
  const open = await openGateway({
    supergraph: { sdl: supergraphOf(parts) },
    services: (name) => {
      const { sdl, resolvers } = parts[name]!
      const schema = buildSubgraphSchema({ typeDefs: parse(`${LINK}\n${sdl}`), resolvers: resolvers as never })
      return localRequester({
        async execute({ query, variables = {}, operationName }): Promise<FormattedExecutionResult> {
          asked.push({ subgraph: name, query, variables })
          const given = { schema, document: parse(query), variableValues: variables, operationName }
          const { data, errors } = await execute(given)
          const told = errors?.map((error) => formatSubgraphError(error, silentLog))
          return JSON.parse(JSON.stringify({ data: data ?? null, ...(told ? { errors: told } : {}) }))
        },
      })
    },
    bus: openMemoryBus(clock),
    clock,
    log: silentLog,
    metrics: createMetrics('test'),
  })
  gateway = open
  const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }
  const ask = async (query: string, variables: Record<string, unknown> = {}) =>
    JSON.parse(JSON.stringify(await open.execute({ query, variables, caller }))) as FormattedExecutionResult
  return { ask, asked }
}

const ids = ['a', 'b', 'c']

/** Banks, which one subgraph lists, another rates and a third describes. */
const BANKS: Record<string, Part> = {
  list: {
    sdl: `type Query { banks: [Bank!]!  bank(id: ID!): Bank }
      type Bank @key(fields: "id") { id: ID! title: String! assets(at: Int = 2024): Int! partner: Bank home: Country }
      type Country @key(fields: "code", resolvable: false) { code: ID! }`,
    resolvers: {
      Query: { banks: () => ids.map((id) => ({ id })), bank: (_: unknown, { id }: { id: string }) => ({ id }) },
      Bank: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        title: ({ id }: { id: string }) => `Bank ${id}`,
        assets: (_: unknown, { at }: { at: number }) => at - 2000,
        partner: () => ({ id: 'a' }),
        home: () => ({ code: 'AUS' }),
      },
    },
  },
  risk: {
    sdl: `type Bank @key(fields: "id") {
        id: ID! assets(at: Int = 2024): Int! @external
        leverage: String @requires(fields: "assets(at: 2020)")
        rating: String
      }
      type Country @key(fields: "code") { code: ID! rating: String fails: String }
      type Query { worst: String }`,
    resolvers: {
      Bank: {
        leverage: ({ assets }: { assets: number }) => `of ${assets}`,
        rating: ({ id }: { id: string }) => `rated ${id}`,
      },
      Country: {
        rating: ({ code }: { code: string }) => `rated ${code}`,
        fails: () => {
          throw new QuesnayError('OVERLOADED', 'too much')
        },
      },
    },
  },
}

describe('a name that a client chooses', () => {
  it('does not stand where a key does', async () => {
    const { ask } = await over(BANKS)
    const answer = await ask('{ bank(id: "b") { id: title rating } }')
    expect(answer).toEqual({ data: { bank: { id: 'Bank b', rating: 'rated b' } } })
  })

  it('does not stand where what another subgraph requires does', async () => {
    const { ask } = await over(BANKS)
    const answer = await ask('{ bank(id: "b") { assets leverage title: assets(at: 2010) } }')
    expect(answer).toEqual({ data: { bank: { assets: 24, leverage: 'of 20', title: 10 } } })
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'id__client', '__typename'])(
    'may be %s',
    async (name) => {
      const { ask } = await over(BANKS)
      const query = `{ ${name}: bank(id: "b") { ${name}: title rating partner { ${name}: rating } } }`
      const { data } = await ask(query)
      expect(JSON.stringify(data)).toBe(
        `{"${name}":{"${name}":"Bank b","rating":"rated b","partner":{"${name}":"rated a"}}}`,
      )
      expect(({} as { rating?: unknown }).rating).toBeUndefined()
    },
  )

  it('is in the path of an error as the client wrote it', async () => {
    const { ask } = await over(BANKS)
    const { errors } = await ask('{ code: bank(id: "b") { code: home { fails } } }')
    expect(errors?.map(({ path }) => path)).toEqual([['code', 'code', 'fails']])
  })

  it('may be that of the variable that subgraphs are told entities by', async () => {
    const { ask } = await over(BANKS)
    const answer = await ask('query ($representations: ID!) { bank(id: $representations) { rating } }', {
      representations: 'c',
    })
    expect(answer).toEqual({ data: { bank: { rating: 'rated c' } } })
  })
})

describe('a condition', () => {
  it('on a field does not take along what its neighbours require', async () => {
    const { ask } = await over(BANKS)
    const query = 'query ($all: Boolean!) { bank(id: "b") { rating leverage @include(if: $all) } }'
    expect(await ask(query, { all: false })).toEqual({ data: { bank: { rating: 'rated b' } } })
    expect(await ask(query, { all: true })).toEqual({ data: { bank: { rating: 'rated b', leverage: 'of 20' } } })
  })

  it('may leave a selection empty', async () => {
    const { ask, asked } = await over(BANKS)
    expect(await ask('query ($no: Boolean = true) { banks { partner { rating @skip(if: $no) } } }')).toEqual({
      data: { banks: ids.map(() => ({ partner: {} })) },
    })
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['list'])
    expect(await ask('query ($no: Boolean!) { bank(id: "a") @include(if: $no) { title } }', { no: false })).toEqual({
      data: {},
    })
    expect(asked).toHaveLength(1)
  })

  it('that is null is refused', async () => {
    const { ask } = await over(BANKS)
    const { errors } = await ask('query ($no: Boolean = true) { bank(id: "a") { title @skip(if: $no) } }', { no: null })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('entities', () => {
  it('are told once each, though they stand in many places', async () => {
    const { ask, asked } = await over(BANKS)
    expect(await ask('{ banks { partner { rating } } }')).toEqual({
      data: { banks: ids.map(() => ({ partner: { rating: 'rated a' } })) },
    })
    expect(asked.at(-1)?.variables).toEqual({ representations: [{ __typename: 'Bank', id: 'a' }] })
  })

  it('of several kinds are asked of one subgraph in one request', async () => {
    const { ask, asked } = await over(BANKS)
    const answer = await ask('query Q($n: Int!) { banks { rating leverage assets(at: $n) home { rating } } }', {
      n: 2005,
    })
    expect(answer.data?.['banks']).toEqual(
      ids.map((id) => ({ rating: `rated ${id}`, leverage: 'of 20', assets: 5, home: { rating: 'rated AUS' } })),
    )
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['list', 'risk'])
    expect(asked[1]?.query.match(/_entities\d: _entities/g)).toHaveLength(2)
  })

  it('that fail are errors at each of their places, and null there', async () => {
    const { ask } = await over(BANKS)
    const { data, errors } = await ask('{ banks { rating home { fails } } }')
    expect(data?.['banks']).toEqual(ids.map((id) => ({ rating: `rated ${id}`, home: { fails: null } })))
    expect(errors?.map(({ path }) => path)).toEqual(ids.map((_, i) => ['banks', i, 'home', 'fails']))
    expect(errors?.every(({ extensions }) => extensions?.['code'] === 'OVERLOADED')).toBe(true)
  })
})

describe('an interface that a subgraph knows as an object', () => {
  const NODES: Record<string, Part> = {
    types: {
      sdl: `type Query { nodes: [Node] }
        interface Node @key(fields: "id") { id: ID! }
        type Stock implements Node @key(fields: "id") { id: ID! level: Int }
        type Flow implements Node @key(fields: "id") { id: ID! rate: Int }`,
      resolvers: {
        Query: {
          nodes: () => [
            { __typename: 'Stock', id: 's' },
            { __typename: 'Flow', id: 'f' },
          ],
        },
        Node: {
          __resolveReference: ({ id }: { id: string }) => ({ __typename: id === 's' ? 'Stock' : 'Flow', id }),
          __resolveType: ({ __typename }: { __typename: string }) => __typename,
        },
        Stock: { level: () => 7 },
        Flow: { rate: () => 3 },
      },
    },
    notes: {
      sdl: `type Query { noted: [Node] }
        type Node @interfaceObject @key(fields: "id") { id: ID! note: String }`,
      resolvers: {
        Query: { noted: () => [{ id: 'f' }, { id: 's' }] },
        Node: { note: ({ id }: { id: string }) => `note on ${id}` },
      },
    },
  }

  it('adds fields to objects whose type stays what it is', async () => {
    const { ask } = await over(NODES)
    expect(await ask('{ nodes { note __typename ... on Stock { level } ... on Flow { rate } } }')).toEqual({
      data: {
        nodes: [
          { note: 'note on s', __typename: 'Stock', level: 7 },
          { note: 'note on f', __typename: 'Flow', rate: 3 },
        ],
      },
    })
  })

  it('gives objects whose type another subgraph tells', async () => {
    const { ask } = await over(NODES)
    expect(await ask('{ noted { __typename id ... on Flow { note rate } } }')).toEqual({
      data: {
        noted: [
          { __typename: 'Flow', id: 'f', note: 'note on f', rate: 3 },
          { __typename: 'Stock', id: 's' },
        ],
      },
    })
  })
})
