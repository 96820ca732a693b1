// What a tenant may use: estimated, reserved, charged and refused with what to do.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog as silent } from '../../../infra/log.ts'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import { ensemble, type FleetOptions, openFleet, type TestFleet, toiling } from '../../../test/support/fleet.ts'
import { openDispatch } from '../dispatch.ts'
import type { Submission } from '../port.ts'
import { costMs } from '../shards.ts'
import { encodeReport } from '../workers.ts'
import { assertAffordable, dayOf, loadAccount } from './account.ts'
import { capacityOf } from './capacity.ts'
import { DEFAULT_LIMITS, flowCap, loadLimits, saveLimits } from './limits.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(async () => {
  await fleet?.close()
  await database.store.query('delete from fleet.tenant_limit')
})
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  fleet = await openFleet({
    store: database.store,
    workers: 0,
    ...options,
    dispatch: { sweeps: false, ...options.dispatch },
  })
  return fleet
}
const plan = toiling(1000)
const cost = (lanes: number) => costMs(plan, lanes) / 1000
let seeds = 0
const question = (lanes: number, more: Partial<Submission> = {}) =>
  ensemble({ plan, lanes, seed: `${++seeds}`, ...more })
const account = () => loadAccount(fleet.store, 'local', clock.now())

describe('limits', () => {
  it('are the defaults until a row says otherwise, and again once it no longer does', async () => {
    await open()
    expect((await account()).limits).toEqual(DEFAULT_LIMITS)
    await saveLimits(fleet.store, 'local', { shardsWaiting: 5, weight: 2 })
    await saveLimits(fleet.store, 'local', { shardsWaiting: 7 })
    expect((await account()).limits).toEqual({ ...DEFAULT_LIMITS, shardsWaiting: 7, weight: 2 })
    await saveLimits(fleet.store, 'local', { shardsWaiting: null })
    expect((await account()).limits).toEqual({ ...DEFAULT_LIMITS, weight: 2 })
    expect(await loadLimits(fleet.store)).toMatchObject([{ tenant: 'local', weight: 2, shardsWaiting: null }])
    expect(await loadLimits(fleet.store, 'acme')).toEqual([])
  })

  it('let four shards per thread be in flight, and 32 in a small fleet', () => {
    expect([0, 2, 8, 1000].map((slots) => flowCap({ slots, nsPerOperation: 1 }))).toEqual([32, 32, 32, 4000])
  })
})

describe('an estimate', () => {
  it('is told before submission and after, and stores nothing', async () => {
    await open()
    const asked = question(1000, { shards: 3 })
    const estimate = await fleet.dispatch.estimate(asked)
    expect(estimate).toMatchObject({ shards: 3, slots: 0, shared: false, refusal: null })
    expect(estimate.computeSeconds).toBeCloseTo(cost(1000), 9)
    expect(await fleet.store.query('select from fleet.job')).toEqual([])
    const run = await fleet.dispatch.submit(asked)
    expect(run.estimatedComputeSeconds).toBeCloseTo(cost(1000), 9)
    expect(await fleet.dispatch.estimate(asked)).toMatchObject({ shared: true, refusal: null })
  })

  it('follows what workers measure, weighted by their threads; the cut and the keys of the shards do not', async () => {
    await open()
    const keysOf = async (id: string) =>
      fleet.store.query(
        'select shard_key, lane_from, lane_to from fleet.shard join fleet.run using (tenant, job_id) where run_id = $1 order by shard',
        [id],
      )
    const asked = question(4000)
    const before = await fleet.dispatch.submit(asked)
    const report = { ...REPORT, id: 'w-1', slots: 4, nsPerOperation: 3 }
    await (await fleet.bus.bucket('qz_workers')).put('w-1', encodeReport(report))
    expect((await fleet.dispatch.estimate(asked)).computeSeconds).toBeCloseTo(3 * cost(4000), 9)
    const after = await fleet.dispatch.submit({ ...asked, tenant: 'acme' })
    expect(after.estimatedComputeSeconds).toBeCloseTo(3 * cost(4000), 9)
    expect(after.slots).toBe(4)
    expect(await keysOf(after.id)).toEqual(await keysOf(before.id))
  })

  it('is of workers alone that have measured; a fleet without any counts an operation as a nanosecond', () => {
    expect(capacityOf([])).toEqual({ slots: 0, nsPerOperation: 1 })
    const workers = [
      { slots: 3, nsPerOperation: 2 },
      { slots: 1, nsPerOperation: 6 },
      { slots: 4, nsPerOperation: null },
    ]
    expect(capacityOf(workers)).toEqual({ slots: 8, nsPerOperation: 3 })
  })
})

