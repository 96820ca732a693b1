// Kernels that workers fetch from each other by the bus: what is signed is run, and nothing else.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import { systemClock } from '../../../infra/clock.ts'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import { ensemble, expectedHash, openFleet, type TestFleet } from '../../../test/support/fleet.ts'
import {
  naming,
  renamedMachine,
  type SignedDirectory,
  shelfOf,
  signedDirectory,
} from '../../../test/support/kernel-directory.ts'
import { loadWorkers } from '../../dispatch/workers.ts'
import { loadKernel } from '../kernels.ts'
import { fetchKernel, shareKernels } from './kernel-store.ts'
import { openShelf } from './shelf.ts'

const other = renamedMachine('of another version')
let directory: SignedDirectory
let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
  directory = signedDirectory({ machine: other.bytes })
})
afterEach(() => fleet?.close())
afterAll(async () => {
  directory?.remove()
  await database?.drop()
})

const holder = () => openShelf({ directories: [directory.path], trustedKeysFile: directory.trustedKeysFile })
/** Has the kernels of the build, and trusts who signed the other one. */
const trusting = () => openShelf({ trustedKeysFile: directory.trustedKeysFile })
const open = async () => {
  fleet = await openFleet({
    ...{ store: database.store, workers: 0, dispatch: { kernels: naming(other) } },
    worker: { retryMs: 50, kernelPatienceMs: 300 },
  })
}
const share = () => shareKernels(fleet.bus, holder())

describe('a kernel on the bus', () => {
  it('is shared by a worker that holds it, and run by one that lacks it and trusts its signature', async () => {
    await open()
    const first = await fleet.startWorker({ kernels: holder() })
    await first.stop()
    const worker = await fleet.startWorker({ kernels: trusting() })
    const question = ensemble({ shards: 2 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id)
    expect((await fleet.dispatch.load('local', [run.id]))[0]).toMatchObject({ resultHash: expectedHash(question) })
    const held = async () => (await loadWorkers(fleet.bus)).find(({ id }) => id === worker.id)?.kernels
    await expect.poll(held, { timeout: 10_000 }).toContain(`machine@${other.sha256}`)
  })

  it('that the worker does not trust is not run: the job fails where nobody else has it', async () => {
    await open()
    await share()
    await fleet.startWorker()
    const run = await fleet.dispatch.submit(ensemble())
    await expect(fleet.dispatch.settled('local', run.id)).rejects.toMatchObject({
      code: 'KERNEL_REFUSED',
      detail: { expected: other.sha256 },
    })
  })

  it('is refused where it is unsigned, of other bytes, or under a manifest that does not name it', async () => {
    const bus = openMemoryBus(systemClock)
    const objects = await bus.objects('qz_kernels')
    const fetch = () => fetchKernel(bus, trusting(), other)
    const refused = (text: string) =>
      expect(fetch()).rejects.toMatchObject({ code: 'KERNEL_REFUSED', message: expect.stringContaining(text) })
    try {
      expect(await fetch()).toBeUndefined()
      const [signed] = holder().signed
      const about = { ...signed!.texts }
      await objects.put(other.sha256, [other.bytes])
      await refused('of a form that is not known')
      await objects.put(other.sha256, [loadKernel('machine').bytes], { about })
      await refused('have other bytes for machine')
      await objects.put(other.sha256, [other.bytes], { about: { ...trusting().signed[0]!.texts } })
      await refused('that does not name it')
      await objects.put(other.sha256, [new Uint8Array(5 * 2 ** 20)], { about })
      await refused('have 5242880 bytes')
      await objects.put(other.sha256, [other.bytes], { about })
      expect(await fetch()).toEqual(other)
    } finally {
      await bus.close()
    }
  })

  it('is shared once, and without a signature not at all', async () => {
    const bus = openMemoryBus(systemClock)
    try {
      await shareKernels(bus, shelfOf(other))
      const objects = await bus.objects('qz_kernels')
      expect(await objects.head(other.sha256)).toBeUndefined()
      await shareKernels(bus, holder())
      const before = await objects.head(other.sha256)
      await shareKernels(bus, holder())
      expect(await objects.head(other.sha256)).toEqual(before)
      expect(before).toMatchObject({ sha256: other.sha256, bytes: other.bytes.length })
    } finally {
      await bus.close()
    }
  })
})
