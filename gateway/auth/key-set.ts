// The keys of an issuer: from its URL, or from a file that may be replaced.
import { readFileSync, statSync } from 'node:fs'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { JOSENotSupported, JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from 'jose/errors'
import type { Clock } from '../../infra/clock.ts'
import type { IssuerConfig } from './auth-config.ts'

const FETCH_TIMEOUT_MS = 5_000
/** Keys are asked for again after this time, also where all are known: one that was taken back no longer holds. */
const KEEP_MS = 10 * 60_000

/** Longer than any issuer's keys. */
const MAX_CHARACTERS = 2 ** 20

/** The keys of an issuer cannot be had: that says nothing of the token. */
export class KeysUnavailable extends Error {}

/** Rejects with what is wrong with the token, such as that its key is not known; with KeysUnavailable where nothing is known of any. */
export function keySetOf(issuer: IssuerConfig, clock: Clock): JWTVerifyGetKey {
  const keys = openKeySet(issuer, clock)
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      if (OF_THE_TOKEN.some((kind) => cause instanceof kind)) throw cause
      throw new KeysUnavailable(`the keys of ${issuer.issuer} cannot be had`, { cause })
    }
  }
}

const OF_THE_TOKEN = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported]

function openKeySet({ jwksUrl, jwksFile, cooldownSeconds }: IssuerConfig, clock: Clock): JWTVerifyGetKey {
  if (jwksUrl === undefined) return fileKeySet(jwksFile!, cooldownSeconds * 1000, clock)
  return createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: cooldownSeconds * 1000,
    cacheMaxAge: KEEP_MS,
    [customFetch]: boundedFetch,
  })
}

/** An answer that goes on and on is not kept until there is no more room for it. */
const boundedFetch: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options)
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    if (text.length > MAX_CHARACTERS) throw new Error(`the keys at ${url} are longer than 1 MiB`)
  }
  return new Response(text, { status: response.status })
}

/** Reads the file when it is first needed, and again where it has changed: at most once in `cooldownMs` for keys that are not known. */
export function fileKeySet(path: string, cooldownMs: number, clock: Clock): JWTVerifyGetKey {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined
  let changed = Number.NaN
  let looked = Number.NEGATIVE_INFINITY
  const look = (): boolean => {
    looked = clock.now()
    const { mtimeMs } = statSync(path)
    if (mtimeMs === changed) return false
    keys = createLocalJWKSet(JSON.parse(readFileSync(path, 'utf8')) as JSONWebKeySet)
    changed = mtimeMs
    return true
  }
  return async (header, token) => {
    if (!keys || clock.now() - looked >= KEEP_MS) look()
    try {
      return await keys!(header, token)
    } catch (error) {
      if (!(error instanceof JWKSNoMatchingKey) || clock.now() - looked < cooldownMs || !look()) throw error
      return keys!(header, token)
    }
  }
}
