// Guessing keys and tokens, over every transport of a real server: after a few, whatever is shown is refused unseen.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { AUTH } from '../../gateway/auth/auth-config.ts'
import { signToken } from '../../gateway/auth/development-issuer.ts'
import { type OpenAuthenticator, openAuthenticator } from '../../gateway/auth/open-authenticator.ts'
import { silentLog as log } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const BAD = `qz_${'0'.repeat(16)}_${'A'.repeat(43)}`
const BURST = 4
const metrics = createMetrics('test')

let directory: string
let clock: ManualClock
let authenticator: OpenAuthenticator
let example: ExampleServer

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'quesnay-failures-'))
  clock = manualClock()
  const config = AUTH.parse({ failures: { burst: BURST, perMinute: 10 } })
  const where = { store: undefined, tenant: 'local', host: '127.0.0.1', dataDirectory: directory }
  authenticator = openAuthenticator({ config, clock, log, metrics, ...where })
  example = await startExampleServer({ authenticator, trustedProxies: ['127.0.0.1'] })
})
afterEach(async () => {
  await example.close()
  await authenticator.close()
  rmSync(directory, { recursive: true, force: true })
})

type Headers = Readonly<Record<string, string>>
const body = JSON.stringify({ query: '{ tenant }' })
const post = (headers: Headers, path = '/graphql') =>
  fetch(new URL(path, example.endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
const rest = (headers: Headers) => fetch(new URL('/api/v1/openapi.json', example.endpoint), { headers })
const key = (text = BAD, from = '198.51.100.1') => ({ 'x-api-key': text, 'x-forwarded-for': from })

/** Code and reason with which a WebSocket is closed that says so of itself. */
const closeOf = (connectionParams: object, from = '198.51.100.1') =>
  new Promise<string>((resolve) => {
    const headers = { 'x-forwarded-for': from }
    const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws', { headers })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: connectionParams })))
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`))
  })

describe('keys that do not hold', () => {
  it('are refused unseen over every transport once one address has shown a few', async () => {
    expect((await post(key())).status).toBe(401)
    expect((await post({ ...key(), accept: 'text/event-stream' })).status).toBe(401)
    expect((await rest(key())).status).toBe(401)
    expect(await closeOf({ apiKey: BAD })).toBe('4401 UNAUTHENTICATED')

    for (const response of [
      await post(key()),
      await post({ ...key(), accept: 'text/event-stream' }),
      await post(key(), '/graphql/stream'),
    ]) {
      expect(response.status).toBe(429)
      expect(response.headers.get('retry-after')).toBe('6')
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED', detail: { policy: 'authentication', retryAfterSeconds: 6 } } }],
      })
    }
    const resource = await rest(key())
    expect([resource.status, resource.headers.get('retry-after')]).toEqual([429, '6'])
    expect(await resource.json()).toMatchObject({ status: 'error', error: { code: 'RATE_LIMITED' } })
    expect(await closeOf({ apiKey: BAD })).toBe('4429 RATE_LIMITED')
    expect((await metricsPage(metrics)).body).toContain(
      'quesnay_rate_limited_total{policy="authentication",service="test"} 5',
    )

    await clock.advance(6_000)
    expect((await post(key())).status).toBe(401)
    expect((await post(key())).status).toBe(429)
  })

  it('stop neither other addresses nor who carries nothing', async () => {
    for (let i = 0; i <= BURST; i++) await post(key())
    expect((await post(key(BAD, '198.51.100.2'))).status).toBe(401)
    expect((await post({})).status).toBe(200)
  })

  it('cannot be shown as from elsewhere: before a trusted proxy the client may write what it likes', async () => {
    for (let i = 0; i < BURST; i++) await post(key(BAD, `192.0.2.${i}, 198.51.100.1`))
    expect((await post(key(BAD, '192.0.2.99, 198.51.100.1'))).status).toBe(429)
  })

  it('leave a token alone that has held at that address before', async () => {
    const grant = { tenant: 'acme', subject: 'ann', scopes: [], roles: [], tier: 'pro', seconds: 600 } as const
    const authorization = `Bearer ${await signToken(directory, grant, clock)}`
    const known = { authorization, 'x-forwarded-for': '198.51.100.1' }
    expect((await post(known)).status).toBe(200)
    for (let i = 0; i <= BURST; i++) await post(key())
    expect((await post(known)).status).toBe(200)
  })
})
