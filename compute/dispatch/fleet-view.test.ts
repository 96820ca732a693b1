// The fleet as one tenant sees it: all workers and totals, its own queues and runs, and nobody else's.
import { hostname } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { QuesnayError } from '../../schema/errors.ts'
import { ensemble, openFleet, type TestFleet } from '../../test/support/fleet.ts'

let fleet: TestFleet | undefined
afterEach(async () => {
  await fleet?.close()
  fleet = undefined
})

const MINE = 'mine'
const THEIRS = 'somebody-else'

describe('the view of the fleet', () => {
  it('counts what waits of the tenant and of all, and names no other tenant', async () => {
    fleet = await openFleet({ workers: 0 })
    await fleet.dispatch.submit(ensemble({ tenant: MINE, shards: 4 }))
    await fleet.dispatch.submit(ensemble({ tenant: THEIRS, shards: 8, class: 'p2' }))
    await fleet.dispatch.submit(ensemble({ tenant: THEIRS, shards: 2, seed: '7' }))
    const view = await fleet.dispatch.fleet(MINE, 10)
    expect(view.queues.map(({ class: name, own, total }) => [name, own.waiting, total.waiting, total.running])).toEqual(
      [
        ['p0', 4, 6, 0],
        ['p1', 0, 0, 0],
        ['p2', 0, 8, 0],
      ],
    )
    const [interactive, , batch] = view.queues
    expect(interactive!.total.costSeconds).toBeGreaterThan(interactive!.own.costSeconds)
    expect(batch!.own.costSeconds).toBe(0)
    // Without a worker the work waits as for one thread.
    expect(view.backlogSeconds).toBeCloseTo(interactive!.total.costSeconds + batch!.total.costSeconds)
    expect(view.workers).toEqual([])
    expect(JSON.stringify(view)).not.toContain(THEIRS)
  })

  it('shows the workers without their machine and process', async () => {
    fleet = await openFleet({ workers: 2 })
    const { workers } = await fleet.dispatch.fleet(MINE, 0)
    expect(workers).toHaveLength(2)
    expect(workers?.map(({ host, slots, busy, draining }) => ({ host, slots, busy, draining }))).toEqual([
      { host: 'host-1', slots: 1, busy: 0, draining: false },
      { host: 'host-1', slots: 1, busy: 0, draining: false },
    ])
    for (const worker of workers ?? []) {
      expect(worker.heartbeatSeconds).toBeLessThan(15)
      expect(Object.values(worker)).not.toContain(hostname())
      expect(Object.keys(worker)).not.toContain('pid')
    }
  })

  it('puts runs that go on before those that have ended, each once, and only the tenant’s', async () => {
    fleet = await openFleet({ workers: 0 })
    const old = await fleet.dispatch.submit(ensemble({ tenant: MINE, seed: '1' }))
    const cancelled = await fleet.dispatch.submit(ensemble({ tenant: MINE, seed: '2' }))
    const newest = await fleet.dispatch.submit(ensemble({ tenant: MINE, seed: '3' }))
    await fleet.dispatch.submit(ensemble({ tenant: THEIRS, seed: '4' }))
    await fleet.dispatch.cancel(MINE, cancelled.id)
    const runsOf = async (tenant: string, count: number) =>
      (await fleet!.dispatch.fleet(tenant, count)).runs.map(({ id, status }) => [id, status])
    expect(await runsOf(MINE, 10)).toEqual([
      [newest.id, 'QUEUED'],
      [old.id, 'QUEUED'],
      [cancelled.id, 'CANCELLED'],
    ])
    expect(await runsOf(MINE, 1)).toEqual([[newest.id, 'QUEUED']])
    expect(await runsOf('nobody', 10)).toEqual([])
  })

  it('has no workers, and still queues, while the bus does not answer', async () => {
    fleet = await openFleet({
      workers: 0,
      wrap: (bus) =>
        Object.assign(Object.create(bus), {
          bucket: () => Promise.reject(new QuesnayError('BUS_UNAVAILABLE', 'the bus is away', {})),
        }),
    })
    await fleet.dispatch.submit(ensemble({ tenant: MINE, shards: 2 }))
    const view = await fleet.dispatch.fleet(MINE, 1)
    expect([view.workers, view.backlogSeconds]).toEqual([null, null])
    expect(view.queues[0]?.own.waiting).toBe(2)
    expect(view.runs).toHaveLength(1)
  })
})

describe('the shards of a run', () => {
  it('are shown with their worker and their seconds, at most 200, to their tenant alone', async () => {
    fleet = await openFleet({ workers: 1 })
    const small = await fleet.dispatch.submit(ensemble({ tenant: MINE, shards: 3 }))
    const large = await fleet.dispatch.submit(ensemble({ tenant: MINE, seed: '9', lanes: 64 * 250, shards: 250 }))
    await fleet.dispatch.settled(MINE, small.id)
    await fleet.dispatch.settled(MINE, large.id)
    const [ofSmall, ofLarge, ofNone] = await fleet.dispatch.shards(MINE, [small.id, large.id, 'no-such-run'])
    expect(ofSmall).toMatchObject([
      { shard: 0, status: 'SUCCEEDED', from: 0, sent: 1, deaths: 0 },
      { shard: 1, status: 'SUCCEEDED', sent: 1, deaths: 0 },
      { shard: 2, status: 'SUCCEEDED', to: 1000, sent: 1, deaths: 0 },
    ])
    for (const { workerId, computeSeconds } of ofSmall!) {
      expect(workerId).toMatch(/^w-/)
      expect(computeSeconds).toBeGreaterThan(0)
    }
    expect(ofLarge).toHaveLength(200)
    expect(ofNone).toEqual([])
    expect(await fleet.dispatch.shards(THEIRS, [small.id])).toEqual([[]])
  })
})
