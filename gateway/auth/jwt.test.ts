import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { type Signer, startIssuer, type TestIssuer } from '../../test/support/issuer.ts'
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts'
import { AUTH, type IssuerConfig } from './auth-config.ts'
import { developmentIssuer, signToken } from './development-issuer.ts'
import { tokenVerifier } from './jwt.ts'

const issuerConfig = (given: object): IssuerConfig =>
  AUTH.parse({ issuers: [{ issuer: 'https://id.example.org', audience: 'quesnay', ...given }] }).issuers[0]!

describe('tokens of an issuer', () => {
  let clock: ManualClock
  let issuer: TestIssuer
  let claims: JWTPayload
  beforeEach(async () => {
    clock = manualClock()
    issuer = await startIssuer()
    const now = clock.now() / 1000
    claims = {
      ...{ iss: 'https://id.example.org', aud: ['other', 'quesnay'], sub: 'ann', tenant: 'acme', tier: 'pro' },
      ...{ scope: 'a b', roles: ['analyst'], iat: now, nbf: now, exp: now + 600 },
    }
  })
  afterEach(() => issuer.close())

  const verifier = (given: object = {}) =>
    tokenVerifier({
      issuers: [issuerConfig({ jwksUrl: issuer.jwksUrl, cooldownSeconds: 0, ...given })],
      clock,
      log: silentLog,
    })
  const refusal = (reason?: string) => ({ code: 'UNAUTHENTICATED', ...(reason ? { detail: { reason } } : {}) })

  it.each(['RS256', 'ES256', 'EdDSA'])('hold when they are signed with %s', async (alg) => {
    const sign = await issuer.add(alg, 'k1', claims)
    expect(await verifier().verify(await sign())).toEqual({
      tenant: 'acme',
      principal: {
        subject: 'ann',
        proof: 'token',
        scopes: ['a', 'b'],
        roles: ['analyst'],
        tier: 'pro',
        expiresAt: clock.now() + 660_000,
      },
    })
    const others = ['RS256', 'ES256', 'EdDSA'].filter((one) => one !== alg)
    await expect(verifier({ algorithms: others }).verify(await sign())).rejects.toMatchObject(refusal())
  })

  it('do not hold unsigned, or signed with the public key as if it were a secret', async () => {
    await issuer.add('RS256', 'k1', claims)
    const unsigned = new UnsecuredJWT(claims).encode()
    const pem = createPublicKey({ key: issuer.keys[0] as JWK as never, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(pem as string))
    for (const token of [unsigned, confused]) await expect(verifier().verify(token)).rejects.toMatchObject(refusal())
    expect(() => issuerConfig({ jwksUrl: issuer.jwksUrl, algorithms: ['HS256'] })).toThrow()
  })

  it('hold for this audience, of this issuer, from their beginning to their end, and name somebody of a tenant', async () => {
    const sign = await issuer.add('ES256', 'k1', claims)
    const now = clock.now() / 1000
    const wrong: Record<string, unknown>[] = [
      { aud: 'other' },
      { aud: undefined },
      { iss: 'https://id.example.org/' },
      { iss: undefined },
      { nbf: now + 61 },
      { exp: undefined },
      { sub: undefined },
      { tenant: undefined },
      { tenant: 'Acme Ltd' },
      { tenant: ['acme'] },
    ]
    for (const claim of wrong)
      await expect(verifier().verify(await sign(claim)), JSON.stringify(claim)).rejects.toMatchObject(refusal())
    for (const claim of [{ nbf: now + 59 }, { exp: now - 59 }])
      expect((await verifier().verify(await sign(claim))).tenant, JSON.stringify(claim)).toBe('acme')
    await expect(verifier().verify(await sign({ exp: now - 60 }))).rejects.toMatchObject(refusal('TOKEN_EXPIRED'))
    await expect(verifier({ clockSkewSeconds: 0 }).verify(await sign({ exp: now - 1 }))).rejects.toMatchObject(
      refusal('TOKEN_EXPIRED'),
    )
  })

  it('say the same whatever is wrong with them, and nothing of what was expected', async () => {
    const sign = await issuer.add('EdDSA', 'k1', claims)
    const token = await sign()
    const flipped = `${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`
    const texts = new Set<string>()
    for (const text of [
      await sign({ aud: 'x' }),
      await sign({ iss: 'x' }),
      flipped,
      'x',
      '..',
      `${token}${'a'.repeat(20_000)}`,
    ]) {
      const error = await verifier()
        .verify(text)
        .catch((caught: Error) => caught)
      texts.add(JSON.stringify([(error as Error).message, (error as { detail?: unknown }).detail]))
    }
    expect([...texts]).toHaveLength(1)
    expect([...texts][0]).not.toMatch(/aud|issuer/)
  })

  it('hold when a new key has signed them, and no longer when their key is gone', async () => {
    const first = await issuer.add('RS256', 'k1', claims)
    const tokens = verifier()
    await tokens.verify(await first())
    const second = await issuer.add('ES256', 'k2', claims)
    issuer.keys = issuer.keys.filter(({ kid }) => kid === 'k2')
    expect((await tokens.verify(await second())).principal.subject).toBe('ann')
    await expect(tokens.verify(await first({ sub: 'bob' }))).rejects.toMatchObject(refusal())
    await expect(tokens.verify(await second({}, { kid: 'k3' }))).rejects.toMatchObject(refusal())
  })

  it('with a key that is not known make the keys be asked for once in the cooldown only', async () => {
    const sign = await issuer.add('ES256', 'k1', claims)
    const tokens = verifier({ cooldownSeconds: 30 })
    await tokens.verify(await sign())
    for (let i = 0; i < 20; i++)
      await expect(tokens.verify(await sign({}, { kid: `k${i + 2}` }))).rejects.toMatchObject(refusal())
    expect(issuer.asked).toBe(1)
  })

  it('are verified once a minute, and never believed past their end', async () => {
    const sign = await issuer.add('EdDSA', 'k1', claims)
    const tokens = verifier({ clockSkewSeconds: 0 })
    const token = await sign({ exp: clock.now() / 1000 + 90 })
    const identity = await tokens.verify(token)
    issuer.keys = []
    await clock.advance(59_000)
    expect(await tokens.verify(token)).toBe(identity)
    await clock.advance(31_000)
    await expect(tokens.verify(token)).rejects.toMatchObject(refusal('TOKEN_EXPIRED'))
  })

  it('of several issuers are verified with the keys of their own', async () => {
    const other = await startIssuer()
    const sign = await issuer.add('ES256', 'k1', claims)
    const signOther = await other.add('ES256', 'k1', { ...claims, iss: 'urn:other', tenant: 'theirs' })
    const config = { jwksUrl: other.jwksUrl, issuer: 'urn:other', tenant: 'fixed', cooldownSeconds: 0 }
    const tokens = tokenVerifier({
      issuers: [issuerConfig({ jwksUrl: issuer.jwksUrl }), issuerConfig(config)],
      clock,
      log: silentLog,
    })
    expect((await tokens.verify(await sign())).tenant).toBe('acme')
    expect((await tokens.verify(await signOther())).tenant).toBe('fixed')
    await expect(tokens.verify(await signOther({ iss: 'https://id.example.org' }))).rejects.toMatchObject(refusal())
    await other.close()
  })

  it('take scopes, roles, tier and tenant from the claims that the configuration names', async () => {
    const sign = await issuer.add('ES256', 'k1', claims)
    const named = { tenant: 'org', scopes: 'permissions', roles: 'groups', tier: 'plan' }
    const token = await sign({ org: 'beta', permissions: ['x', 7, ''], groups: 'one two', plan: 'gold' })
    expect(await verifier({ claims: named }).verify(token)).toMatchObject({
      tenant: 'beta',
      principal: { scopes: ['x'], roles: ['one', 'two'], tier: 'free' },
    })
  })

  it('do not hold while the issuer does not answer', async () => {
    const sign: Signer = await issuer.add('ES256', 'k1', claims)
    const token = await sign()
    await issuer.close()
    // It has a reason of its own, so that it is not counted as a guess.
    await expect(verifier().verify(token)).rejects.toMatchObject(refusal('ISSUER_UNAVAILABLE'))
  })

  it('do not hold by keys that never end', async () => {
    const sign = await issuer.add('ES256', 'k1', claims)
    issuer.keys = [...issuer.keys, { kty: 'oct', k: 'A'.repeat(2 ** 20) }]
    await expect(verifier().verify(await sign())).rejects.toMatchObject(refusal('ISSUER_UNAVAILABLE'))
  })

  it('leave neither themselves nor their claims in a log when they are refused', async () => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
    const sign = await issuer.add('ES256', 'k1', claims)
    const token = await sign({ aud: 'x', sub: 'ann@example.org' })
    const issuers = [issuerConfig({ jwksUrl: issuer.jwksUrl })]
    await expect(tokenVerifier({ issuers, clock, log }).verify(token)).rejects.toMatchObject(refusal())
    expect(lines.join()).toContain('a token was refused')
    expect(lines.join()).not.toContain('ann@example.org')
    expect(lines.join()).not.toContain(token.split('.')[2])
  })

  it('are those of issuers whose keys come by https, or from this machine', () => {
    const faults = (jwksUrl: string) => {
      const read = AUTH.safeParse({ issuers: [{ issuer: 'i', audience: 'a', jwksUrl }] })
      return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'))
    }
    for (const url of [
      'https://id.example.org/keys',
      'http://127.0.0.1:1/keys',
      'http://[::1]:1/',
      'http://localhost/',
    ])
      expect(faults(url), url).toEqual([])
    for (const url of ['http://id.example.org/keys', 'http://127.0.0.1.example.org/', 'ftp://x/', 'file:///etc/passwd'])
      expect(faults(url), url).toEqual(['issuers.0.jwksUrl'])
  })
})

