// What a directory of kernels says of itself, and whether a worker would take it, for people who look.
import { MACHINE_MAX_PAGES } from '../../layout/memory.ts'
import { loadKernelDirectory, readManifestTexts } from './kernel-directory.ts'
import type { TrustedKeys } from './keys.ts'
import { type KernelManifest, parseManifest } from './manifest.ts'

export interface KernelListing extends KernelManifest {
  /** Fingerprint of the key that is said to have signed it: nothing is verified. */
  readonly key: string
}

/** KERNEL_REFUSED where the manifest or its signature is missing or of an unknown form. */
export function listKernels(directory: string): KernelListing {
  const { manifest, signature } = parseManifest(readManifestTexts(directory), directory)
  return { ...manifest, key: signature.key }
}

/** name@sha256 of each kernel that a worker with these keys would run. KERNEL_REFUSED: see loadKernelDirectory. */
export function verifyKernels(directory: string, trusted: TrustedKeys): string[] {
  return loadKernelDirectory(directory, trusted, MACHINE_MAX_PAGES).map(({ name, sha256 }) => `${name}@${sha256}`)
}
