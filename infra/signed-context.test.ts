import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Principal } from '../schema/caller.ts'
import { manualClock } from '../test/support/manual-clock.ts'
import { contextSigner, contextVerifier } from './signed-context.ts'

const secret = 'a secret of this test, long enough'
const principal: Principal = { subject: 'ann', proof: 'token', scopes: ['a'], roles: ['analyst'], tier: 'pro' }
const who = { tenant: 'acme', principal }
const refused = { code: 'UNAUTHENTICATED', message: 'the request does not come from the gateway' }

describe('what the gateway tells a subgraph', () => {
  it('arrives as it was told', async () => {
    const clock = manualClock()
    const token = await contextSigner(secret, clock)('economies', who, 'r-1')
    expect(await contextVerifier(secret, 'economies', clock)(token)).toEqual(who)
    const bounded = { ...who, computeSeconds: 60 }
    const other = await contextSigner(secret, clock)('economies', bounded, 'r-1')
    expect(await contextVerifier(secret, 'economies', clock)(other)).toEqual(bounded)
  })

  it('is not believed by another subgraph, with another secret, or after its minute', async () => {
    const clock = manualClock()
    const token = await contextSigner(secret, clock)('economies', who, 'r-1')
    await expect(contextVerifier(secret, 'portfolios', clock)(token)).rejects.toMatchObject(refused)
    await expect(contextVerifier(`${secret}!`, 'economies', clock)(token)).rejects.toMatchObject(refused)
    const verify = contextVerifier(secret, 'economies', clock)
    await clock.advance(64_000)
    expect((await verify(token)).tenant).toBe('acme')
    await clock.advance(1_000)
    await expect(verify(token)).rejects.toMatchObject(refused)
  })

  it('is not believed from anybody else', async () => {
    const clock = manualClock()
    const verify = contextVerifier(secret, 'economies', clock)
    const now = clock.now() / 1000
    const claims = {
      ...who.principal,
      tenant: 'acme',
      iss: 'quesnay-gateway',
      aud: 'economies',
      iat: now,
      exp: now + 60,
      jti: 'r',
    }
    const signed = (changes: object, alg = 'HS256') =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))
    expect((await verify(await signed({}))).tenant).toBe('acme')
    const good = await signed({})
    const [head, body, signature] = good.split('.') as [string, string, string]
    const other = Buffer.from(JSON.stringify({ ...claims, tenant: 'other' })).toString('base64url')
    for (const forged of [
      undefined,
      '',
      'x',
      new UnsecuredJWT(claims).encode(),
      `${head}.${other}.${signature}`,
      `${head}.${body}.`,
      await signed({}, 'HS512'),
      await signed({ iss: 'other' }),
      await signed({ exp: undefined }),
      await signed({ jti: undefined }),
      await signed({ tenant: undefined }),
      await signed({ tenant: '' }),
      await signed({ exp: now - 6 }),
    ])
      await expect(verify(forged), String(forged)).rejects.toMatchObject(refused)
  })

  it('is signed once for equal callers, and anew before it is too old', async () => {
    const clock = manualClock()
    const sign = contextSigner(secret, clock)
    const first = await sign('economies', who, 'r-1')
    expect(await sign('economies', { tenant: 'acme', principal: { ...principal } }, 'r-2')).toBe(first)
    for (const other of [
      sign('portfolios', who, 'r-1'),
      sign('economies', { ...who, tenant: 'other' }, 'r-1'),
      sign('economies', { ...who, computeSeconds: 60 }, 'r-1'),
      sign('economies', { ...who, principal: { ...principal, scopes: [] } }, 'r-1'),
      sign('economies', { ...who, principal: { ...principal, tier: 'free' } }, 'r-1'),
    ])
      expect(await other).not.toBe(first)
    await clock.advance(30_000)
    expect(await sign('economies', who, 'r-3')).not.toBe(first)
  })
})
