// The keys that kernels are signed with, and those that a worker trusts: ed25519, in PEM.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import type { SigningKey } from './manifest.ts'

/** Public keys by their fingerprint. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>

/** The public keys that a directory of kernels is shipped with. */
export const TRUSTED_KEYS_FILE = 'trusted-keys.pem'

/** SHA-256, in hex, of a public key in DER (SubjectPublicKeyInfo, RFC 8410). */
export function fingerprintOf(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' }))
}

export const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string
export const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string

export function newSigningKey(): SigningKey {
  return generateKeyPairSync('ed25519')
}

/** The public keys of a file, one or more. CONFIG_INVALID where it cannot be read, holds none, or holds another thing. */
export function readTrustedKeys(path: string): TrustedKeys {
  const text = read(path, 'QUESNAY_TRUSTED_KEYS')
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g) ?? []
  if (blocks.length === 0) throw invalid('QUESNAY_TRUSTED_KEYS', `names ${path}, which holds no public key`)
  return new Map(
    blocks.map((block) => {
      // A private key has a public half too, but has no business in a list that is handed about.
      const key = block.startsWith('-----BEGIN PUBLIC KEY-----') ? attempt(() => createPublicKey(block)) : undefined
      if (key?.asymmetricKeyType !== 'ed25519')
        throw invalid('QUESNAY_TRUSTED_KEYS', `names ${path}, which holds something else than public ed25519 keys`)
      return [fingerprintOf(key), key]
    }),
  )
}

/** The private key of a file. CONFIG_INVALID where it cannot be read or is no ed25519 key. */
export function readSigningKey(path: string): SigningKey {
  const text = read(path, 'QUESNAY_SIGNING_KEY')
  const privateKey = attempt(() => createPrivateKey(text))
  if (privateKey?.asymmetricKeyType !== 'ed25519')
    throw invalid('QUESNAY_SIGNING_KEY', `names ${path}, which is no private ed25519 key in PEM`)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function read(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid(variable, `names ${path}, which cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
}

function attempt(make: () => KeyObject): KeyObject | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

function invalid(variable: string, problem: string): QuesnayError {
  const fix =
    variable === 'QUESNAY_SIGNING_KEY'
      ? 'make one with `openssl genpkey -algorithm ed25519`'
      : 'name a file of public keys in PEM'
  return new QuesnayError('CONFIG_INVALID', `${variable} ${problem}: ${fix}`, {
    problems: [{ variable, problem, fix }],
  })
}
