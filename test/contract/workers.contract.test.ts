// What the registry of workers promises, over each bus: who is there, what they say, and that they go when they are gone.
import { afterEach, describe, expect, it } from 'vitest'
import { loadWorkers } from '../../compute/dispatch/workers.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { packageVersion } from '../../infra/version.ts'
import { ensemble, openFleet, type TestFleet, toiling } from '../support/fleet.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'

const LIMITS = { workersTtlMs: 600 }

describe.each(['memory', 'nats'] as const)('the registry of workers over the %s bus', (adapter) => {
  const lacks = adapter === 'nats' && lacksNatsServer()
  describe.skipIf(lacks)('', () => {
    let nats: TestNatsServer | undefined
    let fleet: TestFleet

    const open = async () => {
      nats = adapter === 'nats' ? await startTestNatsServer() : undefined
      const bus = nats && (await openNatsBus({ url: nats.url, clock, log: silentLog, limits: LIMITS }))
      fleet = await openFleet({ ...(bus ? { bus } : {}), limits: LIMITS, workers: 0, worker: { heartbeatMs: 100 } })
    }
    afterEach(async () => {
      await fleet?.close()
      await nats?.stop()
    })
    const ids = async () => (await loadWorkers(fleet.bus)).map(({ id }) => id)

    it('lists each worker by id with its load, kernels, version and process', async () => {
      await open()
      expect(await loadWorkers(fleet.bus)).toEqual([])
      const before = clock.now()
      for (const id of ['w-b', 'w-a']) await fleet.startWorker({ id, threads: 2 })
      const [first, second] = await loadWorkers(fleet.bus)
      const kernels = [loadKernel('machine'), loadKernel('stats')].map(({ name, sha256 }) => `${name}@${sha256}`)
      expect(first).toMatchObject({ id: 'w-a', version: packageVersion, pid: process.pid, slots: 2, busy: 0, kernels })
      expect(first).toMatchObject({ draining: false, nsPerOperation: null, host: expect.stringMatching(/./) })
      expect(first!.rssBytes).toBeGreaterThan(1e6)
      expect(first!.startedAt).toBeGreaterThanOrEqual(before)
      expect(first!.at).toBeGreaterThanOrEqual(first!.startedAt)
      expect(second!.id).toBe('w-b')
    })

    it('says what it has measured once it has computed, and while it computes that it is busy', async () => {
      await open()
      const worker = await fleet.startWorker()
      const run = await fleet.dispatch.submit(ensemble({ plan: toiling(20_000), lanes: 256, shards: 4 }))
      await expect.poll(async () => (await loadWorkers(fleet.bus))[0]?.busy, { interval: 20 }).toBe(1)
      await fleet.dispatch.settled('local', run.id)
      const speed = async () => (await loadWorkers(fleet.bus)).find(({ id }) => id === worker.id)?.nsPerOperation
      await expect.poll(speed).toBeGreaterThan(0.01)
      expect(await speed()).toBeLessThan(1000)
    })

    it('forgets a worker that was killed once its entry has run out, and no other', async () => {
      await open()
      let dead = false
      const bus: Bus = {
        ...fleet.bus,
        // From its death on nothing of it reaches the bus.
        bucket: async (name) => {
          const bucket = await fleet.bus.bucket(name)
          return {
            put: async (key, value) => (dead ? undefined : bucket.put(key, value)),
            create: (key, value) => bucket.create(key, value),
            get: (key) => bucket.get(key),
            delete: (key) => bucket.delete(key),
            keys: () => bucket.keys(),
          }
        },
      }
      await fleet.startWorker({ id: 'w-killed', bus })
      await fleet.startWorker({ id: 'w-lives' })
      // Longer than an entry lives: the heartbeats keep it.
      const until = clock.now() + 2 * LIMITS.workersTtlMs
      await expect
        .poll(async () => clock.now() > until && (await ids()).join(), { timeout: 5000 })
        .toBe('w-killed,w-lives')
      dead = true
      const killedAt = clock.now()
      await expect.poll(ids, { interval: 20, timeout: 10_000 }).toEqual(['w-lives'])
      expect(clock.now() - killedAt).toBeGreaterThan(LIMITS.workersTtlMs / 2)
    })

    it('says that a worker drains while it finishes, and then is rid of it at once', async () => {
      await open()
      const worker = await fleet.startWorker({ drainMs: 20_000 })
      const run = await fleet.dispatch.submit(ensemble({ plan: toiling(100_000), lanes: 64 }))
      await expect.poll(async () => (await loadWorkers(fleet.bus))[0]?.busy, { interval: 20 }).toBe(1)
      const drained = worker.drain()
      await expect
        .poll(async () => (await loadWorkers(fleet.bus))[0], { interval: 20 })
        .toMatchObject({
          id: worker.id,
          draining: true,
        })
      await drained
      expect(await ids()).toEqual([])
      await fleet.dispatch.settled('local', run.id)
    })

    it('passes over entries that are no report', async () => {
      await open()
      await fleet.startWorker({ id: 'w-good' })
      const bucket = await fleet.bus.bucket('qz_workers')
      const good = JSON.parse(new TextDecoder().decode(await bucket.get('w-good')))
      const entries = ['no json', '1', 'null', '{}', JSON.stringify(good), JSON.stringify({ ...good, slots: '2' })]
      for (const [i, entry] of entries.entries()) await bucket.put(`w-bad${i}`, new TextEncoder().encode(entry))
      expect(await ids()).toEqual(['w-good'])
    })
  })
})
