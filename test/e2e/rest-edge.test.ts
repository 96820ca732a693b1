// What the edge holds GraphQL to, it holds the REST routes to: safelist, scopes, tiers, limits and rates.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signToken } from '../../gateway/auth/development-issuer.ts'
import { type GatewayServer, serveGateway } from '../../gateway/http/serve.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { metricsPage } from '../../infra/metrics.ts'
import type { Tier } from '../../schema/caller.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-rest-edge-'))
const BURST = 3
const CONFIG = `
persisted: { mode: enforce }
limits: { computeSeconds: { free: 1 } }
rates: { tiers: { free: { perSecond: 0.001, burst: ${BURST} } } }
`
let graph: TestGraph
let server: GatewayServer

beforeAll(async () => {
  const config = join(directory, 'gateway.yaml')
  writeFileSync(config, CONFIG)
  graph = await openGraph({ QUESNAY_DATA: join(directory, 'data'), QUESNAY_GATEWAY_CONFIG: config })
  const { edge, gateway, metrics } = graph.embedded
  server = await serveGateway(gateway, {
    ...{ host: '127.0.0.1', port: 0, log: silentLog, metrics: () => metricsPage(metrics) },
    ...edge.http,
    authenticator: edge.authenticator,
  })
})
afterAll(async () => {
  await server?.close()
  await graph?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Somebody with a bucket of their own. */
async function somebody(subject: string, tier: Tier, scopes: readonly string[] = []) {
  const grant = { tenant: 'local', subject, scopes, roles: [], tier, seconds: 600 }
  const headers = {
    authorization: `Bearer ${await signToken(join(directory, 'data'), grant, systemClock)}`,
    'content-type': 'application/json',
  }
  return async (path: string, body?: object) => {
    const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    const response = await fetch(new URL(path, server.url), { headers, ...sent })
    // biome-ignore lint/suspicious/noExplicitAny: JSON of many forms.
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
}
const MECHANISMS = '/api/v1/mechanisms?first=1'
const SIMULATION = {
  ...{ title: 'T', economyId: 'USA', bankId: 'us-health@1.0.0', draws: 5000 },
  ...{ horizonYears: 50, savesPerYear: 1 },
}

describe('a REST route', () => {
  it('is on the safelist by definition, and what is not on it is refused', async () => {
    const ask = await somebody('safelist', 'pro')
    expect((await ask(MECHANISMS)).status).toBe(200)
    const other = await ask('/graphql', { query: '{ mechanisms(first: 1) { totalCount } }' })
    expect([other.status, other.body.errors[0].extensions.code]).toEqual([403, 'OPERATION_NOT_PUBLISHED'])
    const { paths } = (await ask('/api/v1/openapi.json')).body
    const documentId = `sha256:${paths['/mechanisms'].get['x-operation-hash']}`
    const same = await ask('/graphql', { documentId, variables: { first: 1 } })
    expect([same.status, same.body.errors]).toEqual([200, undefined])
  })

  it('takes the scope and the tier that its operation takes', async () => {
    const ask = await somebody('scopes', 'free')
    const made = await ask('/api/v1/scenarios', SIMULATION)
    expect([made.status, made.body.error.code]).toEqual([403, 'FORBIDDEN'])
    const figures = await ask('/api/v1/circular-flow/latest?economy=AUS')
    expect([figures.status, figures.body.error.code]).toEqual([403, 'FORBIDDEN'])
    expect(figures.body.error.detail).toMatchObject({ tier: 'pro' })
  })

  it('is refused more computing than the tier may have done', async () => {
    const ask = await somebody('computing', 'free', ['scenarios:write'])
    const { status, headers, body } = await ask('/api/v1/scenarios/simulate', { ...SIMULATION, id: 'never' })
    expect([status, body.error.code, body.error.detail.rule]).toEqual([400, 'LIMIT_EXCEEDED', 'computeSeconds'])
    expect(headers.get('x-quesnay-cost')).toMatch(/computeSeconds=[1-9]/)
    expect((await ask('/api/v1/scenarios/never')).status).toBe(404)
  })

  it('has the headers that its document names for each status', async () => {
    const ask = await somebody('headers', 'pro')
    const { paths, components, security } = (await ask('/api/v1/openapi.json')).body
    const named = (status: number) =>
      Object.values<{ $ref: string }>(paths['/mechanisms'].get.responses[status].headers).map(
        ({ $ref }) => $ref.split('/').at(-1)!,
      )
    const answered = await ask(MECHANISMS)
    expect(named(200)).toEqual(['x-request-id', 'x-quesnay-cost', 'etag'])
    for (const name of named(200)) expect(answered.headers.get(name), name).toBeTruthy()
    const limited = await somebody('headers of a refusal', 'free')
    for (let i = 0; i < BURST; i++) await limited(MECHANISMS)
    const refused = await limited(MECHANISMS)
    for (const name of named(429)) expect(refused.headers.get(name), name).toBeTruthy()
    expect(Object.keys(components.headers)).toEqual(expect.arrayContaining([...named(200), ...named(429)]))
    expect(security.flatMap(Object.keys)).toEqual(Object.keys(components.securitySchemes))
  })

  it('counts, and says what is left and when to come again', async () => {
    const ask = await somebody('rates', 'free')
    for (let left = BURST - 1; left >= 0; left--) {
      const { status, headers } = await ask(MECHANISMS)
      expect([status, headers.get('ratelimit')]).toEqual([200, expect.stringMatching(`"burst";r=${left};`)])
    }
    const { status, headers, body } = await ask(MECHANISMS)
    expect([status, body.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
