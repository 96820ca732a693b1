// /api/v1 over the whole graph: every documented route answers with real data, and the document holds exactly those.
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GatewayServer, serveGateway } from '../../gateway/http/serve.ts'
import { ROUTES } from '../../gateway/rest/routes.ts'
import { silentLog } from '../../infra/log.ts'
import { metricsPage } from '../../infra/metrics.ts'
import { packageVersion } from '../../infra/version.ts'
import { PROCESS } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { startExampleServer } from '../federation/example-server.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let graph: TestGraph
let server: GatewayServer

beforeAll(async () => {
  graph = await openGraph()
  server = await serveGateway(graph.embedded.gateway, {
    ...{ host: '127.0.0.1', port: 0, log: silentLog, metrics: () => metricsPage(graph.embedded.metrics) },
    authenticator: {
      async authenticate({ headers }) {
        if (headers.authorization === 'none') throw new QuesnayError('UNAUTHENTICATED', 'no credentials')
        return { tenant: String(headers.authorization ?? 'local'), principal: PROCESS }
      },
    },
  })
})
afterAll(async () => {
  await server?.close()
  await graph?.close()
})

// biome-ignore lint/suspicious/noExplicitAny: JSON of many forms.
type Json = any
async function call(
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
) {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(new URL(`/api/v1${path}`, server.url), {
    ...{ method, headers: { ...type, ...headers } },
    ...(body === undefined ? {} : { body: text }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json().catch(() => null)) as Json }
}
const post = (path: string, body: unknown, headers = {}) => call(path, { method: 'POST', body, headers })
const document = async () => (await call('/openapi.json')).body

const SCENARIO = {
  id: 'rest-1',
  title: 'By REST',
  economyId: 'USA',
  bankId: 'us-health@1.0.0',
  draws: 32,
  horizonYears: 2,
}
const HOUSEHOLD = { year: 2026, values: [{ name: 'wages[head]', value: 60_000 }], names: ['income tax', 'net income'] }

/** How each route is asked, and what of its data is known. */
const ASKED: Record<string, () => Promise<{ answer: Awaited<ReturnType<typeof call>>; data: Json }>> = {
  'GET /circular-flow/latest': async () => ({
    answer: await call('/circular-flow/latest'),
    data: { currency: 'USD', unit: expect.any(String), Y: expect.any(Number), status: 'COMPLETE' },
  }),
  'GET /circular-flow/historical/{date}': async () => ({
    answer: await call('/circular-flow/historical/2019-08-15?economy=AUS'),
    data: { period: '2019-Q3', currency: 'AUD', Y: 503597, C: 275640, gap: -2424 },
  }),
  'GET /components/{c}/trends': async () => ({
    answer: await call('/components/C/trends?economy=AUS&from=2019-Q1&to=2019-Q3'),
    data: {
      component: 'C',
      periods: ['2019-Q1', '2019-Q2', '2019-Q3'],
      values: expect.arrayContaining([275640]),
    },
  }),
  'GET /imbalance/analysis': async () => ({
    answer: await call('/imbalance/analysis?economy=AUS&from=2019-Q1&to=2019-Q4&frequency=QUARTERLY'),
    data: { periods: 3, complete: 3, total: { meanAbsolutePct: expect.any(Number), breaches: expect.any(Array) } },
  }),
  'GET /mechanisms': async () => ({
    answer: await call('/mechanisms?first=2&quantified=true&bank=us-health@1.0.0'),
    data: [{ id: expect.stringMatching(/^us-health@1\.0\.0\//), from: { name: expect.any(String) } }, {}],
  }),
  'POST /scenarios': async () => ({
    answer: await post('/scenarios', SCENARIO),
    data: { scenario: { id: 'rest-1', title: 'By REST', draws: 32 }, findings: expect.any(Array) },
  }),
  'GET /scenarios': async () => ({ answer: await call('/scenarios?first=1'), data: [{ id: expect.any(String) }] }),
  'GET /scenarios/{id}': async () => ({
    answer: await call('/scenarios/rest-1'),
    data: { id: 'rest-1', economy: { id: 'USA' } },
  }),
  'POST /scenarios/simulate': async () => ({
    answer: await post('/scenarios/simulate', { ...SCENARIO, id: 'rest-2' }),
    data: { scenario: { id: 'rest-2', run: { id: expect.any(String), kind: 'SIMULATION' } } },
  }),
  'GET /runs/{id}': async () => {
    const { body } = await post('/scenarios/simulate', { ...SCENARIO, id: 'rest-2' })
    const answer = await vi.waitFor(async () => {
      const one = await fetch(new URL(body.links.related, server.url))
      const read = { status: one.status, headers: one.headers, body: (await one.json()) as Json }
      expect(read.body.data.status).toBe('SUCCEEDED')
      return read
    }, 60_000)
    return { answer, data: { results: { draws: 32, times: expect.any(Array), columns: expect.any(Array) } } }
  },
  'GET /comparisons': async () => ({
    answer: await call('/comparisons?scenario=rest-1&with=rest-2'),
    data: {
      scenario: { id: 'rest-1', circularFlowImpact: { firstYear: { baseline: { Y: expect.any(Number) } } } },
      with: { id: 'rest-2' },
    },
  }),
  'POST /household/calculate': async () => ({
    answer: await post('/household/calculate', HOUSEHOLD),
    data: {
      ...{ year: 2026, ruleSet: { id: 'us-federal', currency: 'USD' } },
      variables: [
        { name: 'income tax', value: expect.any(Number), unit: expect.stringContaining('USD') },
        { name: 'net income', value: expect.any(Number) },
      ],
    },
  }),
}

describe('every documented route', () => {
  it('is in the table of routes, and every route that is asked here is documented: none more, none less', async () => {
    const { paths } = await document()
    const documented = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented.sort()).toEqual(Object.keys(ASKED).sort())
    expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it.each(Object.keys(ASKED))('%s answers with real data in its envelope, as it is documented', async (name) => {
    const { answer, data } = await ASKED[name]!()
    expect(answer.body.error).toBeUndefined()
    const { operation, status } = await operationOf(name)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({
      ...{ status: 'ok', data },
      metadata: {
        request_id: answer.headers.get('x-request-id'),
        ...{ timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), version: packageVersion },
        computation_time_ms: expect.any(Number),
      },
      links: { self: expect.stringMatching(/^\/api\/v1\//) },
    })
    expect(Object.keys(answer.body).sort()).toEqual(['data', 'links', 'metadata', 'status'])
    const { schema } = operation.responses[status].content['application/json']
    expect(await faultsOf(answer.body, schema)).toEqual([])
  })

  it('is followed by its links', async () => {
    const { body } = await call('/mechanisms?first=2&bank=us-health@1.0.0')
    const next = await fetch(new URL(body.links.next, server.url)).then((response) => response.json() as Json)
    expect(body.links.next).toContain('first=2')
    expect(next.data).toHaveLength(2)
    expect(next.data[0].id > body.data[1].id).toBe(true)
    const made = await post('/scenarios', SCENARIO)
    const related = await fetch(new URL(made.body.links.related, server.url)).then(
      (response) => response.json() as Json,
    )
    expect(related.data.id).toBe('rest-1')
  })

  it('leaves a row in the audit, as it goes the way of all operations', async () => {
    const { headers } = await call('/circular-flow/latest?economy=USA')
    await vi.waitFor(async () => {
      const { auditLog } = await graph.ask<Json>(
        'query($id: String) { auditLog(filter: { requestId: $id }) { edges { node { operationName outcome } } } }',
        { id: headers.get('x-request-id') },
      )
      expect(auditLog.edges).toEqual([{ node: { operationName: 'LatestCircularFlow', outcome: 'ok' } }])
    }, 5_000)
  })
})

describe('a request that cannot be answered', () => {
  const CASES: [string, () => ReturnType<typeof call>, number, string, string | undefined][] = [
    ['a path that is none', () => call('/calibration'), 404, 'NOT_FOUND', undefined],
    ['an id that is none', () => call('/scenarios/none'), 404, 'NOT_FOUND', undefined],
    ['a comparison with nothing', () => call('/comparisons?scenario=rest-1&with=none'), 404, 'NOT_FOUND', undefined],
    ['a period without figures', () => call('/circular-flow/historical/1800-Q1'), 404, 'NOT_FOUND', undefined],
    ['a day that is none', () => call('/circular-flow/historical/2019-13-01'), 400, 'BAD_INPUT', 'date'],
    ['a component that is none', () => call('/components/Z/trends'), 400, 'BAD_INPUT', 'c'],
    ['a parameter that is none', () => call('/mechanisms?frist=2'), 400, 'BAD_INPUT', 'frist'],
    ['a parameter given twice', () => call('/mechanisms?first=2&first=3'), 400, 'BAD_INPUT', 'first'],
    ['a number that is none', () => call('/mechanisms?first=two'), 400, 'BAD_INPUT', 'first'],
    ['a number that is too large', () => call('/mechanisms?first=5000'), 400, 'BAD_INPUT', 'first'],
    ['a truth that is none', () => call('/mechanisms?quantified=1'), 400, 'BAD_INPUT', 'quantified'],
    ['a word that is none', () => call('/imbalance/analysis?frequency=WEEKLY'), 400, 'BAD_INPUT', 'frequency'],
    ['a parameter that is missing', () => call('/comparisons?scenario=rest-1'), 400, 'BAD_INPUT', 'with'],
    ['a path that is wrongly encoded', () => call('/scenarios/%E0%A4'), 400, 'BAD_INPUT', 'id'],
    ['a body that is no JSON', () => post('/scenarios', '{'), 400, 'BAD_INPUT', 'body'],
    ['a body that is no object', () => post('/scenarios', [1]), 400, 'BAD_INPUT', 'body'],
    ['a body without what it needs', () => post('/scenarios', { id: 'x' }), 400, 'BAD_INPUT', 'body'],
    ['a body with more than there is', () => post('/scenarios', { ...SCENARIO, colour: 1 }), 400, 'BAD_INPUT', 'body'],
    [
      'a body of another type',
      () => post('/scenarios', '{}', { 'content-type': 'text/plain' }),
      415,
      'BAD_INPUT',
      'content-type',
    ],
    ['a method that it does not have', () => call('/mechanisms', { method: 'DELETE' }), 405, 'BAD_INPUT', 'method'],
    [
      'no credentials',
      () => call('/mechanisms', { headers: { authorization: 'none' } }),
      401,
      'UNAUTHENTICATED',
      undefined,
    ],
    [
      'the scenario of another tenant',
      () => call('/scenarios/rest-1', { headers: { authorization: 'other' } }),
      404,
      'NOT_FOUND',
      undefined,
    ],
  ]
  it.each(CASES)('is told so in the envelope: %s', async (_, ask, status, code, path) => {
    await post('/scenarios', SCENARIO)
    const answer = await ask()
    expect({ status: answer.status, code: answer.body.error.code, path: answer.body.error.detail.path }).toMatchObject(
      path === undefined ? { status, code } : { status, code, path },
    )
    expect(answer.body).toMatchObject({ status: 'error', metadata: { request_id: answer.headers.get('x-request-id') } })
    expect(await faultsOf(answer.body, { $ref: '#/components/schemas/ErrorEnvelope' })).toEqual([])
  })

  it('says which methods there are', async () => {
    expect((await call('/scenarios', { method: 'PUT', body: {} })).headers.get('allow')).toBe('GET, POST')
  })

  it('is no mutation over GET, which a link could trigger', async () => {
    expect((await call('/scenarios/simulate')).body.error.code).toMatch(/NOT_FOUND|BAD_INPUT/)
  })
})

describe('an answer to GET', () => {
  it('has a tag by which it is not sent again while the data are the same', async () => {
    const path = '/circular-flow/historical/2019-Q3?economy=AUS'
    const first = await call(path)
    const etag = first.headers.get('etag')!
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const second = await call(path, { headers: { 'if-none-match': etag } })
    expect([second.status, second.body]).toEqual([304, null])
    expect(
      (await call('/circular-flow/historical/2019-Q2?economy=AUS', { headers: { 'if-none-match': etag } })).status,
    ).toBe(200)
  })

  it('is compressed, and to HEAD it has no body', async () => {
    const sent = httpRequest(new URL('/api/v1/mechanisms', server.url), { headers: { 'accept-encoding': 'br' } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    expect(response.headers['content-encoding']).toBe('br')
    response.resume()
    const head = await fetch(new URL('/api/v1/mechanisms', server.url), { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('the document', () => {
  it('is OpenAPI 3.1: every reference leads somewhere, every name in a path is a parameter, every id is there once', async () => {
    const openapi = await document()
    expect(openapi).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Quesnay', version: packageVersion },
      servers: [{ url: '/api/v1' }],
    })
    const references = [...JSON.stringify(openapi).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name!,
    )
    expect(references.filter((name) => !Object.hasOwn(openapi.components.schemas, name))).toEqual([])
    const ids: string[] = []
    for (const [path, methods] of Object.entries<Json>(openapi.paths))
      for (const operation of Object.values<Json>(methods)) {
        ids.push(operation.operationId)
        expect(operation.summary.length).toBeGreaterThan(10)
        expect(operation['x-operation-hash']).toMatch(/^[0-9a-f]{64}$/)
        const inPath = (operation.parameters ?? [])
          .filter((one: Json) => one.in === 'path')
          .map((one: Json) => one.name)
        expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
        for (const one of operation.parameters ?? [])
          expect(one.schema.type ?? one.schema.$ref, `${path} ${one.name}`).toBeTruthy()
        expect(Object.keys(operation.responses)).toContain('default')
      }
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('leaves out routes whose operation a graph does not have, and these answer 404', async () => {
    const example = await startExampleServer()
    try {
      const openapi = (await fetch(new URL('/api/v1/openapi.json', example.server.url)).then((r) => r.json())) as Json
      expect(openapi.paths).toEqual({})
      const response = await fetch(new URL('/api/v1/mechanisms', example.server.url))
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ status: 'error', error: { code: 'NOT_FOUND' } })
    } finally {
      await example.close()
    }
  })
})

async function operationOf(name: string): Promise<{ operation: Json; status: number }> {
  const [method = '', path = ''] = name.split(' ')
  const operation = (await document()).paths[path][method.toLowerCase()]
  return { operation, status: Number(Object.keys(operation.responses).find((status) => status.startsWith('2'))) }
}

/** What of a value does not fit the part of JSON Schema that the document uses. */
async function faultsOf(value: Json, schema: Json): Promise<string[]> {
  const { components } = await document()
  const check = (one: Json, by: Json, path: string): string[] => {
    if (by.$ref) return check(one, components.schemas[by.$ref.split('/').at(-1)], path)
    const faults: string[] = []
    if ('const' in by && one !== by.const) faults.push(`${path} is not ${by.const}`)
    if (by.enum && !by.enum.includes(one)) faults.push(`${path} is none of the enum`)
    const types = by.type === undefined ? [] : [by.type].flat()
    const type = one === null ? 'null' : Array.isArray(one) ? 'array' : typeof one
    const fits = types.length === 0 || types.includes(type) || (types.includes('integer') && Number.isInteger(one))
    if (!fits) faults.push(`${path} is ${type} and not ${types}`)
    if (type === 'array')
      one.forEach((item: Json, i: number) => void faults.push(...check(item, by.items ?? {}, `${path}.${i}`)))
    if (type === 'object') {
      for (const name of by.required ?? []) if (!(name in one)) faults.push(`${path}.${name} is missing`)
      for (const [name, item] of Object.entries(one)) {
        const own =
          by.properties?.[name] ?? (typeof by.additionalProperties === 'object' ? by.additionalProperties : undefined)
        if (own) faults.push(...check(item, own, `${path}.${name}`))
        else if (by.properties) faults.push(`${path}.${name} is not documented`)
      }
    }
    return faults
  }
  return check(value, schema, '$')
}
