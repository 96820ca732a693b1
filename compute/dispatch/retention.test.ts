// What is thrown away in time, and what stays.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { ensemble, expectedHash, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openDispatch } from './dispatch.ts'
import { discardOld } from './retention.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

const count = async (table: string) =>
  (await fleet.store.query<{ n: number }>(`select count(*)::int as n from fleet.${table}`))[0]!.n
const letters = (ago: string) =>
  fleet.store.query(
    `insert into fleet.dead_letter (tenant, job_id, shard, reason, body, created_at) values ('local', 'j', 0, '{}', '', now() - interval '${ago}')`,
  )
/** A run that ended without a result so long ago, and has two shards stored. */
async function ended(status: 'FAILED' | 'CANCELLED', ago: string, seed: string) {
  const run = await fleet.dispatch.submit(ensemble({ shards: 2, seed }))
  await fleet.store.query(
    `with mine as (select tenant, job_id from fleet.run where run_id = '${run.id}'),
     over as (update fleet.job j set status = '${status}', finished_at = now() - interval '${ago}' from mine m where j.job_id = m.job_id)
     insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
     select tenant, job_id, n, 'key', 'hash', '\\x00', 0.1, 'w' from mine, generate_series(0, 1) n`,
  )
  return run
}

describe('discardOld', () => {
  it('throws away what runs without a result have stored a day ago, and dead letters of 30 days', async () => {
    fleet = await openFleet({ store: database.store, workers: 0, dispatch: { sweeps: false } })
    await ended('FAILED', '25 hours', '1')
    await ended('CANCELLED', '25 hours', '2')
    await ended('FAILED', '23 hours', '3')
    await letters('31 days')
    await letters('29 days')
    const live = await fleet.dispatch.submit(ensemble({ shards: 2, seed: '4' }))
    expect(await discardOld(fleet.store)).toEqual({ shards: 4, letters: 1, outbox: 6 })
    expect([await count('shard_result'), await count('dead_letter'), await count('outbox')]).toEqual([2, 1, 2])
    expect(await discardOld(fleet.store)).toEqual({ shards: 0, letters: 0, outbox: 0 })
    // The runs themselves stay.
    expect((await fleet.dispatch.list('local', {}, 10)).totalCount).toBe(4)
    expect((await fleet.dispatch.load('local', [live.id]))[0]?.status).toBe('QUEUED')
  })

  it('leaves results, and the evidence of other bits for as long as dead letters', async () => {
    fleet = await openFleet({ store: database.store, workers: 0, dispatch: { sweeps: false } })
    const worker = await fleet.startWorker()
    const question = ensemble({ shards: 2 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id)
    // Nobody computes what is written as ended below.
    await worker.stop()
    await fleet.store.query(`update fleet.job set finished_at = now() - interval '1 year'`)
    const doubtful = await ended('FAILED', '2 days', '5')
    const conflict = (ago: string) =>
      fleet.store.query(
        `insert into fleet.shard_conflict (tenant, job_id, shard, shard_key, sha256, bytes, worker_id, created_at)
         select tenant, job_id, 0, 'key', 'other', '\\x01', 'w', now() - interval '${ago}' from fleet.run where run_id = '${doubtful.id}'`,
      )
    await conflict('2 days')
    expect(await discardOld(fleet.store)).toMatchObject({ shards: 1, letters: 0 })
    await fleet.store.query(`update fleet.shard_conflict set created_at = now() - interval '31 days'`)
    expect(await discardOld(fleet.store)).toMatchObject({ letters: 1 })
    expect(await discardOld(fleet.store)).toMatchObject({ shards: 1 })
    expect((await fleet.dispatch.load('local', [run.id]))[0]?.resultHash).toBe(expectedHash(question))
    await expect(fleet.dispatch.result('local', run.id)).resolves.toBeDefined()
  })

  it('is done by whoever sweeps', async () => {
    fleet = await openFleet({ store: database.store, workers: 0, dispatch: { sweeps: false } })
    await fleet.store.query('truncate fleet.dead_letter')
    await letters('31 days')
    const sweeping = openDispatch({ ...fleet, clock, log: silentLog, sweepIntervalMs: 20 })
    await expect.poll(() => count('dead_letter')).toBe(0)
    await sweeping.close()
  })
})
