// Compiled operations against graphql's own executor: equal answers, equal errors, over random operations and what is known to differ.

import { buildSubgraphSchema } from '@apollo/subgraph'
import { type DocumentNode, execute, GraphQLError, GraphQLScalarType, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { randomOperation } from '../../test/support/federation/random-operation.ts'
import { formatSubgraphError } from './errors.ts'
import { executorOf } from './execution.ts'

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
  scalar Instant
  enum Colour { RED GREEN }
  interface Node { id: ID! }
  union Thing = Book | Shelf
  type Book implements Node @key(fields: "id") {
    id: ID! title: String! colour: Colour printed: Instant later: String never: Int! broken: Int sometimes: Int!
    shelf: Shelf tagged(prefix: String = "t", count: Int): [String!]!
  }
  type Shelf implements Node @key(fields: "id") { id: ID! books: [Book!]! nodes: [Node] things: [Thing!] matrix: [[Int]] }
  type Query { books(first: Int = 2): [Book!]! shelf: Shelf node(id: ID!): Node thing: Thing missing: Book gone: Book! }
  type Mutation { count: Int! }
`)

const books = ['1', '2', '3'].map((id) => ({ id, title: `Book ${id}`, colour: id === '2' ? 'GREEN' : 'RED' }))
const shelf = { id: 's' }
let counted = 0
const resolvers = {
  Instant: new GraphQLScalarType({
    name: 'Instant',
    serialize: (value) => {
      if (!(value instanceof Date)) throw new TypeError('no instant')
      return value.toISOString()
    },
  }),
  Query: {
    books: (_: unknown, { first }: { first: number }) => books.slice(0, first),
    shelf: () => shelf,
    node: (_: unknown, { id }: { id: string }) => books.find((book) => book.id === id) ?? (id === 's' ? shelf : null),
    thing: async () => books[0],
    missing: () => null,
    gone: () => null,
  },
  Node: { __resolveType: (value: object) => ('title' in value ? 'Book' : 'Shelf') },
  Thing: { __resolveType: (value: object) => ('title' in value ? 'Book' : 'Shelf') },
  Book: {
    __resolveReference: ({ id }: { id: string }) => books.find((book) => book.id === id) ?? null,
    printed: ({ id }: { id: string }) => (id === '3' ? 'yesterday' : new Date(1_700_000_000_000)),
    later: async ({ id }: { id: string }) => `later ${id}`,
    never: ({ id }: { id: string }) => (id === '2' ? null : 1),
    broken: ({ id }: { id: string }) => {
      if (id === '1') throw new QuesnayError('NOT_FOUND', 'no such number', { path: 'id' })
      if (id === '2') throw new GraphQLError('refused', { extensions: { code: 'FORBIDDEN' } })
      return Promise.reject(new Error('secret'))
    },
    sometimes: async ({ id }: { id: string }) => (id === '2' ? null : Number(id)),
    shelf: () => shelf,
    tagged: (_: unknown, args: { prefix: string; count?: number }) => [`${args.prefix}${JSON.stringify(args)}`],
  },
  Shelf: {
    __resolveReference: () => shelf,
    books: () => books,
    nodes: () => [books[0], null, shelf],
    things: async () => [shelf, books[1]],
    matrix: () => [[1, null], null, [2]],
  },
  Mutation: { count: async () => ++counted },
}
const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never })

/** What either way tells, with the errors as they go on the wire. */
const told = (result: Awaited<ReturnType<typeof execute>>) => ({
  data: JSON.parse(JSON.stringify(result.data ?? null)),
  errors: (result.errors ?? []).map((error) => JSON.stringify(formatSubgraphError(error, silentLog))).sort(),
})

async function both(query: string, variableValues: Record<string, unknown> = {}, operationName?: string) {
  const document: DocumentNode = parse(query)
  expect(validate(schema, document)).toEqual([])
  const args = { document, variableValues, operationName: operationName ?? null, contextValue: {} }
  const run = executorOf(schema)
  await run(args)
  return { compiled: told(await run(args)), plain: told(await execute({ schema, ...args })) }
}

async function isEqual(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const { compiled, plain } = await both(query, variables, operationName)
  expect(compiled, query).toEqual(plain)
}

/** Whether the null that an error explains stands at its own place. */
function stands(error: string, data: unknown): boolean {
  const { path } = JSON.parse(error) as { path: (string | number)[] }
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], data)
  return typeof parent === 'object' && parent !== null
}

describe('a compiled operation', () => {
  it('answers random operations as graphql itself does, errors included', async () => {
    let answered = 0
    for (let seed = 0; seed < 400; seed++) {
      const operation = randomOperation(schema, seed, { depth: 4, values: { id: ['"1"', '"2"', '"s"', '"x"'] } })
      if (!operation) continue
      const { compiled, plain } = await both(operation.query, operation.variables)
      expect(compiled.data, operation.query).toEqual(plain.data)
      expect(compiled.errors.length > 0, operation.query).toBe(plain.errors.length > 0)
      // Below a null that takes its parent along, either may tell of as much as it got to (6.4.4, Handling Execution Errors).
      if (plain.errors.every((error) => stands(error, plain.data)))
        expect(compiled.errors, operation.query).toEqual(plain.errors)
      answered++
    }
    expect(answered).toBeGreaterThan(200)
  })

  it('answers entities as graphql itself does', async () => {
    const representations = ['1', '2', 'x', '3'].map((id) => ({ __typename: 'Book', id }))
    await isEqual(
      `query($representations: [_Any!]!, $n: Int) { _entities(representations: $representations) { __typename
        ... on Book { title printed colour later broken tagged(count: $n) } ... on Shelf { books { id } } } }`,
      { representations: [...representations, { __typename: 'Shelf', id: 's' }], n: 3 },
    )
  })

  it.each([
    ['a null that may not be takes its parent along', '{ books(first: 3) { id never } }'],
    ['a null that may not be and comes later takes its parent along', '{ shelf { books { sometimes } } }'],
    ['a null at the root takes everything along', '{ gone { id } books { id } }'],
    ['an error of each kind', '{ books(first: 3) { id broken } }'],
    ['a scalar that does not serialise', '{ books(first: 3) { id printed } }'],
    [
      'lists of lists',
      '{ shelf { matrix nodes { id __typename } things { ... on Book { title } ... on Shelf { id } } } }',
    ],
    ['a default that is not given', '{ books { tagged } }'],
    ['a null that is given', '{ books { tagged(count: null) } }'],
    ['one field under two keys, merged with itself', '{ a: shelf { id } a: shelf { books { id } } b: shelf { id } }'],
  ])('tells of %s as graphql itself does', (_, query) => isEqual(query))

  it.each([[{}], [{ n: null }], [{ n: 1 }], [{ n: 'one' }], [{ n: 2 ** 40 }]])(
    'takes the variables %j as graphql itself does',
    (variables) => isEqual('query($n: Int) { books(first: $n) { id tagged(count: $n) } }', variables),
  )

  it('leaves conditions to graphql itself', async () => {
    const query = 'query($yes: Boolean!) { books { ...F @skip(if: $yes) id } } fragment F on Book { title }'
    for (const yes of [true, false]) await isEqual(query, { yes })
  })

  it('runs the operation that is named', async () => {
    await isEqual('query A { books { id } } query B { shelf { id } }', {}, 'B')
    await isEqual('query A { books { id } } query B { shelf { id } }', {}, 'C')
    await isEqual('query A { books { id } } query B { shelf { id } }')
  })

  it('runs the fields of a mutation one after the other', async () => {
    counted = 0
    const run = executorOf(schema)
    const args = { document: parse('mutation { a: count b: count c: count }'), contextValue: {} }
    await run(args)
    expect((await run(args)).data).toEqual({ a: 4, b: 5, c: 6 })
  })
})
