// Admission over the database: caps, turns, classes, a tenant's flood, and that nothing that waits is lost.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Bus } from '../../../infra/bus/port.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog } from '../../../infra/log.ts'
import { bucketOf } from '../../../schema/jobs.ts'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import {
  ensemble,
  expectedHash,
  type FleetOptions,
  openFleet,
  type TestFleet,
  taxes,
} from '../../../test/support/fleet.ts'
import type { Submission } from '../port.ts'
import { sweep } from '../sweeper.ts'
import { admitWaiting } from './admit.ts'
import { saveLimits } from './limits.ts'

const CAP = 32
const CAPACITY = { slots: 1, nsPerOperation: 1 }
const OPTIONS = { sweepIntervalMs: 5000, lostAfterMs: 45_000, publishGraceMs: 2000 }

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(async () => {
  await fleet?.close()
  await database.store.query('delete from fleet.tenant_limit')
  await database.store.query('delete from fleet.flow')
})
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  fleet = await openFleet({
    store: database.store,
    workers: 0,
    ...options,
    dispatch: { sweeps: false, admits: false, ...options.dispatch },
  })
  return fleet
}
const parts = () => ({ ...fleet, clock, log: silentLog })
const admit = () => admitWaiting(parts(), CAPACITY)
/** Many shards of next to no work. */
const many = (shards: number, more: Partial<Submission> = {}) => taxes(64 * shards, { shards, ...more })
const inFlight = async (where = 'true') => {
  const [row] = await fleet.store.query<{ n: number }>(
    `select count(*)::int as n from fleet.shard where admitted and status in ('QUEUED', 'RUNNING') and ${where}`,
  )
  return row!.n
}
/** As if so many shards in flight had been computed. */
const finish = (n: number, where = 'true') =>
  fleet.store.query(
    `update fleet.shard set status = 'SUCCEEDED' where (tenant, job_id, shard) in (
       select tenant, job_id, shard from fleet.shard where admitted and status = 'QUEUED' and ${where} order by job_id, shard limit ${n})`,
  )

