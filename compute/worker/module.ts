// The checks a kernel passes before it is instantiated: its hash, its ABI, what it imports, its memory's maximum.
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { KERNEL_ABI } from '../layout/memory.ts'

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

/** Compiles a kernel that imports exactly env.memory, with a maximum. Everything else is KERNEL_REFUSED, with the reason. */
export function checkedModule({ name, abi, bytes }: KernelBytes, expectedSha256: string): CheckedModule {
  const refuse = (reason: string, detail: Record<string, unknown> = {}, cause?: unknown) =>
    new QuesnayError('KERNEL_REFUSED', `the kernel ${name} ${reason}`, { path: name, ...detail }, { cause })
  const actual = sha256(bytes)
  if (actual !== expectedSha256)
    throw refuse('has another hash than the job names', { expected: expectedSha256, actual })
  if (abi !== KERNEL_ABI) throw refuse(`speaks ABI ${abi}; this worker speaks ${KERNEL_ABI}`)
  let module: WebAssembly.Module
  try {
    module = new WebAssembly.Module(bytes)
  } catch (cause) {
    throw refuse('is not a valid module', {}, cause)
  }
  const imports = WebAssembly.Module.imports(module)
  const foreign = imports.find((i) => i.kind !== 'memory' || i.module !== 'env' || i.name !== 'memory')
  if (foreign) throw refuse(`imports ${foreign.module}.${foreign.name}; only env.memory is given`)
  if (imports.length !== 1) throw refuse('does not import env.memory')
  const limits = importedMemoryLimits(bytes)
  if (limits?.maximum === undefined) throw refuse('declares no maximum for its memory')
  return { module, initialPages: limits.initial, maximumPages: limits.maximum }
}

/**
 * Limits of the imported memory of a valid module whose only import it is, in pages; WebAssembly's own reflection does not tell them.
 * WebAssembly core specification 5.5 (binary format: modules).
 */
function importedMemoryLimits(bytes: Uint8Array): { initial: number; maximum?: number } | undefined {
  let at = 8
  const u32 = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  const IMPORT_SECTION = 2
  while (at < bytes.length) {
    const section = bytes[at++]
    const size = u32()
    const end = at + size
    if (section === IMPORT_SECTION) {
      u32()
      for (let name = 0; name < 2; name++) {
        const length = u32()
        at += length
      }
      at += 1
      const flags = bytes[at++]!
      const initial = u32()
      return flags & 1 ? { initial, maximum: u32() } : { initial }
    }
    at = end
  }
  return undefined
}
