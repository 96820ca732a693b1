// A directory of signed kernels for tests, and a shelf of kernels of any bytes: how a hostile kernel gets into a worker.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KERNEL_ABI } from '../../compute/layout/memory.ts'
import { fingerprintOf, newSigningKey, privatePem, publicPem } from '../../compute/worker/kernel/keys.ts'
import type { SigningKey } from '../../compute/worker/kernel/manifest.ts'
import { type Kernel, KernelShelf } from '../../compute/worker/kernel/shelf.ts'
import { signKernels } from '../../compute/worker/kernel/sign-directory.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { builtFile } from '../../infra/paths.ts'
import { sha256 } from '../../schema/hash.ts'
import type { KernelRef } from '../../schema/jobs.ts'

export interface SignedDirectory {
  readonly path: string
  readonly keyFile: string
  readonly fingerprint: string
  /** The key that signed, and the build's own: what a worker that runs both trusts. */
  readonly trustedKeysFile: string
  remove(): void
}

/** Writes kernels by name, and signs them with a key of the test. */
export function signedDirectory(
  kernels: Readonly<Record<string, Uint8Array>>,
  key: SigningKey = newSigningKey(),
): SignedDirectory {
  const root = mkdtempSync(join(tmpdir(), 'quesnay-kernels-'))
  const path = join(root, 'kernels')
  mkdirSync(path)
  for (const [name, bytes] of Object.entries(kernels)) writeFileSync(join(path, `${name}.wasm`), bytes)
  const keyFile = join(root, 'key.pem')
  writeFileSync(keyFile, privatePem(key.privateKey), { mode: 0o600 })
  signKernels(path, keyFile)
  const trustedKeysFile = join(root, 'trusted.pem')
  writeFileSync(
    trustedKeysFile,
    publicPem(key.publicKey) + readFileSync(builtFile('kernels', 'trusted-keys.pem'), 'utf8'),
  )
  return {
    ...{ path, keyFile, trustedKeysFile, fingerprint: fingerprintOf(key.publicKey) },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

export const kernelOf = (name: string, bytes: Uint8Array<ArrayBuffer>): Kernel => ({
  ...{ name, bytes, sha256: sha256(bytes), abi: KERNEL_ABI },
})

/** The built plan machine with a note of who made it: other bytes that compute the same. */
export function renamedMachine(note: string): Kernel {
  const { bytes } = loadKernel('machine')
  const name = new TextEncoder().encode(note)
  // A custom section, which means nothing to the engine.
  return kernelOf('machine', Uint8Array.from([...bytes, 0, name.length + 1, name.length, ...name]))
}

/** What a dispatcher is to name: this plan machine, and the built statistics. */
export function naming({ name, sha256: hash, abi }: KernelRef): { machine: KernelRef; stats: KernelRef } {
  return { machine: { name, sha256: hash, abi }, stats: loadKernel('stats') }
}

/** A shelf with exactly these kernels. */
export const shelfOf = (...kernels: readonly Kernel[]) => new KernelShelf(new Map(), kernels)
