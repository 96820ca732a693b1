// What public checkers of GraphQL servers send: each is refused with a typed error, at little cost, before any subgraph is asked.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { introspectionPolicy } from '../../gateway/limits/introspection.ts'
import { subgraphRequestCounts } from '../../gateway/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { everybodyIs } from '../support/everybody.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
let before: Record<string, number>

beforeAll(async () => {
  example = await startExampleServer({ authenticator: everybodyIs(anonymous) }, undefined, {
    introspection: introspectionPolicy('authenticated'),
  })
})
afterAll(() => example.close())
beforeEach(async () => {
  before = await subgraphRequestCounts(example.metrics)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const repeat = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')
const anonymous = { tenant: 'local', principal: { ...PROCESS, proof: 'demo' as const } }
const caller = { ...anonymous, requestId: 'r' }

const circle = (levels: number) =>
  `query { __schema { ${'types { fields { type { '.repeat(levels)} name ${' } } }'.repeat(levels)} } }`

/** By the name that checkers give it; code and rule of the refusal. */
const ATTACKS: readonly [string, string, string, string | undefined][] = [
  ['alias overloading', `query cop { ${repeat(101, (i) => `alias${i}: __typename`)} }`, 'LIMIT_EXCEEDED', 'aliases'],
  [
    'alias overloading of a field',
    `{ ${repeat(101, (i) => `a${i}: scenario(id: "${i}") { title }`)} }`,
    'LIMIT_EXCEEDED',
    'aliases',
  ],
  [
    'aliases behind fragments',
    `{ ${repeat(10, () => '...F')} } fragment F on Query { ${repeat(10, (i) => `a${i}: tenant`)} }`,
    'LIMIT_EXCEEDED',
    'aliases',
  ],
  ['directive overloading', `query cop { __typename ${'@aa'.repeat(10)} }`, 'LIMIT_EXCEEDED', 'directivesPerPlace'],
  ['directive overloading of many fields', `{ ${repeat(60, () => 'tenant @aa')} }`, 'LIMIT_EXCEEDED', 'directives'],
  ['field duplication', `query cop { ${'__typename '.repeat(500)} }`, 'LIMIT_EXCEEDED', 'rootFields'],
  [
    'field duplication below the root',
    `{ scenario(id: "a") { ${'title '.repeat(500)} } }`,
    'LIMIT_EXCEEDED',
    'repeats',
  ],
  ['circular introspection', circle(3), 'LIMIT_EXCEEDED', 'introspectionLists'],
  ['circular introspection, deep', circle(20), 'LIMIT_EXCEEDED', 'depth'],
  ['circular fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }', 'BAD_INPUT', undefined],
  [
    'a fragment within itself',
    '{ scenario(id: "a") { ...F } } fragment F on Scenario { run { scenario { ...F } } }',
    'BAD_INPUT',
    undefined,
  ],
  [
    'fragments that double themselves',
    `{ ...F30 } fragment F0 on Query { tenant } ${repeat(30, (i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`)}`,
    'LIMIT_EXCEEDED',
    'fields',
  ],
  [
    'deep recursion',
    `{ scenario(id: "a") ${repeat(30, () => '{ run { scenario')} { id } ${'} }'.repeat(30)} }`,
    'LIMIT_EXCEEDED',
    'depth',
  ],
  [
    'recursion over a cycle',
    `{ scenario(id: "a") ${repeat(10, () => '{ run { scenario')} { id } ${'} }'.repeat(10)} }`,
    'LIMIT_EXCEEDED',
    undefined,
  ],
  ['too many tokens', `{ ${'a '.repeat(50_000)} }`, 'LIMIT_EXCEEDED', 'tokens'],
  ['introspection', '{ __schema { types { name } } }', 'FORBIDDEN', undefined],
  [
    'introspection of one type, in a fragment',
    '{ ...F } fragment F on Query { x: __type(name: "Run") { name } }',
    'FORBIDDEN',
    undefined,
  ],
]

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(example.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
interface Refusal {
  readonly data?: unknown
  readonly errors: { message: string; extensions: { code: string; detail: Record<string, unknown> } }[]
}
const refusalOf = async (response: Response) => (await response.json()) as Refusal

describe('the edge', () => {
  it.each(ATTACKS)('refuses %s', async (_, query, code, rule) => {
    const { data, errors } = await refusalOf(await post({ query }))
    expect(data).toBeUndefined()
    expect(errors).toHaveLength(1)
    expect(errors[0]!.extensions).toMatchObject({ code, detail: { path: 'query', suggestion: expect.any(String) } })
    if (rule) expect(errors[0]!.extensions.detail['rule']).toBe(rule)
    expect(await subgraphRequestCounts(example.metrics)).toEqual(before)
  })

  it('refuses each of them in less than 2 ms, the first time that it sees the text', async () => {
    const slow: string[] = []
    for (const [name, query] of ATTACKS.filter(([name]) => name !== 'too many tokens')) {
      // Each text is new, so that nothing is remembered; the least of some tries is what it costs, the rest is the machine's.
      const times: number[] = []
      for (let i = 0; i < 15; i++) {
        const text = `${query} # ${i}`
        const begin = performance.now()
        const result = await example.gateway.execute({ query: text, caller })
        times.push(performance.now() - begin)
        expect(result.errors).toHaveLength(1)
      }
      if (Math.min(...times) >= 2) slow.push(`${name}: ${Math.min(...times).toFixed(2)} ms`)
    }
    expect(slow).toEqual([])
  })

  it('names nothing of the schema that an unknown field was near to', async () => {
    for (const query of [
      '{ tenat }',
      '{ scenario(id: "a") { titel } }',
      '{ scenarios(idd: 1) { id } }',
      '{ run(id: "a") { ... on Rum { id } } }',
    ]) {
      const { errors } = await refusalOf(await post({ query }))
      expect(errors[0]!.extensions.code).toBe('BAD_INPUT')
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
    }
  })

  it('refuses a list of more operations than a request may hold, and answers none of them', async () => {
    const response = await post(
      Array.from({ length: 10 }, () => ({ operationName: 'cop', query: 'query cop { tenant }' })),
    )
    expect(response.status).toBe(400)
    const { errors } = await refusalOf(response)
    expect(errors[0]!.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { rule: 'batch', limit: 5, found: 10 },
    })
    expect(await subgraphRequestCounts(example.metrics)).toEqual(before)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
  ])('refuses a POST of %s, to the stream too', async (type) => {
    for (const url of [example.endpoint, `${example.endpoint}/stream`]) {
      const body = '{"query":"mutation { rename(id: \\"a\\", title: \\"x\\") { id } }"}'
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
      expect(response.status).toBe(415)
      expect((await refusalOf(response)).errors[0]!.extensions.code).toBe('BAD_INPUT')
    }
    expect(example.world.titles['a']).toBe('Cut')
  })

  it('refuses a mutation by GET, also as a hash, over HTTP and as events', async () => {
    const query = encodeURIComponent('mutation { rename(id: "a", title: "x") { id } }')
    for (const [path, accept] of [
      ['', 'application/json'],
      ['/stream', 'text/event-stream'],
    ] as const) {
      const response = await fetch(`${example.endpoint}${path}?query=${query}`, { headers: { accept } })
      expect(await response.text()).toContain('BAD_INPUT')
    }
    expect(example.world.titles['a']).toBe('Cut')
  })
})

