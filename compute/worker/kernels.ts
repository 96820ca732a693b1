// Reads the built kernels from dist/kernels, for whoever names them to the fleet. What a worker runs comes from its shelf: see kernel/shelf.ts.
import { existsSync, readFileSync } from 'node:fs'
import { builtFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import type { Kernel } from './kernel/shelf.ts'

export type KernelName = 'machine' | 'stats'

/** A kernel as built. */
export interface BuiltKernel extends Kernel {
  readonly name: KernelName
}

const loaded = new Map<KernelName, BuiltKernel>()

/** Loads a kernel once per process. KERNEL_REFUSED where it has not been built. */
export function loadKernel(name: KernelName): BuiltKernel {
  const known = loaded.get(name)
  if (known) return known
  const path = builtFile('kernels', `${name}.wasm`)
  if (!existsSync(path)) {
    throw new QuesnayError('KERNEL_REFUSED', `the kernel ${name} is not built: run \`npm run build\``, { path: name })
  }
  const bytes = new Uint8Array(readFileSync(path))
  const kernel: BuiltKernel = { name, sha256: sha256(bytes), abi: KERNEL_ABI, bytes }
  loaded.set(name, kernel)
  return kernel
}
