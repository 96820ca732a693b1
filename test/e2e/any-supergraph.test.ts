// `quesnay gateway --supergraph` as a process, over subgraphs that know nothing of Quesnay.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { startCommand } from '../support/command.ts'
import { type PlainSubgraph, servePlainSubgraph } from '../support/plain-subgraph.ts'
import { type ServerProcess, startProcess } from '../support/server-process.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable"])`
const USERS = [
  { id: 'u1', name: 'Ann' },
  { id: 'u2', name: 'Ben' },
]
const PRODUCTS = [
  { upc: 'p1', name: 'Chair', price: 10, weight: 2 },
  { upc: 'p2', name: 'Table', price: 30, weight: 9 },
]
const one = <T>(all: readonly T[], is: (item: T) => boolean) => all.find(is) ?? null

describe('a gateway over any supergraph', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-supergraph-'))
  const file = join(directory, 'supergraph.graphql')
  const subgraphs: Record<string, PlainSubgraph> = {}
  const reviews = [{ id: 'r1', body: 'Good', product: 'p1', author: 'u1' }]
  let server: ServerProcess | undefined

  beforeAll(async () => {
    subgraphs['accounts'] = await servePlainSubgraph(
      `${LINK} type Query { me: User fails: String } type User @key(fields: "id") { id: ID! name: String! }
       type Subscription { tick: Int }`,
      {
        Query: {
          me: () => USERS[0],
          fails: () => {
            throw Object.assign(new Error('row 7 of secret_table'), { extensions: { code: 'BROKEN', hint: 'ask Ann' } })
          },
        },
        User: { __resolveReference: ({ id }: { id: string }) => one(USERS, (user) => user.id === id) },
      },
    )
    subgraphs['products'] = await servePlainSubgraph(
      `${LINK} scalar Money type Query { topProducts(first: Int = 5): [Product!]! }
       type Product @key(fields: "upc") { upc: ID! name: String! price: Money! weight: Int! }`,
      {
        Query: { topProducts: (_: unknown, { first }: { first: number }) => PRODUCTS.slice(0, first) },
        Product: { __resolveReference: ({ upc }: { upc: string }) => one(PRODUCTS, (product) => product.upc === upc) },
      },
    )
    subgraphs['reviews'] = await servePlainSubgraph(
      `${LINK} type Mutation { review(upc: ID!, body: String!): Review! } type Query { reviews: [Review!]! }
       type Review { id: ID! body: String! author: User! product: Product! }
       type User @key(fields: "id") { id: ID! reviews: [Review!]! }
       type Product @key(fields: "upc") { upc: ID! weight: Int! @external reviews: [Review!]!
         shipping: String @requires(fields: "weight") }`,
      {
        Query: { reviews: () => reviews },
        Mutation: {
          review(_: unknown, { upc, body }: { upc: string; body: string }) {
            reviews.push({ id: `r${reviews.length + 1}`, body, product: upc, author: 'u2' })
            return reviews.at(-1)
          },
        },
        Review: {
          author: ({ author }: { author: string }) => ({ id: author }),
          product: ({ product }: { product: string }) => ({ upc: product }),
        },
        User: { reviews: ({ id }: { id: string }) => reviews.filter(({ author }) => author === id) },
        Product: {
          reviews: ({ upc }: { upc: string }) => reviews.filter(({ product }) => product === upc),
          shipping: ({ weight }: { weight: number }) => `${weight * 3} EUR`,
        },
      },
    )
    writeFileSync(file, supergraph())
  })
  afterEach(async () => {
    if (server) expect(await server.interrupt()).toBe(0)
    server = undefined
  })
  afterAll(async () => {
    await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()))
    rmSync(directory, { recursive: true, force: true })
  })

  const supergraph = (changed: (name: string, sdl: string) => string = (_, sdl) => sdl) =>
    composeSupergraph(
      Object.entries(subgraphs).map(([name, { url, sdl }]) => ({ name, url, sdl: changed(name, sdl) })),
      { unpushed: 'answer' },
    )

  async function start(config?: string, from = file): Promise<void> {
    const configured = join(directory, 'gateway.yaml')
    if (config !== undefined) writeFileSync(configured, config)
    const options = config === undefined ? [] : ['--config', configured]
    server = await startProcess(['gateway', '--supergraph', from, '--port', '0', ...options], {})
  }
  async function ask(query: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${server!.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as { data?: Record<string, unknown>; errors?: { message: string }[] }
  }
  const status = async (path: string) => (await fetch(`${server!.url}${path}`)).status

  it('answers queries and mutations over all subgraphs, and is healthy and ready', async () => {
    await start()
    expect(await status('health')).toBe(200)
    expect(await status('ready')).toBe(200)
    expect(
      await ask('{ me { name reviews { body product { name price } } } topProducts(first: 1) { upc shipping } }'),
    ).toEqual({
      data: {
        me: { name: 'Ann', reviews: [{ body: 'Good', product: { name: 'Chair', price: 10 } }] },
        topProducts: [{ upc: 'p1', shipping: '6 EUR' }],
      },
    })
    expect(
      await ask('mutation { review(upc: "p2", body: "Big") { id author { name } product { name reviews { body } } } }'),
    ).toEqual({
      data: { review: { id: 'r2', author: { name: 'Ben' }, product: { name: 'Table', reviews: [{ body: 'Big' }] } } },
    })
    const { errors } = await ask('{ nothing }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })

  it('says by a code and with the place that nothing is at a path', async () => {
    await start()
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${server!.url}grahpql`, { method })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'NOT_FOUND', detail: { path: '/grahpql', suggestion: expect.any(String) } } }],
      })
    }
  })

  it('tells subgraphs nothing of the caller but the request id, and masks what they say of their faults', async () => {
    await start()
    subgraphs['accounts']!.asked.length = 0
    const answer = await ask('{ me { name } fails }', { cookie: 'session=1', 'x-request-id': 'req-7' })
    expect(answer).toMatchObject({
      data: { me: { name: 'Ann' }, fails: null },
      errors: [{ path: ['fails'], extensions: { code: 'INTERNAL', detail: { requestId: 'req-7' } } }],
    })
    expect(JSON.stringify(answer)).not.toContain('secret_table')
    const [headers] = subgraphs['accounts']!.asked
    expect(headers).toMatchObject({ 'x-request-id': 'req-7' })
    expect(Object.keys(headers!).filter((name) => name.startsWith('x-quesnay') || name === 'cookie')).toEqual([])
  })

  it('passes headers and errors where its configuration says so', async () => {
    await start('headers: { propagate: [Authorization, x-shop] }\nerrors: pass')
    subgraphs['accounts']!.asked.length = 0
    const answer = await ask('{ fails }', { authorization: 'Bearer x', 'x-shop': '7', 'x-other': '1' })
    expect(answer.errors).toEqual([
      { message: 'row 7 of secret_table', path: ['fails'], extensions: { code: 'BROKEN', hint: 'ask Ann' } },
    ])
    expect(subgraphs['accounts']!.asked[0]).toMatchObject({ authorization: 'Bearer x', 'x-shop': '7' })
    expect(subgraphs['accounts']!.asked[0]).not.toHaveProperty('x-other')
  })

  it('holds operations to the limits of its configuration', async () => {
    await start('limits: { depth: 3 }')
    expect(await ask('{ me { reviews { body } } }')).toMatchObject({ data: { me: { reviews: expect.any(Array) } } })
    const { data, errors } = await ask('{ me { reviews { product { name } } } }')
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', detail: { limit: 3 } } }])
  })

  it('says of a subscription field that nothing pushes it', async () => {
    await start()
    const response = await fetch(`${server!.url}graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'subscription { tick }' }),
    })
    expect(await response.text()).toContain('selects no field that is pushed')
    expect(await ask('{ me { id } }')).toEqual({ data: { me: { id: 'u1' } } })
  })

  it('serves a supergraph that replaces the file, and keeps the one before where that cannot be served', async () => {
    const own = join(directory, 'changing.graphql')
    const replace = (text: string) => {
      writeFileSync(`${own}.new`, text)
      renameSync(`${own}.new`, own)
    }
    replace(supergraph())
    await start(undefined, own)
    replace('type Query { no: Join }')
    replace(supergraph((_, sdl) => sdl.replace('name: String! price', 'title: String name: String! price')))
    const title = await vi.waitFor(
      async () => {
        const answer = await ask('{ topProducts { title } }')
        expect(answer.errors).toBeUndefined()
        return answer
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(title).toEqual({ data: { topProducts: [{ title: null }, { title: null }] } })
    replace('nonsense')
    expect(await ask('{ topProducts { title } }')).toEqual(title)
  })

  it('answers what a subgraph that is gone does not take along, with a typed error for the rest', async () => {
    await start()
    const gone = await servePlainSubgraph(subgraphs['reviews']!.sdl, {})
    const own = join(directory, 'gone.graphql')
    writeFileSync(own, supergraph().replace(subgraphs['reviews']!.url, gone.url))
    await gone.close()
    expect(await server?.interrupt()).toBe(0)
    await start(undefined, own)
    expect(await status('health')).toBe(200)
    expect(await status('ready')).toBe(503)
    expect(await ask('{ topProducts(first: 1) { name shipping } }')).toMatchObject({
      data: { topProducts: [{ name: 'Chair', shipping: null }] },
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'reviews' } } }],
    })
  })

  it.each([
    ['a file that is not there', ['--supergraph', 'nowhere.graphql'], 'cannot be read'],
    ['a text that is no supergraph', ['--supergraph', 'package.json'], 'cannot be served'],
    ['an option without a supergraph', ['--config', 'x.yaml'], '--config goes with --supergraph'],
    ['a configuration that names another header than it may', 'headers: { propagate: [host] }', 'writes itself'],
    ['a configuration of unknown entries', 'colour: red', 'colour'],
  ] as const)('does not start with %s, and says why in one line', async (_, given, why) => {
    const configured = join(directory, 'wrong.yaml')
    if (typeof given === 'string') writeFileSync(configured, given)
    const options = typeof given === 'string' ? ['--supergraph', file, '--config', configured] : given
    const { code, err } = await startCommand(['gateway', ...options], { QUESNAY_PORT: '0' }).ended
    expect(code).toBe(1)
    expect(err).toContain(why)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
