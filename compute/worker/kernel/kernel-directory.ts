// A directory of signed kernels: name.wasm for each, the manifest, its signature and the keys it is shipped with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isQuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { KERNEL_ABI } from '../../layout/memory.ts'
import { checkKernel } from '../module.ts'
import type { TrustedKeys } from './keys.ts'
import {
  MANIFEST_FILE,
  type ManifestEntry,
  type ManifestTexts,
  readManifest,
  refused,
  SIGNATURE_FILE,
} from './manifest.ts'
import type { Kernel } from './shelf.ts'

/**
 * The kernels of a directory, each with the bytes that the manifest names and made of the deterministic set; those of another ABI are
 * left out, for this version cannot speak to them.
 * KERNEL_REFUSED: a manifest that is missing or not signed by a trusted key, bytes that differ, a module that is not let in.
 */
export function loadKernelDirectory(
  directory: string,
  trusted: TrustedKeys,
  maximumPages: number,
  texts: ManifestTexts = readManifestTexts(directory),
): Kernel[] {
  const { kernels } = readManifest(texts, trusted, directory)
  return kernels
    .filter(({ abi }) => abi === KERNEL_ABI)
    .map((entry) => checkedKernel(entry, readBytes(directory, `${entry.name}.wasm`), directory, maximumPages))
}

/** A kernel whose bytes are those of its entry. KERNEL_REFUSED. */
export function checkedKernel(
  entry: ManifestEntry,
  bytes: Uint8Array<ArrayBuffer>,
  where: string,
  maximumPages: number,
): Kernel {
  const { name, abi } = entry
  const actual = sha256(bytes)
  if (actual !== entry.sha256 || bytes.length !== entry.size) {
    throw refused(where, `have other bytes for ${name} than its manifest names`, {
      ...{ kernel: name, expected: entry.sha256, actual },
      suggestion: 'build or fetch the kernels again; `quesnay kernels sign` signs what you have made yourself',
    })
  }
  const { maximum } = checkKernel({ name, abi, bytes }, actual, maximumPages)
  if (maximum !== entry.maximumPages) throw refused(where, `have another memory for ${name} than its manifest names`)
  return { name, abi, bytes, sha256: actual }
}

export function readManifestTexts(directory: string): ManifestTexts {
  return { manifest: readText(directory, MANIFEST_FILE), signature: readText(directory, SIGNATURE_FILE) }
}

function readText(directory: string, file: string): string {
  return new TextDecoder().decode(readBytes(directory, file))
}

function readBytes(directory: string, file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(join(directory, file)))
  } catch (cause) {
    if (isQuesnayError(cause)) throw cause
    throw refused(directory, `lack the file ${file}`, {
      suggestion: 'build them with `npm run build:kernels`, or sign them with `quesnay kernels sign`',
    })
  }
}
