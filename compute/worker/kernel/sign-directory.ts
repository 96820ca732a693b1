// Signs the kernels of a directory: makes their manifest and puts the signature and the public key beside it.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageVersion } from '../../../infra/version.ts'
import { sha256 } from '../../../schema/hash.ts'
import { KERNEL_ABI } from '../../layout/memory.ts'
import { checkKernel } from '../module.ts'
import { fingerprintOf, newSigningKey, privatePem, publicPem, readSigningKey, TRUSTED_KEYS_FILE } from './keys.ts'
import {
  type KernelManifest,
  MANIFEST_FILE,
  type ManifestEntry,
  manifestOf,
  refused,
  SIGNATURE_FILE,
  type SigningKey,
  signManifest,
} from './manifest.ts'

/** The private half of a key pair that a build makes for itself, where no key is given. */
export const DEVELOPMENT_KEY_FILE = 'development-key.pem'
/** Where no kernel's own limit is asked for, what WebAssembly allows at most: it is the worker that refuses what it has no room for. */
const ANY_PAGES = 65_536

export interface Signed {
  readonly manifest: KernelManifest
  /** Fingerprint of the key. */
  readonly key: string
  /** The file of a development key that signed; undefined where a key was given. */
  readonly developmentKey: string | undefined
}

/**
 * Signs every *.wasm of a directory. Without a key file it signs with the directory's own development key, which it makes where there is
 * none. KERNEL_REFUSED: no kernel there, or one that is not let in. CONFIG_INVALID: the key.
 */
export function signKernels(directory: string, keyFile: string | undefined): Signed {
  const names = listKernels(directory)
  if (names.length === 0)
    throw refused(directory, 'are none', { suggestion: 'build them with `npm run build:kernels`' })
  const manifest = manifestOf(
    packageVersion,
    names.map((name) => entryOf(name, new Uint8Array(readFileSync(join(directory, `${name}.wasm`))))),
  )
  const developmentKey = keyFile === undefined ? join(directory, DEVELOPMENT_KEY_FILE) : undefined
  const key = developmentKey === undefined ? readSigningKey(keyFile as string) : developmentPair(developmentKey)
  const put = (file: string, text: string) => replaceFile(join(directory, file), text)
  put(MANIFEST_FILE, `${JSON.stringify(manifest, null, 2)}\n`)
  put(SIGNATURE_FILE, `${JSON.stringify(signManifest(manifest, key), null, 2)}\n`)
  put(TRUSTED_KEYS_FILE, publicPem(key.publicKey))
  return { manifest, key: fingerprintOf(key.publicKey), developmentKey }
}

function listKernels(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((file) => file.endsWith('.wasm'))
    .map((file) => basename(file, '.wasm'))
    .sort()
}

/** What a manifest says of a kernel. KERNEL_REFUSED: see checkKernel. */
export function entryOf(name: string, bytes: Uint8Array<ArrayBuffer>): ManifestEntry {
  const hash = sha256(bytes)
  const { maximum } = checkKernel({ name, abi: KERNEL_ABI, bytes }, hash, ANY_PAGES)
  return { name, sha256: hash, abi: KERNEL_ABI, maximumPages: maximum, size: bytes.length }
}

function developmentPair(path: string): SigningKey {
  if (existsSync(path)) return readSigningKey(path)
  const made = newSigningKey()
  // For its owner alone, and never in the place of one that another build has just made.
  writeFileSync(path, privatePem(made.privateKey), { mode: 0o600, flag: 'wx' })
  return made
}

/** Whoever reads the file meanwhile reads the old one whole or the new one whole. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
