// The checks a kernel passes before it is instantiated: its hash, its ABI, what it is made of, its memory's maximum.
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { KERNEL_ABI, MACHINE_MAX_PAGES } from '../layout/memory.ts'
import { checkModule, type MemoryLimits } from './kernel/check-module.ts'
import { ModuleFault } from './kernel/module-reader.ts'

export interface KernelBytes {
  readonly name: string
  readonly abi: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface CheckedModule {
  readonly module: WebAssembly.Module
  readonly initialPages: number
  readonly maximumPages: number
}

/**
 * Compiles a kernel that imports exactly env.memory, with a maximum, and is made of the deterministic set (kernel/check-module.ts).
 * Everything else is KERNEL_REFUSED, with the reason. @param maximumPages the most that a kernel may declare; default 512 MiB.
 */
export function checkedModule(
  kernel: KernelBytes,
  expectedSha256: string,
  maximumPages: number = MACHINE_MAX_PAGES,
): CheckedModule {
  const limits = checkKernel(kernel, expectedSha256, maximumPages)
  try {
    const module = new WebAssembly.Module(kernel.bytes)
    return { module, initialPages: limits.initial, maximumPages: limits.maximum }
  } catch (cause) {
    throw refusal(kernel, 'is not a valid module', {}, cause)
  }
}

/** A kernel that runs, and the memory it was given. */
export interface KernelInstance {
  readonly memory: WebAssembly.Memory
  readonly maximumPages: number
  readonly exports: Record<string, unknown>
}

/** Compiles a kernel and gives it a memory of its own. KERNEL_REFUSED: as checkedModule, and where its data does not fit. */
export function instantiate(kernel: KernelBytes, expectedSha256: string): KernelInstance {
  const { module, initialPages, maximumPages } = checkedModule(kernel, expectedSha256)
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages })
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    return { memory, maximumPages, exports }
  } catch (cause) {
    throw refusal(kernel, 'cannot be instantiated', {}, cause)
  }
}

/** The same checks without the engine's own. */
export function checkKernel(
  kernel: KernelBytes,
  expectedSha256: string,
  maximumPages: number = MACHINE_MAX_PAGES,
): MemoryLimits {
  const { abi, bytes } = kernel
  const actual = sha256(bytes)
  if (actual !== expectedSha256)
    throw refusal(kernel, 'has another hash than the job names', { expected: expectedSha256, actual })
  if (abi !== KERNEL_ABI) throw refusal(kernel, `speaks ABI ${abi}; this worker speaks ${KERNEL_ABI}`)
  const limits = limitsOf(kernel)
  if (limits.maximum <= maximumPages) return limits
  const reason = `declares a maximum of ${limits.maximum} pages of 64 KiB; this worker allows ${maximumPages}`
  throw refusal(kernel, reason, { limit: maximumPages })
}

function limitsOf(kernel: KernelBytes): MemoryLimits {
  try {
    return checkModule(kernel.bytes)
  } catch (cause) {
    if (!(cause instanceof ModuleFault)) throw cause
    const { message, offset } = cause
    const reason = message === 'ends early' ? `is not a valid module: it ends early, at byte ${offset}` : message
    throw refusal(kernel, message === reason ? `${message} (byte ${offset})` : reason, { offset }, cause)
  }
}

function refusal(
  { name }: KernelBytes,
  reason: string,
  detail: Record<string, unknown> = {},
  cause?: unknown,
): QuesnayError {
  return new QuesnayError('KERNEL_REFUSED', `the kernel ${name} ${reason}`, { path: name, ...detail }, { cause })
}