describe('a question', () => {
  it('that alone is estimated above the limit is refused with the lanes that would do', async () => {
    await open()
    await saveLimits(fleet.store, 'local', { secondsPerQuestion: cost(500) })
    const refused = fleet.dispatch.submit(question(1000))
    await expect(refused).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { path: 'lanes', limit: cost(500), suggestion: 'ask for 500 lanes or fewer, or for fewer steps' },
    })
    expect((await fleet.dispatch.estimate(question(1000))).refusal).toMatchObject({ code: 'LIMIT_EXCEEDED' })
    await expect(fleet.dispatch.submit(question(500))).resolves.toMatchObject({ status: 'QUEUED' })
  })

  it('beyond what the day holds is refused until runs end or until midnight, and another tenant is not', async () => {
    await open()
    await saveLimits(fleet.store, 'local', { computeSecondsPerDay: cost(2500) })
    const first = question(1000)
    await fleet.dispatch.submit(first)
    await fleet.dispatch.submit(question(1000))
    await expect(fleet.dispatch.submit(question(1000))).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      detail: { limit: cost(2500), usedSeconds: 0, suggestion: 'wait for runs to end, or cancel some' },
    })
    // What costs nothing is not refused, nor is anybody else.
    await expect(fleet.dispatch.submit(first)).resolves.toMatchObject({ status: 'QUEUED' })
    await expect(fleet.dispatch.submit(question(1000, { tenant: 'acme' }))).resolves.toMatchObject({ status: 'QUEUED' })
  })

  it('is charged what it really took, and the day begins anew at midnight (UTC)', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(question(1000))
    expect((await account()).reservedSeconds).toBeCloseTo(cost(1000), 9)
    await fleet.dispatch.settled('local', run.id)
    const [ended] = await fleet.dispatch.load('local', [run.id])
    const { usedSeconds, reservedSeconds } = await account()
    expect(reservedSeconds).toBe(0)
    expect(usedSeconds).toBeCloseTo(ended!.computeSeconds, 9)
    await saveLimits(fleet.store, 'local', { computeSecondsPerDay: usedSeconds + cost(500) })
    await expect(fleet.dispatch.submit(question(600))).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      detail: { usedSeconds, suggestion: 'ask again after midnight (UTC), or ask for less' },
    })
    const tomorrow = { ...clock, now: () => clock.now() + 86_400_000 }
    const later = openDispatch({ ...parts(), clock: tomorrow, sweeps: false })
    await expect(later.submit(question(500))).resolves.toMatchObject({ cached: false, error: null })
    await later.close()
  })

  it('does not overdraw the day where many are asked at once', async () => {
    await open()
    await saveLimits(fleet.store, 'local', { computeSecondsPerDay: cost(350) })
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => fleet.dispatch.submit(question(100))))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const one of asked)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'BUDGET_EXHAUSTED' })
  })
})

describe('assertAffordable', () => {
  const base = { limits: DEFAULT_LIMITS, shards: 0, costSeconds: 0, usedSeconds: 0, reservedSeconds: 0 }
  const NOON = Date.UTC(2030, 0, 1, 12)
  const refusal = (more: Partial<typeof base>, slots = 1) => {
    try {
      assertAffordable({ ...base, ...more }, { lanes: 10, estimatedSeconds: 5 }, { slots, nsPerOperation: 1 }, NOON)
    } catch (error) {
      return error as { code: string; detail: Record<string, unknown> }
    }
    return undefined
  }
  const limits = { ...DEFAULT_LIMITS, shardsWaiting: 100, computeSecondsPerDay: 1000 }

  it('says OVERLOADED with the time that the shards above the limit take the fleet', () => {
    expect(refusal({ limits, shards: 99, costSeconds: 99 })).toBeUndefined()
    expect(refusal({ limits, shards: 199, costSeconds: 199 })).toMatchObject({
      code: 'OVERLOADED',
      detail: { waiting: 199, limit: 100, retryAfterMs: 100_000 },
    })
    expect(refusal({ limits, shards: 199, costSeconds: 199 }, 10)?.detail['retryAfterMs']).toBe(10_000)
    // Neither at once nor in days.
    expect(refusal({ limits, shards: 199, costSeconds: 0 })?.detail['retryAfterMs']).toBe(1000)
    expect(refusal({ limits, shards: 1e6, costSeconds: 1e9 })?.detail['retryAfterMs']).toBe(600_000)
  })

  it('says BUDGET_EXHAUSTED until midnight, or until what is reserved has been computed', () => {
    expect(refusal({ limits, usedSeconds: 995 })).toBeUndefined()
    expect(refusal({ limits, usedSeconds: 996 })).toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      detail: { retryAfterMs: 12 * 3_600_000 },
    })
    expect(refusal({ limits, reservedSeconds: 996, costSeconds: 30 })?.detail['retryAfterMs']).toBe(30_000)
  })

  it('says LIMIT_EXCEEDED of a question that no day holds', () => {
    expect(refusal({ limits: { ...limits, computeSecondsPerDay: 4 } })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { limit: 4, suggestion: 'ask for 8 lanes or fewer, or for fewer steps' },
    })
    expect(refusal({ limits: { ...limits, secondsPerQuestion: 0.01 } })?.detail['suggestion']).toMatch(/smaller model/)
  })

  it('knows the day of a time', () => {
    expect(dayOf(NOON).toISOString()).toBe('2030-01-01T00:00:00.000Z')
  })
})

const REPORT = {
  ...{ version: '1', host: 'h', pid: 1, busy: 0, draining: false, kernels: [], rssBytes: 1, startedAt: 0, at: 0 },
}
function parts() {
  return { ...fleet, log: silent }
}