describe('a GET', () => {
  const url = () => `${example.endpoint}?query=${encodeURIComponent('{ tenant }')}`
  const statusOf = async (headers: Record<string, string>) => {
    // fetch would not let a page's own headers through: this is what a browser sends.
    const { request } = await import('node:http')
    return new Promise<number>((resolve, reject) => {
      request(url(), { headers: { accept: 'application/json', ...headers } }, (response) => {
        response.resume()
        resolve(response.statusCode!)
      })
        .on('error', reject)
        .end()
    })
  }

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbouring site', { 'sec-fetch-site': 'same-site' }],
    [
      'an image of another site, with cookies',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', cookie: 'a=b' },
    ],
    ['a browser of old, with cookies', { cookie: 'a=b' }],
    ['a browser that adds a password', { authorization: 'Basic YTpi' }],
    ['a page of an origin that may not ask', { origin: 'https://evil.example' }],
  ])('that may come from %s is refused, and answered with a header that needs a preflight', async (_, headers) => {
    expect(await statusOf(headers)).toBe(400)
    for (const name of ['x-apollo-operation-name', 'apollo-require-preflight', 'graphql-require-preflight'])
      expect(await statusOf({ ...headers, [name]: 'Q' })).toBe(200)
    expect(await statusOf({ ...headers, 'content-type': 'application/json' })).toBe(200)
  })

  it.each([
    ['a program', {}],
    ['a program with a token', { authorization: 'Bearer x' }],
    ['a link that the user follows', { 'sec-fetch-site': 'none', cookie: 'a=b' }],
    ['a page of this server', { 'sec-fetch-site': 'same-origin', cookie: 'a=b' }],
    [
      'a page of an origin that may ask',
      { 'sec-fetch-site': 'cross-site', origin: 'https://studio.apollographql.com' },
    ],
  ])('of %s is answered', async (_, headers) => {
    expect(await statusOf(headers)).toBe(200)
  })
})

describe('every answer', () => {
  it.each(['/graphql?query={tenant}', '/health', '/nothing', '/graphql'])(
    'of %s tells browsers to do nothing with it',
    async (path) => {
      const { headers } = await fetch(new URL(path, example.server.url))
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      })
      expect(headers.has('strict-transport-security')).toBe(false)
    },
  )

  it('tells browsers to use https for a year where clients reach the server by it', async () => {
    const other = await startExampleServer({ tls: true })
    try {
      const { headers } = await fetch(new URL('/health', other.server.url))
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    } finally {
      await other.close()
    }
  })
})

// The last: the server closes connections that were idle meanwhile.
describe('the memory of the edge', () => {
  it('keeps little of what it refuses: 4,000 of them take less than 32 MB', async () => {
    const refuse = async (i: number) => {
      const [, query] = ATTACKS[i % ATTACKS.length]!
      if (query.length < 20_000) await example.gateway.execute({ query: `${query} # ${i}`, caller })
    }
    for (let i = 0; i < 1_000; i++) await refuse(i)
    collectGarbage()
    const heapBefore = process.memoryUsage().heapUsed
    for (let i = 0; i < 3_000; i++) await refuse(i)
    collectGarbage()
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(32 * 2 ** 20)
  })
})