describe('tokens of an issuer whose keys are in a file', () => {
  it('follow the file, also where it comes to be only later', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'quesnay-jwks-'))
    const clock = manualClock()
    const issuer = await startIssuer()
    try {
      const now = clock.now() / 1000
      const claims = { iss: 'https://id.example.org', aud: 'quesnay', sub: 'ann', tenant: 'acme', exp: now + 600 }
      const jwksFile = join(directory, 'jwks.json')
      const tokens = tokenVerifier({
        issuers: [issuerConfig({ jwksFile, cooldownSeconds: 10 })],
        clock,
        log: silentLog,
      })
      const first = await issuer.add('ES256', 'k1', claims)
      await expect(tokens.verify(await first())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      writeFileSync(jwksFile, JSON.stringify({ keys: issuer.keys }))
      expect((await tokens.verify(await first())).tenant).toBe('acme')
      const second = await issuer.add('RS256', 'k2', claims)
      writeFileSync(jwksFile, JSON.stringify({ keys: issuer.keys }))
      utimesSync(jwksFile, now, now)
      await expect(tokens.verify(await second())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      await clock.advance(10_000)
      expect((await tokens.verify(await second())).tenant).toBe('acme')
    } finally {
      await issuer.close()
      rmSync(directory, { recursive: true })
    }
  })

  it('of the built-in issuer hold where its data directory is, and nowhere else', async () => {
    const [here, there] = [mkdtempSync(join(tmpdir(), 'quesnay-a-')), mkdtempSync(join(tmpdir(), 'quesnay-b-'))]
    const clock = manualClock()
    const request = {
      tenant: 'acme',
      subject: 'dev',
      scopes: ['a'],
      roles: ['admin'],
      tier: 'pro',
      seconds: 60,
    } as const
    const token = await signToken(here, request, clock)
    await signToken(there, request, clock)
    const at = (directory: string) => tokenVerifier({ issuers: [developmentIssuer(directory)], clock, log: silentLog })
    expect(await at(here).verify(token)).toMatchObject({
      tenant: 'acme',
      principal: { subject: 'dev', scopes: ['a'], roles: ['admin'], tier: 'pro' },
    })
    await expect(at(there).verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    for (const directory of [here, there]) rmSync(directory, { recursive: true })
  })
})
