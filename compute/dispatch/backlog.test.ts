// The backlog: what is to be done of all tenants, and the gauges that the fleet is scaled by.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ensemble, openFleet, type TestFleet, toiling } from '../../test/support/fleet.ts'
import { loadBacklog, loadQueues } from './backlog.ts'
import { setGauges } from './gauges.ts'
import { costMs } from './shards.ts'
import { encodeReport } from './workers.ts'

const REPORT = {
  ...{ version: '1', host: 'h', pid: 1, busy: 0, draining: false, kernels: [], nsPerOperation: null, rssBytes: 1 },
  ...{ startedAt: 0, at: 0 },
}
const plan = toiling(1000)
const cost = (lanes: number) => costMs(plan, lanes) / 1000

describe('the backlog', () => {
  let fleet: TestFleet
  beforeAll(async () => {
    fleet = await openFleet({ workers: 0, dispatch: { sweeps: false } })
  })
  afterAll(() => fleet?.close())

  it('is empty where nothing is to be done', async () => {
    expect(await loadBacklog(fleet.store)).toEqual({ shards: 0, costSeconds: 0 })
    expect(await loadQueues(fleet.store)).toEqual([])
  })

  it('counts shards and their estimated cost, which is that of the plan whatever the cut', async () => {
    await fleet.dispatch.submit(ensemble({ plan, lanes: 1000, shards: 3 }))
    await fleet.dispatch.submit(ensemble({ plan, lanes: 640, tenant: 'acme', class: 'p2', shards: 2 }))
    const backlog = await loadBacklog(fleet.store)
    expect(backlog.shards).toBe(5)
    expect(backlog.costSeconds).toBeCloseTo(cost(1640), 9)
  })

  it('is told by tenant and class, waiting apart from running', async () => {
    await fleet.store.query(`update fleet.shard set status = 'RUNNING' where tenant = 'local' and shard = 0`)
    const queues = await loadQueues(fleet.store)
    expect(queues).toMatchObject([
      { tenant: 'acme', class: 'p2', waiting: 2, running: 0 },
      { tenant: 'local', class: 'p0', waiting: 2, running: 1 },
    ])
    expect(queues[1]?.costSeconds).toBeCloseTo(cost(1000), 9)
  })

  it('is divided by the threads of the workers that are alive, a fleet of none counting as one', async () => {
    const workers = await fleet.bus.bucket('qz_workers')
    const value = async (name: 'backlogSeconds' | 'fleetSlots') => (await fleet.metrics[name].get()).values[0]?.value
    const set = () => setGauges({ ...fleet, clock, log: silentLog })
    await set()
    expect(await value('fleetSlots')).toBe(0)
    expect(await value('backlogSeconds')).toBeCloseTo(cost(1640), 9)
    for (const [id, slots] of [
      ['w-1', 3],
      ['w-2', 1],
    ] as const)
      await workers.put(id, encodeReport({ ...REPORT, id, slots }))
    await set()
    expect(await value('fleetSlots')).toBe(4)
    expect(await value('backlogSeconds')).toBeCloseTo(cost(1640) / 4, 9)
  })

  it('holds merges that are due, and nothing of a run that has ended', async () => {
    const { runs } = await fleet.dispatch.list('acme', {}, 1)
    await fleet.dispatch.cancel('acme', runs[0]!.id)
    expect((await loadBacklog(fleet.store)).shards).toBe(3)
    await fleet.store.query(`update fleet.shard set status = 'SUCCEEDED'`)
    await fleet.store.query(`update fleet.job set status = 'MERGING' where tenant = 'local'`)
    expect(await loadBacklog(fleet.store)).toEqual({ shards: 1, costSeconds: 0.1 })
    await fleet.store.query(`update fleet.job set status = 'SUCCEEDED' where tenant = 'local'`)
    expect(await loadBacklog(fleet.store)).toEqual({ shards: 0, costSeconds: 0 })
  })
})
