// Tokens of issuers: JWTs signed by a key of the issuer's JWKS, verified once and remembered for a minute.
import { createHash } from 'node:crypto'
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { JWTExpired } from 'jose/errors'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import { TIERS } from '../../schema/caller.ts'
import type { Identity } from '../edge/authenticator.ts'
import type { IssuerConfig } from './auth-config.ts'
import { KeysUnavailable, keySetOf } from './key-set.ts'
import { expired, unauthenticated, unverifiable } from './unauthenticated.ts'

export interface TokenVerifier {
  /** Errors: UNAUTHENTICATED, with detail.reason TOKEN_EXPIRED or ISSUER_UNAVAILABLE where it is only that. */
  verify(token: string): Promise<Identity>
}

export interface TokenVerifierOptions {
  readonly issuers: readonly IssuerConfig[]
  readonly clock: Clock
  readonly log: Logger
}

interface Issuer {
  readonly config: IssuerConfig
  readonly keys: JWTVerifyGetKey
}

interface Verified {
  readonly identity: Identity
  readonly until: number
}

const MAX_KEPT = 10_000
/** What an issuer takes back holds no longer than this. */
const KEEP_MS = 60_000
/** Longer than any issuer's token: what is not one need not be read. */
const MAX_LENGTH = 16_384
const TENANT = /^[a-z0-9][a-z0-9-]{0,62}$/

export function tokenVerifier({ issuers, clock, log }: TokenVerifierOptions): TokenVerifier {
  const known = new Map<string, Issuer>(
    issuers.map((config) => [config.issuer, { config, keys: keySetOf(config, clock) }]),
  )
  const kept = new LRUCache<string, Verified>({ max: MAX_KEPT })

  async function verified(token: string): Promise<Verified> {
    try {
      // Which issuer to ask is the only thing that is believed before the signature is verified.
      const { config, keys } = known.get(decodeJwt(token).iss ?? '') ?? unknownIssuer()
      const { payload } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: config.algorithms,
        clockTolerance: config.clockSkewSeconds,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
      })
      const ends = (payload.exp! + config.clockSkewSeconds) * 1000
      return { identity: identityOf(payload, config, ends), until: Math.min(ends, clock.now() + KEEP_MS) }
    } catch (error) {
      if (error instanceof JWTExpired) throw expired('token')
      const { code, message } = error as { readonly code?: string; readonly message: string }
      if (error instanceof KeysUnavailable) {
        log.warn({ err: error }, 'tokens cannot be verified')
        throw unverifiable(error)
      }
      // Not the error itself, which holds the claims.
      log.debug({ code, reason: message }, 'a token was refused')
      throw unauthenticated(error)
    }
  }

  return {
    async verify(token) {
      if (token.length > MAX_LENGTH) throw unauthenticated()
      const hash = createHash('sha256').update(token).digest('base64url')
      const before = kept.get(hash)
      if (before && clock.now() < before.until) return before.identity
      const now = await verified(token)
      kept.set(hash, now)
      return now.identity
    },
  }
}

function unknownIssuer(): never {
  throw new Error('no issuer of this name is trusted')
}

function identityOf(payload: JWTPayload, config: IssuerConfig, expiresAt: number): Identity {
  const { claims } = config
  const tenant = config.tenant ?? payload[claims.tenant]
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) throw new Error('the token names no tenant')
  return {
    tenant,
    principal: {
      subject: payload.sub!,
      proof: 'token',
      scopes: wordsOf(payload[claims.scopes]),
      roles: wordsOf(payload[claims.roles]),
      // What is no tier of ours is worth no more than the least.
      tier: TIERS.find((tier) => tier === (payload[claims.tier] ?? config.tier)) ?? 'free',
      expiresAt,
    },
  }
}

/** A claim of words with spaces between (RFC 8693, section 4.2), or a list of them. */
function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter(Boolean)
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string' && word !== '') : []
}
