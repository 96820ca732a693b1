// Reads the built kernels from dist/kernels: bytes, hash and ABI.
import { existsSync, readFileSync } from 'node:fs'
import { builtFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import type { KernelRef } from '../../schema/jobs.ts'
import { KERNEL_ABI } from '../layout/memory.ts'

export type KernelName = 'machine' | 'stats'

/** A kernel as built: what an envelope names (name, sha256, abi) and its bytes. */
export interface Kernel extends KernelRef {
  readonly name: KernelName
  readonly bytes: Uint8Array<ArrayBuffer>
}

const loaded = new Map<KernelName, Kernel>()

/** Loads a kernel once per process. KERNEL_REFUSED where it has not been built. */
export function loadKernel(name: KernelName): Kernel {
  const known = loaded.get(name)
  if (known) return known
  const path = builtFile('kernels', `${name}.wasm`)
  if (!existsSync(path)) {
    throw new QuesnayError('KERNEL_REFUSED', `the kernel ${name} is not built: run \`npm run build\``, { path: name })
  }
  const bytes = new Uint8Array(readFileSync(path))
  const kernel: Kernel = { name, sha256: sha256(bytes), abi: KERNEL_ABI, bytes }
  loaded.set(name, kernel)
  return kernel
}
