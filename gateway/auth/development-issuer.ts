// The built-in issuer of `quesnay token`: a key pair in the data directory, for development and for tests.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet, SignJWT } from 'jose'
import type { Clock } from '../../infra/clock.ts'
import type { Tier } from '../../schema/caller.ts'
import type { IssuerConfig } from './auth-config.ts'

const ISSUER = 'urn:quesnay:development'
const AUDIENCE = 'quesnay'

/** As a gateway of the same data directory trusts it; there may be no key yet. */
export function developmentIssuer(dataDirectory: string): IssuerConfig {
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksFile: join(dataDirectory, 'issuer', 'jwks.json'),
    algorithms: ['EdDSA'],
    clockSkewSeconds: 60,
    cooldownSeconds: 0,
    tier: 'free',
    claims: { tenant: 'tenant', scopes: 'scope', roles: 'roles', tier: 'tier' },
  }
}

export interface TokenRequest {
  readonly tenant: string
  readonly subject: string
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly tier: Tier
  readonly seconds: number
}

/** A signed token; makes the key pair where there is none. */
export async function signToken(dataDirectory: string, request: TokenRequest, clock: Clock): Promise<string> {
  const { key, kid } = await keyPair(dataDirectory)
  const now = Math.floor(clock.now() / 1000)
  const { tenant, scopes, roles, tier } = request
  return new SignJWT({ tenant, scope: scopes.join(' '), roles, tier })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(request.subject)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + request.seconds)
    .setJti(clock.id())
    .sign(key)
}

/** Its public keys; makes the key pair where there is none. */
export async function publicKeys(dataDirectory: string): Promise<JSONWebKeySet> {
  return (await keyPair(dataDirectory)).jwks
}

async function keyPair(dataDirectory: string) {
  const directory = join(dataDirectory, 'issuer')
  const path = join(directory, 'private-key.pem')
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeWhole(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  }
  chmodSync(path, 0o600)
  const key = createPrivateKey(readFileSync(path))
  const jwk = await exportJWK(createPublicKey(key))
  const kid = await calculateJwkThumbprint(jwk)
  const jwks: JSONWebKeySet = { keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] }
  const text = `${JSON.stringify(jwks, null, 2)}\n`
  const shown = join(directory, 'jwks.json')
  if (!existsSync(shown) || readFileSync(shown, 'utf8') !== text) writeWhole(shown, text)
  return { key, kid, jwks }
}

/** Whoever reads it meanwhile sees all of it or nothing. */
function writeWhole(path: string, text: string): void {
  const next = `${path}.${randomUUID()}`
  writeFileSync(next, text, { mode: 0o600, flag: 'wx' })
  renameSync(next, path)
}
