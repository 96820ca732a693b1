// The gateway's HTTP front: the GraphQL over HTTP specification, limits, origins, what operators ask, and its end.

import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { serverAudits } from 'graphql-http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CALLER_HEADERS, PROCESS } from '../../schema/caller.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer

beforeEach(async () => {
  example = await startExampleServer()
})
afterEach(() => example.close())

const JSON_TYPE = { 'content-type': 'application/json' }
const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(example.endpoint, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) })
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, example.server.url), { headers, redirect: 'manual' })
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code

describe('GraphQL over HTTP', () => {
  it('passes every audit of the specification', async () => {
    const audits = serverAudits({ url: example.endpoint })
    const results = await Promise.all(audits.map((audit) => audit.fn()))
    const failed = results.filter((result) => result.status !== 'ok')
    expect(failed.filter(({ name }) => name.startsWith('MUST')).map(({ name }) => name)).toEqual([])
    expect(failed.map(({ id, name }) => `${id} ${name}`)).toEqual([])
    expect(results).toHaveLength(61)
  })

  it('answers POST and GET alike', async () => {
    const query = 'query Q($id: ID!) { scenario(id: $id) { title } }'
    const posted = await post({ query, variables: { id: 'a' } })
    expect(posted.status).toBe(200)
    const expected = { data: { scenario: { title: 'Cut' } } }
    expect(await posted.json()).toEqual(expected)
    const got = await get(`/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent('{"id":"a"}')}`)
    expect(await got.json()).toEqual(expected)
  })

  it('answers a partial result with 200 and its errors', async () => {
    example.requesters['economies']!.down = true
    const response = await post({ query: '{ tenant economy(id: "USA") { gdp } }' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ data: { tenant: 'local', economy: null }, errors: [{}] })
  })

  it('refuses a mutation over GET, which a link could trigger', async () => {
    const response = await get(
      `/graphql?query=${encodeURIComponent('mutation { rename(id: "a", title: "x") { id } }')}`,
    )
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await codeOf(response)).toBe('BAD_INPUT')
    expect(example.world.titles['a']).toBe('Cut')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses %s, which a page of another origin may send without asking',
    async (type) => {
      const body = '{"query":"mutation { rename(id: \\"a\\", title: \\"x\\") { id } }"}'
      const response = await fetch(example.endpoint, { method: 'POST', headers: { 'content-type': type }, body })
      expect(response.status).toBe(415)
      expect(await codeOf(response)).toBe('BAD_INPUT')
      expect(example.world.titles['a']).toBe('Cut')
    },
  )

  it.each([
    ['text that is no JSON', '{"query":'],
    ['JSON that is no object', '["{ tenant }"]'],
    ['a body without a query', '{"variables":{}}'],
    ['variables that are a list', '{"query":"{ tenant }","variables":[]}'],
    ['an empty body', ''],
  ])('answers %s with a typed error and status 400', async (_, body) => {
    const response = await fetch(example.endpoint, { method: 'POST', headers: JSON_TYPE, body })
    expect(response.status).toBe(400)
    expect(await codeOf(response)).toBe('BAD_INPUT')
  })

  it('sends a browser that visits the endpoint to the page', async () => {
    const response = await get('/graphql', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
  })

  it('answers an unknown path with 404', async () => {
    expect((await get('/graph')).status).toBe(404)
    expect((await fetch(new URL('/health', example.server.url), { method: 'DELETE' })).status).toBe(404)
  })
})

describe('the request id', () => {
  it('is the one that came with the request', async () => {
    const response = await post({ query: '{ requestId }' }, { 'x-request-id': 'trace-42' })
    expect(response.headers.get('x-request-id')).toBe('trace-42')
    expect(await response.json()).toEqual({ data: { requestId: 'trace-42' } })
  })

  it.each(['', 'a b', 'x'.repeat(200)])('is a new one where %j came', async (given) => {
    const response = await post({ query: '{ requestId }' }, { 'x-request-id': given })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/)
    expect(await response.json()).toEqual({ data: { requestId: response.headers.get('x-request-id') } })
  })
})

describe('the tenant', () => {
  it('is never what a client says of itself', async () => {
    const response = await post({ query: '{ tenant }' }, { [CALLER_HEADERS.tenant]: 'acme' })
    expect(await response.json()).toEqual({ data: { tenant: 'local' } })
  })

  it('is what the server is told to make of a request', async () => {
    const other = await startExampleServer({
      authenticator: {
        authenticate: async ({ headers: { authorization } }) => ({
          tenant: authorization === 'Bearer acme' ? 'acme' : 'local',
          principal: PROCESS,
        }),
      },
    })
    try {
      const headers = { ...JSON_TYPE, authorization: 'Bearer acme' }
      const response = await fetch(other.endpoint, { method: 'POST', headers, body: '{"query":"{ tenant }"}' })
      expect(await response.json()).toEqual({ data: { tenant: 'acme' } })
    } finally {
      await other.close()
    }
  })
})

