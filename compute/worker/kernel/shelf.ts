// The kernels that a worker may run: known by their bytes' hash, each signed by a key it trusts.
import { builtFile } from '../../../infra/paths.ts'
import type { KernelRef } from '../../../schema/jobs.ts'
import { MACHINE_MAX_PAGES } from '../../layout/memory.ts'
import { loadKernelDirectory, readManifestTexts } from './kernel-directory.ts'
import { readTrustedKeys, TRUSTED_KEYS_FILE, type TrustedKeys } from './keys.ts'
import type { ManifestTexts } from './manifest.ts'

/** A kernel: what an envelope names (name, sha256, abi) and its bytes. */
export interface Kernel extends KernelRef {
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface ShelfOptions {
  /** Directories of signed kernels; default: the one of the build. */
  readonly directories?: readonly string[] | undefined
  /** A file of public keys; default: those that the build is shipped with. */
  readonly trustedKeysFile?: string | undefined
  /** The most pages of 64 KiB that a kernel may declare; default 8,192, which is 512 MiB. */
  readonly maximumPages?: number | undefined
}

/** A kernel and the texts that sign it. */
export interface SignedKernel {
  readonly kernel: Kernel
  readonly texts: ManifestTexts
}

export class KernelShelf {
  readonly trusted: TrustedKeys
  readonly maximumPages: number
  /** What came with a signature of its own, to be handed on with it. */
  readonly signed: readonly SignedKernel[]
  readonly #kernels = new Map<string, Kernel>()

  constructor(
    trusted: TrustedKeys,
    kernels: readonly Kernel[],
    maximumPages = MACHINE_MAX_PAGES,
    signed: readonly SignedKernel[] = [],
  ) {
    this.trusted = trusted
    this.signed = signed
    this.maximumPages = maximumPages
    for (const kernel of kernels) this.add(kernel)
  }

  /** One that was checked; see kernel-directory.ts. */
  add(kernel: Kernel): void {
    this.#kernels.set(kernel.sha256, kernel)
  }

  /** The kernel that a job names; undefined where this worker has none of these bytes, or where it is of another name or ABI. */
  find({ name, sha256, abi }: KernelRef): Kernel | undefined {
    const kernel = this.#kernels.get(sha256)
    return kernel?.name === name && kernel.abi === abi ? kernel : undefined
  }

  /** name@sha256 of each, in order. */
  get names(): string[] {
    return [...this.#kernels.values()].map(({ name, sha256 }) => `${name}@${sha256}`).sort()
  }
}

/** Reads and checks the kernels that this process may run. CONFIG_INVALID: the list of keys. KERNEL_REFUSED: see loadKernelDirectory. */
export function openShelf(options: ShelfOptions = {}): KernelShelf {
  const { directories = [builtFile('kernels')], maximumPages = MACHINE_MAX_PAGES } = options
  const trusted = readTrustedKeys(options.trustedKeysFile ?? builtFile('kernels', TRUSTED_KEYS_FILE))
  const signed = directories.flatMap((directory) => {
    const texts = readManifestTexts(directory)
    return loadKernelDirectory(directory, trusted, maximumPages, texts).map((kernel) => ({ kernel, texts }))
  })
  const kernels = signed.map(({ kernel }) => kernel)
  return new KernelShelf(trusted, kernels, maximumPages, signed)
}
