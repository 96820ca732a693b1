// What a request carries decides how it is known: a token, a key, or nothing, which is enough for this machine's user alone.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts'
import type { Credentials } from '../edge/authenticator.ts'
import { createKey, listKeys, type NewKey, revokeKey } from './api-keys.ts'
import { AUTH } from './auth-config.ts'
import { signToken } from './development-issuer.ts'
import { type OpenAuthenticator, openAuthenticator } from './open-authenticator.ts'

let database: TestStore
let directory: string
let clock: ManualClock
let opened: OpenAuthenticator
const grant = { tenant: 'acme', scopes: ['a'], roles: ['analyst'], tier: 'pro' } as const

beforeAll(async () => {
  database = await freshStore()
  directory = mkdtempSync(join(tmpdir(), 'quesnay-auth-'))
})
afterAll(async () => {
  await database?.drop()
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(() => {
  clock = manualClock()
})

function open(given: { auth?: object; host?: string; store?: TestStore['store'] | undefined } = {}): OpenAuthenticator {
  const { auth = {}, host = '127.0.0.1' } = given
  const store = 'store' in given ? given.store : database.store
  const common = { clock, log: silentLog, tenant: 'local', dataDirectory: directory }
  opened = openAuthenticator({ config: AUTH.parse(auth), store, host, ...common })
  return opened
}
const from = (headers: IncomingHttpHeaders, more: Partial<Credentials> = {}): Credentials => ({
  headers: { host: '127.0.0.1:4000', ...headers },
  remoteAddress: '127.0.0.1',
  ...more,
})
const refused = { code: 'UNAUTHENTICATED' }
const bearer = async (seconds = 60) =>
  `Bearer ${await signToken(directory, { ...grant, subject: 'dev', seconds }, clock)}`

describe('demo mode', () => {
  it('lets in whoever sits at this machine, with what the configuration grants', async () => {
    for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.0.1'])
      for (const host of ['127.0.0.1', 'localhost', '::1'])
        expect(await open({ host }).authenticate(from({}, { remoteAddress })), remoteAddress).toEqual({
          tenant: 'local',
          principal: { subject: 'anonymous', proof: 'demo', scopes: ['*'], roles: ['admin'], tier: 'enterprise' },
        })
    const demoPrincipal = { scopes: ['a'], roles: [], tier: 'free' }
    expect((await open({ auth: { demoPrincipal } }).authenticate(from({}))).principal).toMatchObject(demoPrincipal)
  })

  it('is not for a server that others can reach, nor for a peer elsewhere, nor where it is off', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.4', 'quesnay.example.org', '127.0.0.1.example.org'])
      await expect(open({ host }).authenticate(from({})), host).rejects.toMatchObject(refused)
    for (const remoteAddress of ['192.168.1.4', '::ffff:10.0.0.1', '2001:db8::1', undefined])
      await expect(open().authenticate(from({}, { remoteAddress })), remoteAddress).rejects.toMatchObject(refused)
    await expect(open({ auth: { demo: 'off' } }).authenticate(from({}))).rejects.toMatchObject(refused)
  })

  it('is not for what comes through a proxy, or was asked under another name', async () => {
    for (const headers of [
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-forwarded-host': 'localhost' },
      { 'x-real-ip': '127.0.0.1' },
      { via: '1.1 proxy' },
      { host: 'rebound.example.org:4000' },
      { host: 'localhost.example.org' },
    ] as IncomingHttpHeaders[])
      await expect(open().authenticate(from(headers)), JSON.stringify(headers)).rejects.toMatchObject(refused)
    for (const host of ['localhost:4000', '[::1]:4000', 'LOCALHOST'])
      expect((await open().authenticate(from({ host }))).tenant).toBe('local')
  })

  it('lets nobody in whose credentials do not hold', async () => {
    for (const headers of [
      { authorization: 'Bearer nonsense' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic dXNlcjpwYXNz' },
      { authorization: '' },
      { 'x-api-key': 'qz_0123456789abcdef_' },
      { 'x-api-key': '' },
      { 'x-api-key': ['a', 'b'] as never },
    ] as IncomingHttpHeaders[])
      await expect(open().authenticate(from(headers)), JSON.stringify(headers)).rejects.toMatchObject(refused)
  })
})

describe('credentials', () => {
  it('are taken from the header, or from the connection_init of a WebSocket, which goes first', async () => {
    const authorization = await bearer()
    const tenantOf = async (credentials: Credentials) => (await open().authenticate(credentials)).tenant
    expect(await tenantOf(from({ authorization }))).toBe('acme')
    expect(await tenantOf(from({ authorization: authorization.replace('Bearer', 'bearer') }))).toBe('acme')
    for (const connectionParams of [{ authorization }, { Authorization: authorization }])
      expect(await tenantOf(from({ authorization: 'Bearer other' }, { connectionParams }))).toBe('acme')
    expect(await tenantOf(from({}, { connectionParams: { unrelated: 1 } }))).toBe('local')
    for (const connectionParams of [{ authorization: 'Bearer x' }, { apiKey: 7 }, { authorization: { a: 1 } }])
      await expect(tenantOf(from({ authorization }, { connectionParams }))).rejects.toMatchObject(refused)
  })

  it('of the built-in issuer hold on loopback, or where the configuration says so', async () => {
    const authorization = await bearer()
    const elsewhere = { remoteAddress: '10.0.0.1' }
    await expect(open({ host: '0.0.0.0' }).authenticate(from({ authorization }, elsewhere))).rejects.toMatchObject(
      refused,
    )
    await expect(open({ auth: { demo: 'off' } }).authenticate(from({ authorization }))).rejects.toMatchObject(refused)
    const trusting = open({ host: '0.0.0.0', auth: { developmentIssuer: true } })
    expect((await trusting.authenticate(from({ authorization }, elsewhere))).principal).toMatchObject({
      subject: 'dev',
      proof: 'token',
      tier: 'pro',
    })
    expect(statSync(join(directory, 'issuer', 'private-key.pem')).mode & 0o777).toBe(0o600)
  })

  it('say TOKEN_EXPIRED where a token was good until lately', async () => {
    const authorization = await bearer(1)
    await clock.advance(62_000)
    await expect(open().authenticate(from({ authorization }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      detail: { reason: 'TOKEN_EXPIRED' },
    })
  })
})

describe('an API key', () => {
  const make = (more: Partial<NewKey> = {}) =>
    createKey(database.store, { ...grant, label: 'import', expiresAt: null, ...more }, clock)

  it('holds as X-Api-Key, as a bearer token and in connection_init, with what it was granted', async () => {
    const { id, text } = await make({ expiresAt: clock.now() + 1000 })
    expect(text).toMatch(/^qz_[0-9a-f]{16}_[\w-]{43}$/)
    for (const credentials of [
      from({ 'x-api-key': text }),
      from({ authorization: `Bearer ${text}` }),
      from({}, { connectionParams: { apiKey: text } }),
    ])
      expect(await open().authenticate(credentials)).toEqual({
        tenant: 'acme',
        principal: {
          subject: `import (key ${id})`,
          proof: 'key',
          scopes: ['a'],
          roles: ['analyst'],
          tier: 'pro',
          expiresAt: clock.now() + 1000,
        },
      })
    await opened.close()
  })

  it('is kept as a hash only, and nothing but the whole secret holds', async () => {
    const { id, text } = await make()
    const secret = text.slice(-43)
    const dump = await database.store.query<{ row: string }>(
      'select k::text as row from gateway.api_key k where id = $1',
      [id],
    )
    expect(dump[0]!.row).not.toContain(secret)
    for (const key of await listKeys(database.store)) expect(Object.keys(key)).not.toContain('hash')
    const other = (await make()).text.slice(-43)
    const authenticator = open()
    for (const wrong of [
      `qz_${id}_${other}`,
      text.slice(0, -1),
      `${text}a`,
      text.toUpperCase(),
      `qz_${'0'.repeat(16)}_${secret}`,
    ])
      await expect(authenticator.authenticate(from({ 'x-api-key': wrong })), wrong).rejects.toMatchObject(refused)
    await expect(open({ store: undefined }).authenticate(from({ 'x-api-key': text }))).rejects.toMatchObject(refused)
  })

  it('ends when it expires, and within seconds when it is revoked', async () => {
    const expiring = await make({ expiresAt: clock.now() + 1000 })
    const revoked = await make()
    const authenticator = open()
    for (const { text } of [expiring, revoked]) await authenticator.authenticate(from({ 'x-api-key': text }))
    await clock.advance(1000)
    await expect(authenticator.authenticate(from({ 'x-api-key': expiring.text }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      detail: { reason: 'KEY_EXPIRED' },
    })
    await revokeKey(database.store, revoked.id, clock)
    await clock.advance(5000)
    await expect(authenticator.authenticate(from({ 'x-api-key': revoked.text }))).rejects.toMatchObject(refused)
    await expect(revokeKey(database.store, 'none', clock)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await authenticator.close()
  })

  it('knows when it was used last, to the minute', async () => {
    const { id, text } = await make()
    const lastUsed = async () => (await listKeys(database.store, 'acme')).find((key) => key.id === id)!.lastUsedAt
    const use = async () => {
      await authenticator.authenticate(from({ 'x-api-key': text }))
      await authenticator.close()
    }
    let authenticator = open()
    expect(await lastUsed()).toBeNull()
    const first = clock.now()
    await use()
    expect(await lastUsed()).toBe(first)
    await clock.advance(59_000)
    await use()
    // Also for a gateway beside it, which has not written it down yet itself.
    authenticator = open()
    await use()
    expect(await lastUsed()).toBe(first)
    await clock.advance(60_000)
    await use()
    expect(await lastUsed()).toBe(clock.now())
  })
})