describe('the limit of a body', () => {
  const twelveMib = 'x'.repeat(12 * 2 ** 20)
  const query = 'mutation R($t: String!) { rename(id: "a", title: $t) { id } }'

  it('lets an import of several megabytes pass', async () => {
    const response = await post({ query, variables: { t: twelveMib } })
    expect(await response.json()).toEqual({ data: { rename: { id: 'a' } } })
    expect(example.world.titles['a']).toHaveLength(twelveMib.length)
  })

  it('refuses a longer one with 413 and a typed error', async () => {
    const response = await post({ query, variables: { t: twelveMib + twelveMib } })
    expect(response.status).toBe(413)
    const { errors } = (await response.json()) as { errors: { extensions: unknown }[] }
    expect(errors[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', detail: { limit: 16 * 2 ** 20 } })
  })

  it('refuses one whose length was not announced, and answers the next request', async () => {
    const small = await startExampleServer({ maxBodyBytes: 1000 })
    try {
      const request = httpRequest(small.endpoint, { method: 'POST', headers: JSON_TYPE })
      for (let i = 0; i < 40; i++) request.write('x'.repeat(100))
      request.end()
      const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
      response.resume()
      expect(response.statusCode).toBe(413)
      const next = await fetch(small.endpoint, { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ tenant }"}' })
      expect(next.status).toBe(200)
    } finally {
      await small.close()
    }
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string, headers: Record<string, string> = {}) =>
    fetch(example.endpoint, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,apollographql-client-name',
        ...headers,
      },
    })

  it.each(['https://studio.apollographql.com', 'http://localhost:3000', 'http://127.0.0.1:8888', 'https://localhost'])(
    'may ask from %s',
    async (origin) => {
      const asked = await preflight(origin)
      expect(asked.status).toBe(204)
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
      expect(asked.headers.get('access-control-allow-headers')).toBe('content-type,apollographql-client-name')
      const answer = await post({ query: '{ tenant }' }, { origin })
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/^x-request-id, .*ratelimit/)
    },
  )

  it('may reach this machine from the internet where the browser asks for that (Private Network Access)', async () => {
    const asked = await preflight('https://studio.apollographql.com', {
      'access-control-request-private-network': 'true',
    })
    expect(asked.headers.get('access-control-allow-private-network')).toBe('true')
  })

  it.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'https://studio.apollographql.com.evil.example',
    'null',
  ])('may not read from %s', async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
    const answer = await post({ query: '{ tenant }' }, { origin })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('vary')).toBe('origin, Accept-Encoding')
  })

  it('may ask from an origin that is configured', async () => {
    const origin = 'https://app.example.org'
    const other = await startExampleServer({ origins: [origin] })
    try {
      const answer = await fetch(other.endpoint, { method: 'OPTIONS', headers: { origin } })
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    } finally {
      await other.close()
    }
  })
})

describe('what operators ask', () => {
  it('/health is 200 while the process is up, also without its subgraphs', async () => {
    for (const requester of Object.values(example.requesters)) requester.down = true
    const response = await get('/health')
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  it('/ready is 200 where every subgraph and the bus answer', async () => {
    const response = await get('/ready')
    expect([response.status, await response.json()]).toEqual([200, { ready: true, waitingFor: [] }])
  })

  it('/ready is 503 and names what does not answer', async () => {
    example.requesters['economies']!.down = true
    await example.bus.close()
    const response = await get('/ready')
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, waitingFor: ['subgraph economies', 'bus'] },
    ])
  })

  it('/metrics counts operations and requests to subgraphs', async () => {
    await post({ query: '{ scenarios { economy { name } } }' })
    const response = await get('/metrics')
    expect(response.headers.get('content-type')).toContain('text/plain')
    const text = await response.text()
    expect(text).toContain('quesnay_operations_total{type="query",outcome="ok",service="test"} 1')
    expect(text).toContain('quesnay_subgraph_requests_total{subgraph="economies",service="test"} 1')
  })

  it('/page-config.json carries the example to begin with', async () => {
    const other = await startExampleServer({ page: { example: '{ tenant }', variables: '{}' } })
    try {
      const response = await fetch(`${other.server.url}page-config.json`)
      expect(await response.json()).toEqual({ query: '{ tenant }', variables: '{}' })
    } finally {
      await other.close()
    }
  })

  it('/ says how to build the page where it is not built', async () => {
    const other = await startExampleServer({ page: { directory: '/nowhere' } })
    try {
      const response = await fetch(other.server.url)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('npm run build:page')
    } finally {
      await other.close()
    }
  })
})

describe('closing the server', () => {
  it('waits for the answer under way, and takes no new connection', async () => {
    let release = () => {}
    example.world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = post({ query: '{ slow }' })
    await vi.waitFor(async () => expect((await example.metrics.subgraphRequests.get()).values).toHaveLength(1))
    const closing = example.server.close()
    await expect(post({ query: '{ tenant }' })).rejects.toThrow()
    release()
    expect(await (await under).json()).toEqual({ data: { slow: 'done' } })
    await closing
  })

  it('cuts what does not end in time', async () => {
    const hasty = await startExampleServer({ drainMs: 20 })
    let release = () => {}
    hasty.world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = fetch(hasty.endpoint, { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ slow }"}' })
    const outcome = under.then(
      () => 'answered',
      () => 'cut',
    )
    await vi.waitFor(async () => expect((await hasty.metrics.subgraphRequests.get()).values).toHaveLength(1))
    await hasty.server.close()
    expect(await outcome).toBe('cut')
    release()
    await hasty.close()
  })

  it('says which variable to mend where the port is taken or the address is of another machine', async () => {
    const port = Number(new URL(example.server.url).port)
    await expect(startExampleServer({ port })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `127.0.0.1:${port} is taken`,
      detail: { problems: [{ variable: 'QUESNAY_PORT' }], suggestion: expect.stringMatching(/QUESNAY_PORT/) },
    })
    // TEST-NET-1 of RFC 5737: no machine has it.
    await expect(startExampleServer({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: { problems: [{ variable: 'QUESNAY_HOST' }] },
    })
  })
})