describe('admission', () => {
  it('publishes at submission what the tenant has room for, and the rest waits in the outbox', async () => {
    await open()
    const run = await fleet.dispatch.submit(many(50))
    expect(run).toMatchObject({ status: 'QUEUED', shardsTotal: 50 })
    expect(await fleet.bus.backlog()).toBe(CAP)
    expect(await inFlight()).toBe(CAP)
    const waiting = await fleet.store.query('select shard from fleet.outbox where admitted_at is null order by shard')
    expect(waiting.map(({ shard }) => shard)).toEqual(Array.from({ length: 18 }, (_, i) => CAP + i))
  })

  it('lets a later question of the tenant wait behind those that wait, and another tenant through', async () => {
    await open()
    await fleet.dispatch.submit(many(50))
    await fleet.dispatch.submit(many(2, { inputs: { deduction: 1 } }))
    expect(await fleet.bus.backlog()).toBe(CAP)
    await fleet.dispatch.submit(many(2, { tenant: 'acme' }))
    expect(await fleet.bus.backlog()).toBe(CAP + 2)
    // Of another class the tenant has a queue of its own: what is urgent does not wait for its batch work.
    await fleet.dispatch.submit(many(2, { class: 'p1' }))
    expect(await fleet.bus.backlog()).toBe(CAP + 4)
  })

  it('goes on as shards finish, in the order they were asked for', async () => {
    await open()
    await fleet.dispatch.submit(many(50))
    expect(await admit()).toBe(0)
    await finish(5)
    expect(await admit()).toBe(5)
    expect(await inFlight('shard >= 32')).toBe(5)
    expect(await inFlight('shard < 37')).toBe(CAP)
    expect(await fleet.bus.backlog()).toBe(CAP + 5)
  })

  it('keeps the cap where ten processes submit and admit at once', async () => {
    await open()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => fleet.dispatch.submit(many(4, { inputs: { deduction: i } }))),
    )
    expect(await inFlight()).toBeLessThanOrEqual(CAP)
    await Promise.all(Array.from({ length: 10 }, admit))
    expect(await inFlight()).toBe(CAP)
    await finish(12)
    const admitted = await Promise.all(Array.from({ length: 10 }, admit))
    expect(admitted.reduce((sum, n) => sum + n, 0)).toBe(12)
    expect(await inFlight()).toBe(CAP)
    expect(await fleet.bus.backlog()).toBe(CAP + 12)
  })

  it('follows a limit of the tenant in place of the default, and the size of the fleet', async () => {
    await open()
    await saveLimits(fleet.store, 'local', { shardsInFlight: 3 })
    await fleet.dispatch.submit(many(8))
    expect(await inFlight()).toBe(3)
    await fleet.dispatch.submit(many(50, { tenant: 'acme' }))
    expect(await inFlight(`tenant = 'acme'`)).toBe(CAP)
    await admitWaiting(parts(), { slots: 10, nsPerOperation: 1 })
    expect(await inFlight(`tenant = 'acme'`)).toBe(40)
    expect(await inFlight(`tenant = 'local'`)).toBe(3)
  })

  it('deals by weight where the whole queue is short of room', async () => {
    await open()
    await saveLimits(fleet.store, 'heavy', { weight: 3, shardsInFlight: 400 })
    await saveLimits(fleet.store, 'light', { weight: 1, shardsInFlight: 400 })
    for (const tenant of ['heavy', 'light']) {
      await fleet.dispatch.submit(many(1, { tenant }))
      await fleet.store.query(`update fleet.shard set admitted = true, status = 'SUCCEEDED'`)
    }
    // Queues of 300 that nobody has let in yet, each shard as dear as a turn of the light one, on a bus with 100 places left.
    await fleet.store.query(
      `insert into fleet.shard (tenant, job_id, class, shard, lane_from, lane_to, shard_key, cost_seconds, admitted)
       select j.tenant, j.job_id, 'p1', n, n * 64, n * 64 + 64, '', 0.06, false from fleet.job j, generate_series(1, 300) n`,
    )
    await fleet.store.query(
      `insert into fleet.outbox (tenant, job_id, shard, subject, message_id, body)
       select s.tenant, s.job_id, s.shard, 'qz.job.p1.0.' || s.tenant || '.' || s.job_id || '.' || s.shard, s.job_id || s.shard, ''
       from fleet.shard s where not s.admitted`,
    )
    await fleet.store.query(
      `insert into fleet.shard (tenant, job_id, class, shard, lane_from, lane_to, shard_key, admitted)
       select 'heavy', job_id, 'p2', 1000 + n, 0, 64, '', true from fleet.job, generate_series(1, 924) n where tenant = 'heavy'`,
    )
    expect(await admit()).toBe(100)
    expect(await inFlight(`tenant = 'light'`)).toBe(25)
    expect(await inFlight(`tenant = 'heavy' and class = 'p1'`)).toBe(75)
  })

  it('raises batch work that waits long to the queue of a more urgent class', async () => {
    await open()
    await fleet.dispatch.submit(many(40, { class: 'p2' }))
    await finish(1)
    await fleet.store.query(`update fleet.shard set published_at = now() - interval '31 seconds' where not admitted`)
    await admit()
    await finish(1)
    await fleet.store.query(`update fleet.shard set published_at = now() - interval '61 seconds' where not admitted`)
    await admit()
    expect(await fleet.bus.purge('qz.job.p2.>')).toBe(CAP)
    expect(await fleet.bus.purge('qz.job.p1.>')).toBe(1)
    expect(await fleet.bus.purge('qz.job.p0.>')).toBe(1)
  })

  it('computes no more questions of a tenant at a time than it may: further ones wait', async () => {
    await open()
    await saveLimits(fleet.store, 'local', { jobsRunning: 2 })
    for (let i = 0; i < 4; i++) await fleet.dispatch.submit(many(2, { inputs: { deduction: i } }))
    expect(await inFlight()).toBe(4)
    expect(await admit()).toBe(0)
    await finish(2)
    expect(await admit()).toBe(2)
    await finish(4)
    expect(await admit()).toBe(2)
  })

  it('takes what waits of a cancelled run out of the queue, and makes room', async () => {
    await open({ dispatch: { admits: true } })
    const first = await fleet.dispatch.submit(many(40))
    const second = await fleet.dispatch.submit(many(3, { inputs: { deduction: 1 } }))
    await fleet.dispatch.cancel('local', first.id)
    await expect.poll(() => inFlight()).toBe(3)
    await expect.poll(() => fleet.bus.backlog()).toBe(3)
    const [left] = await fleet.store.query('select count(*)::int as n from fleet.outbox')
    expect(left).toEqual({ n: 3 })
    await fleet.dispatch.cancel('local', second.id)
    expect(await fleet.bus.backlog()).toBe(0)
    expect(await fleet.store.query('select from fleet.outbox')).toEqual([])
  })

  it('is gone on with by the sweeper, to which a shard that waits is not lost', async () => {
    await open()
    await fleet.dispatch.submit(many(40))
    await fleet.store.query(`update fleet.shard set published_at = now() - interval '1 hour' where not admitted`)
    expect(await sweep(parts(), OPTIONS)).toMatchObject({ admitted: 0, published: 0, resent: 0 })
    await finish(3)
    expect(await sweep(parts(), OPTIONS)).toMatchObject({ admitted: 3, published: 0, resent: 0 })
  })

  it('publishes what was let through by a process that died before it said so', async () => {
    await open()
    await fleet.dispatch.submit(many(40))
    await finish(3)
    const deaf: Bus = { ...fleet.bus, enqueue: () => Promise.reject(new Error('died')) }
    expect(await admitWaiting({ ...parts(), bus: deaf }, CAPACITY)).toBe(3)
    expect(await fleet.bus.backlog()).toBe(CAP)
    await fleet.store.query(
      `update fleet.outbox set admitted_at = now() - interval '1 minute' where published_at is null and admitted_at is not null`,
    )
    expect(await sweep(parts(), OPTIONS)).toMatchObject({ published: 3 })
    expect(await fleet.bus.backlog()).toBe(CAP + 3)
  })

  it('leaves no message of a job that ends while it is published', async () => {
    let run = ''
    await open({
      wrap: (bus) => ({
        ...bus,
        enqueue: async (...args) => {
          if (run) await fleet.dispatch.cancel('local', run)
          return bus.enqueue(...args)
        },
      }),
    })
    const submitted = await fleet.dispatch.submit(many(40))
    await finish(2)
    run = submitted.id
    await admit()
    expect(await fleet.bus.backlog()).toBe(0)
  })

  it('does not let 5,000 shards of one tenant starve another whose queue on the bus is the same', async () => {
    const flood = 'flood'
    const other = Array.from({ length: 1000 }, (_, i) => `t${i}`).find((name) => bucketOf(name) === bucketOf(flood))!
    await open({ workers: 1 })
    await fleet.dispatch.submit(many(2500, { tenant: flood, lanes: 160_000 }))
    await fleet.dispatch.submit(many(2500, { tenant: flood, lanes: 160_000, inputs: { deduction: 1 } }))
    const question = ensemble({ tenant: other, lanes: 64 })
    const before = await doneOf(flood)
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled(other, run.id)
    const behind = (await doneOf(flood)) - before
    expect((await fleet.dispatch.load(other, [run.id]))[0]?.resultHash).toBe(expectedHash(question))
    // What it waits for is what the other had in flight, and what passed while it was merged and heard of.
    expect(behind).toBeLessThan(8 * CAP)
    expect(await doneOf(flood)).toBeLessThan(2500)
  })

  it('finishes what waits, with the bits of the whole', async () => {
    await open({ workers: 1 })
    const question = ensemble({ lanes: 64 * 80, shards: 80 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id, 60_000)
    expect((await fleet.dispatch.load('local', [run.id]))[0]?.resultHash).toBe(expectedHash(question))
  })
})

async function doneOf(tenant: string): Promise<number> {
  const [row] = await fleet.store.query<{ n: number }>(
    'select coalesce(sum(shards_done), 0)::int as n from fleet.job where tenant = $1',
    [tenant],
  )
  return row!.n
}
