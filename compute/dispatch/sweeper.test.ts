// The sweeper: whatever the bus loses, the database still has, and it comes again.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import {
  ensemble,
  eventsUntilEnd,
  expectedHash,
  type FleetOptions,
  openFleet,
  type TestFleet,
} from '../../test/support/fleet.ts'
import { loadKernel } from '../worker/kernels.ts'
import { openDispatch } from './dispatch.ts'
import { sweep } from './sweeper.ts'

const OPTIONS = { sweepIntervalMs: 5000, lostAfterMs: 45_000, publishGraceMs: 2000 }

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  // It sweeps when the test says so.
  fleet = await openFleet({
    store: database.store,
    workers: 0,
    ...options,
    dispatch: { sweeps: false, ...options.dispatch },
  })
  return fleet
}
const sweepNow = () => sweep({ ...fleet, clock, log: silentLog }, OPTIONS)
const resultHash = async (runId: string) => {
  await fleet.dispatch.settled('local', runId)
  return (await fleet.dispatch.load('local', [runId]))[0]?.resultHash
}
const age = (table: string, column: string) =>
  fleet.store.query(`update fleet.${table} set ${column} = now() - interval '1 hour'`)

describe('sweep', () => {
  it('publishes what the bus did not take at submission', async () => {
    let away = true
    await open({
      wrap: (bus) => ({
        ...bus,
        enqueue: async (...args) => {
          if (away) throw new QuesnayError('BUS_UNAVAILABLE', 'the message bus is away')
          return bus.enqueue(...args)
        },
      }),
    })
    const question = ensemble({ shards: 4 })
    const run = await fleet.dispatch.submit(question)
    expect(run.status).toBe('QUEUED')
    expect(await fleet.bus.backlog()).toBe(0)
    away = false
    expect(await sweepNow()).toMatchObject({ published: 0 })
    await age('outbox', 'admitted_at')
    expect(await sweepNow()).toMatchObject({ published: 4, resent: 0 })
    expect(await sweepNow()).toMatchObject({ published: 0 })
    await fleet.startWorker()
    expect(await resultHash(run.id)).toBe(expectedHash(question))
  })

  it('sends every shard again when the bus has lost them all', async () => {
    await open()
    const question = ensemble({ shards: 4 })
    const run = await fleet.dispatch.submit(question)
    expect(await fleet.bus.purge('qz.job.>')).toBe(4)
    expect(await sweepNow()).toMatchObject({ resent: 0 })
    await age('shard', 'published_at')
    expect(await sweepNow()).toMatchObject({ resent: 4 })
    expect(await fleet.bus.backlog()).toBe(4)
    await fleet.startWorker()
    expect(await resultHash(run.id)).toBe(expectedHash(question))
  })

  it('does not fill the queue with copies of shards that only wait', async () => {
    await open()
    await fleet.dispatch.submit(ensemble({ shards: 4 }))
    for (let i = 0; i < 3; i++) {
      await age('shard', 'published_at')
      expect(await sweepNow()).toMatchObject({ resent: 4 })
    }
    expect(await fleet.bus.backlog()).toBe(4)
  })

  it('waits twice as long before each further time', async () => {
    await open()
    await fleet.dispatch.submit(ensemble())
    const lastSent = (ago: string) =>
      fleet.store.query(`update fleet.shard set published_at = now() - interval '${ago}'`)
    await lastSent('46 seconds')
    expect(await sweepNow()).toMatchObject({ resent: 1 })
    await lastSent('46 seconds')
    expect(await sweepNow()).toMatchObject({ resent: 0 })
    await lastSent('91 seconds')
    expect(await sweepNow()).toMatchObject({ resent: 1 })
  })

  it('leaves alone a shard that a worker keeps alive', async () => {
    await open()
    await fleet.dispatch.submit(ensemble())
    await age('shard', 'published_at')
    await fleet.store.query(`update fleet.shard set status = 'RUNNING', worker_id = 'w', heartbeat_at = now()`)
    expect(await sweepNow()).toMatchObject({ resent: 0 })
  })

  it('wakes a worker for a merge whose owner is gone, once its lease has run out', async () => {
    await open()
    // This worker stores every shard, and then the store refuses it the merge: to read what it merges, to claim it and to give it back.
    const query: TestFleet['store']['query'] = async (text, ...given) => {
      if (/join fleet\.shard_result|merge_owner = \$3/.test(text)) throw new QuesnayError('STORE_UNAVAILABLE', 'away')
      return fleet.store.query(text, ...given)
    }
    const unlucky = await fleet.startWorker({ store: { ...fleet.store, query }, storePatienceMs: 1 })
    const question = ensemble({ shards: 3 })
    const run = await fleet.dispatch.submit(question)
    const status = async () => (await fleet.dispatch.load('local', [run.id]))[0]?.status
    await expect.poll(status).toBe('MERGING')
    await unlucky.stop()
    await fleet.bus.purge('qz.job.>')
    await fleet.startWorker()
    await age('shard', 'published_at')
    expect(await sweepNow()).toMatchObject({ merges: 0, resent: 0 })
    await fleet.store.query(`update fleet.job set merge_lease_until = now() - interval '1 second'`)
    expect(await sweepNow()).toMatchObject({ merges: 1 })
    expect(await resultHash(run.id)).toBe(expectedHash(question))
  })

  it('says a state that was not said because the bus was away', async () => {
    let away = false
    await open({
      workers: 1,
      wrap: (bus) => ({
        ...bus,
        emit: async (...args) => {
          if (away) throw new QuesnayError('BUS_UNAVAILABLE', 'the message bus is away')
          return bus.emit(...args)
        },
      }),
    })
    away = true
    const run = await fleet.dispatch.submit(ensemble({ shards: 2 }))
    await fleet.dispatch.settled('local', run.id)
    // The worker tries, and fails, before it gives the message back.
    await expect.poll(() => fleet.bus.backlog()).toBe(0)
    away = false
    expect(await sweepNow()).toMatchObject({ announced: 1 })
    const events = await eventsUntilEnd(fleet.bus, 'local', run.id)
    expect(events.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'state RUNNING',
      'progress MERGING',
      'state MERGING',
      'state SUCCEEDED',
    ])
    expect(await sweepNow()).toMatchObject({ announced: 0 })
  })

  it('fails a job that is past its deadline, though no worker ever came', async () => {
    await open()
    const run = await fleet.dispatch.submit(ensemble())
    await age('job', 'deadline_at')
    expect(await sweepNow()).toMatchObject({ expired: 1 })
    await expect(fleet.dispatch.result('local', run.id)).rejects.toMatchObject({
      code: 'KERNEL_FAILED',
      detail: { reason: 'deadline' },
    })
    expect(await fleet.bus.backlog()).toBe(0)
  })

  it('finds nothing to do where nothing is lost', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(ensemble())
    await fleet.dispatch.settled('local', run.id)
    await eventsUntilEnd(fleet.bus, 'local', run.id)
    expect(await sweepNow()).toMatchObject({ published: 0, resent: 0, merges: 0, expired: 0 })
    expect(await sweepNow()).toMatchObject({ announced: 0 })
  })

  it('counts what waits in the queue', async () => {
    await open()
    await fleet.dispatch.submit(ensemble({ shards: 3 }))
    await sweepNow()
    expect((await fleet.metrics.backlog.get()).values[0]?.value).toBe(3)
  })

  it('takes up at once, after a restart, what the bus in memory held before it', async () => {
    await open({ dispatch: { sweeps: false } })
    const question = ensemble({ shards: 2 })
    const run = await fleet.dispatch.submit(question)
    await fleet.bus.purge('qz.job.>')
    const restarted = openDispatch({ ...fleet, clock, log: silentLog, sweepIntervalMs: 3_600_000 })
    await fleet.startWorker()
    expect(await resultHash(run.id)).toBe(expectedHash(question))
    await restarted.close()
  })

  it('runs by itself at its interval', async () => {
    await open({
      dispatch: {
        sweeps: true,
        sweepIntervalMs: 20,
        lostAfterMs: 50,
        kernels: { machine: loadKernel('machine'), stats: loadKernel('stats') },
      },
    })
    const question = ensemble({ shards: 2 })
    const run = await fleet.dispatch.submit(question)
    await fleet.bus.purge('qz.job.>')
    await fleet.startWorker()
    expect(await resultHash(run.id)).toBe(expectedHash(question))
  })
})
