// The signed list of kernels that lies beside them: what each is called and which bytes it has, under one ed25519 signature.
import { type KeyObject, sign, verify } from 'node:crypto'
import { QuesnayError } from '../../../schema/errors.ts'
import { canonicalJson } from '../../../schema/hash.ts'
import { fingerprintOf, type TrustedKeys } from './keys.ts'

export const MANIFEST_FILE = 'manifest.json'
export const SIGNATURE_FILE = 'manifest.sig.json'
const FORMAT = 'quesnay-kernels/1'

export interface ManifestEntry {
  readonly name: string
  /** Of the module's bytes. */
  readonly sha256: string
  readonly abi: number
  /** The declared maximum of its memory, in pages of 64 KiB. */
  readonly maximumPages: number
  /** In bytes. */
  readonly size: number
}

export interface KernelManifest {
  readonly format: string
  /** Of the package that the kernels were built with. */
  readonly engineVersion: string
  readonly kernels: readonly ManifestEntry[]
}

export interface ManifestSignature {
  readonly algorithm: 'ed25519'
  /** Fingerprint of the public key (see keys.ts). */
  readonly key: string
  /** Of the manifest's canonical JSON (RFC 8785) in UTF-8, in base64. */
  readonly signature: string
}

export function manifestOf(engineVersion: string, kernels: readonly ManifestEntry[]): KernelManifest {
  return { format: FORMAT, engineVersion, kernels }
}

export function signManifest(manifest: KernelManifest, { privateKey, publicKey }: SigningKey): ManifestSignature {
  // RFC 8032: ed25519 hashes by itself, so that no digest is named.
  const signature = sign(null, bytesOf(manifest), privateKey).toString('base64')
  return { algorithm: 'ed25519', key: fingerprintOf(publicKey), signature }
}

export interface SigningKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/**
 * A manifest whose signature holds. The signature is checked over the value that is then used, never over bytes that are read again.
 * KERNEL_REFUSED: no manifest or signature, a form that is not known, a key that is not trusted, a signature that does not hold.
 * @param where what the texts are called in messages.
 */
export function readManifest(texts: ManifestTexts, trusted: TrustedKeys, where: string): KernelManifest {
  const {
    manifest,
    signature: { key, signature },
  } = parseManifest(texts, where)
  const publicKey = trusted.get(key)
  if (!publicKey) {
    throw refused(where, `are signed by the key ${key}, which is not trusted`, {
      key,
      trusted: [...trusted.keys()],
      suggestion:
        'add the public key to the file that QUESNAY_TRUSTED_KEYS names, or sign the kernels with a trusted key',
    })
  }
  if (verify(null, bytesOf(manifest), publicKey, Buffer.from(signature, 'base64'))) return manifest
  throw refused(where, `have a manifest that was changed after the key ${key} signed it`, {
    key,
    suggestion: 'build or fetch the kernels again; `quesnay kernels sign` signs what you have made yourself',
  })
}

/** What the texts say, unverified. KERNEL_REFUSED where they are of an unknown form. */
export function parseManifest(
  texts: ManifestTexts,
  where: string,
): { manifest: KernelManifest; signature: ManifestSignature } {
  return {
    manifest: parse(texts.manifest, isManifest, where, 'manifest'),
    signature: parse(texts.signature, isSignature, where, 'signature'),
  }
}

export interface ManifestTexts {
  readonly manifest: string
  readonly signature: string
}

export function refused(where: string, reason: string, detail: Readonly<Record<string, unknown>> = {}): QuesnayError {
  return new QuesnayError('KERNEL_REFUSED', `the kernels of ${where} ${reason}`, { path: where, ...detail })
}

const bytesOf = (manifest: KernelManifest) => new TextEncoder().encode(canonicalJson(manifest))

function parse<T>(text: string, is: (value: unknown) => value is T, where: string, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (is(value)) return value
  throw refused(where, `have a ${what} of a form that is not known`, {
    suggestion: 'sign them with `quesnay kernels sign`',
  })
}

const HASH = /^[0-9a-f]{64}$/
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

/** A name is a file's name without its ending, and can lead nowhere else. */
function isEntry(value: unknown): value is ManifestEntry {
  if (!isObject(value)) return false
  const { name, sha256, abi, maximumPages, size } = value
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9-]{0,62}$/.test(name) &&
    typeof sha256 === 'string' &&
    HASH.test(sha256) &&
    [abi, maximumPages, size].every(isCount)
  )
}

function isManifest(value: unknown): value is KernelManifest {
  if (!isObject(value) || value['format'] !== FORMAT || typeof value['engineVersion'] !== 'string') return false
  const { kernels } = value
  return Array.isArray(kernels) && kernels.length <= 1000 && kernels.every(isEntry)
}

function isSignature(value: unknown): value is ManifestSignature {
  if (!isObject(value) || value['algorithm'] !== 'ed25519') return false
  return typeof value['key'] === 'string' && HASH.test(value['key']) && typeof value['signature'] === 'string'
}
