// Kernels on the bus: a worker shares those it holds, and fetches those it lacks, with the manifest that signs them.
import type { Bus } from '../../../infra/bus/port.ts'
import type { KernelRef } from '../../../schema/jobs.ts'
import { MOST_MODULE_BYTES } from './check-module.ts'
import { checkedKernel } from './kernel-directory.ts'
import { readManifest, refused } from './manifest.ts'
import type { Kernel, KernelShelf } from './shelf.ts'

const WHERE = 'the bus'

/** Puts the kernels of a shelf that are not there yet, by their hash. BUS_UNAVAILABLE, OVERLOADED. */
export async function shareKernels(bus: Bus, shelf: KernelShelf): Promise<void> {
  const objects = await bus.objects('qz_kernels')
  for (const { kernel, texts } of shelf.signed) {
    if (await objects.head(kernel.sha256)) continue
    await objects.put(kernel.sha256, [kernel.bytes], { sha256: kernel.sha256, about: { ...texts } })
  }
}

/**
 * Fetches a kernel; undefined where nobody has shared it. What the bus holds is trusted no more than any file: KERNEL_REFUSED where no
 * trusted key has signed it, where its bytes differ, or where it is not let in. BUS_UNAVAILABLE.
 */
export async function fetchKernel(bus: Bus, shelf: KernelShelf, wanted: KernelRef): Promise<Kernel | undefined> {
  const stored = await (await bus.objects('qz_kernels')).get(wanted.sha256)
  if (!stored) return undefined
  const { about, bytes: size } = stored.info
  if (size > MOST_MODULE_BYTES) throw refused(WHERE, `have ${size} bytes under ${wanted.sha256}`)
  const { kernels } = readManifest({ manifest: '', signature: '', ...about }, shelf.trusted, WHERE)
  const entry = kernels.find(
    ({ name, sha256, abi }) => name === wanted.name && sha256 === wanted.sha256 && abi === wanted.abi,
  )
  if (!entry) throw refused(WHERE, `have a manifest for ${wanted.name}@${wanted.sha256} that does not name it`)
  const chunks: Uint8Array[] = []
  for await (const chunk of stored.chunks) chunks.push(chunk)
  return checkedKernel(entry, new Uint8Array(Buffer.concat(chunks)), WHERE, shelf.maximumPages)
}
