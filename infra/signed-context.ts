// What the gateway tells a subgraph of who asks, signed for that subgraph and for a minute: nobody else can say it, or say it elsewhere.
import { readFileSync } from 'node:fs'
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { type Principal, TIERS } from '../schema/caller.ts'
import { QuesnayError } from '../schema/errors.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'

/** A compact JWS (RFC 7515) of claims, signed with HMAC-SHA-256. */
export const CONTEXT_HEADER = 'x-quesnay-context'

const ISSUER = 'quesnay-gateway'
/** Life of one, in seconds; one is used again for requests of the same caller until half of it is over. */
const LIFE_S = 60
/** Clocks of two machines may differ by so much. */
const SKEW_S = 5
const MAX_KEPT = 10_000
const MIN_SECRET = 32

/** What may be told. A partner is told less: then a tenant is absent or a pseudonym. */
export interface ToldIdentity {
  readonly tenant?: string | undefined
  readonly principal: Partial<Omit<Principal, 'expiresAt'>>
  /** Seconds of computing that one operation may have done. */
  readonly computeSeconds?: number | undefined
}

/** Whom a subgraph answers. */
export interface ProvedIdentity {
  readonly tenant: string
  readonly principal: Principal
  readonly computeSeconds?: number
}

/** Signs what a subgraph of a name is told. @param requestId of the request that it is first made for. */
export type ContextSigner = (subgraph: string, told: ToldIdentity, requestId: string) => Promise<string>

export function contextSigner(secret: string, clock: Clock): ContextSigner {
  const key = keyOf(secret)
  const kept = new LRUCache<string, { readonly token: string; readonly until: number }>({ max: MAX_KEPT })
  return async (subgraph, { tenant, principal, computeSeconds }, requestId) => {
    const { subject, proof, scopes, roles, tier } = principal
    const name = JSON.stringify([subgraph, tenant, subject, proof, scopes, roles, tier, computeSeconds])
    const now = clock.now()
    const before = kept.get(name)
    if (before && now < before.until) return before.token
    const issued = Math.floor(now / 1000)
    const token = await new SignJWT({ tenant, proof, scopes, roles, tier, computeSeconds })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(subgraph)
      .setSubject(subject ?? '')
      .setIssuedAt(issued)
      .setExpirationTime(issued + LIFE_S)
      .setJti(requestId)
      .sign(key)
    kept.set(name, { token, until: now + (LIFE_S / 2) * 1000 })
    return token
  }
}

export type ContextVerifier = (token: unknown) => Promise<ProvedIdentity>

/** Errors: UNAUTHENTICATED for whatever the gateway has not signed, for this subgraph, within the minute. */
export function contextVerifier(secret: string, subgraph: string, clock: Clock): ContextVerifier {
  const key = keyOf(secret)
  const kept = new LRUCache<string, { readonly identity: ProvedIdentity; readonly until: number }>({ max: MAX_KEPT })
  return async (token) => {
    if (typeof token !== 'string') throw refused()
    const before = kept.get(token)
    if (before && clock.now() < before.until) return before.identity
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: subgraph,
        clockTolerance: SKEW_S,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'iat', 'jti', 'tenant'],
      })
      const identity = identityOf(payload)
      kept.set(token, { identity, until: (payload.exp! + SKEW_S) * 1000 })
      return identity
    } catch (cause) {
      throw refused(cause)
    }
  }
}

/** The secret that gateway and subgraphs share; undefined where none is set. CONFIG_INVALID where its file cannot be read or it is short. */
export function contextSecretOf({ contextSecret, contextSecretFile }: Config): string | undefined {
  if (contextSecret !== undefined) return contextSecret
  return contextSecretFile === undefined ? undefined : secretIn(contextSecretFile, 'QUESNAY_CONTEXT_SECRET_FILE')
}

/** What a file holds, without the line's end. @param path of the setting, for errors. CONFIG_INVALID. */
export function secretIn(file: string, path: string): string {
  const invalid = (problem: string, cause?: unknown) =>
    new QuesnayError(
      'CONFIG_INVALID',
      `the secret of ${path} ${problem}`,
      { path, suggestion: 'give a file with at least 32 random characters, such as of `openssl rand -hex 32`' },
      { cause },
    )
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw invalid('cannot be read', cause)
  }
  if (secret.length < MIN_SECRET) throw invalid(`has fewer than ${MIN_SECRET} characters`)
  return secret
}

const keyOf = (secret: string) => new TextEncoder().encode(secret)

function identityOf(payload: Record<string, unknown>): ProvedIdentity {
  const { tenant, sub, proof, scopes, roles, tier, computeSeconds } = payload
  const words = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  if (typeof tenant !== 'string' || tenant === '') throw new Error('no tenant')
  return {
    tenant,
    principal: {
      subject: String(sub ?? ''),
      proof: (['token', 'key', 'demo', 'process'] as const).find((known) => known === proof) ?? 'token',
      scopes: words(scopes),
      roles: words(roles),
      tier: TIERS.find((known) => known === tier) ?? 'free',
    },
    ...(typeof computeSeconds === 'number' ? { computeSeconds } : {}),
  }
}

function refused(cause?: unknown): QuesnayError {
  const suggestion = 'ask the gateway: a subgraph answers nobody else'
  return new QuesnayError('UNAUTHENTICATED', 'the request does not come from the gateway', { suggestion }, { cause })
}
