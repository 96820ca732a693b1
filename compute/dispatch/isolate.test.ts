// A shard that fails by itself: the others go on, what they gave is kept, and a redrive finishes the run with the same bits.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import type { WireError } from '../../schema/errors.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import {
  ensemble,
  eventsUntilEnd,
  expectedHash,
  type FleetOptions,
  openFleet,
  type TestFleet,
} from '../../test/support/fleet.ts'
import { failJob } from './endings.ts'
import { failShard, isOfOneShard, MAX_FAILED_SHARDS } from './isolate.ts'
import type { RunRecord } from './port.ts'
import { sweep } from './sweeper.ts'

let database: TestStore
let fleet: TestFleet
let worker: Awaited<ReturnType<TestFleet['startWorker']>>
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
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
const parts = () => ({ ...fleet, clock, log: silentLog })
const load = async ({ id }: RunRecord) => (await fleet.dispatch.load('local', [id]))[0]!
const jobOf = async ({ id }: RunRecord) => {
  const [row] = await fleet.store.query<{ job_id: string }>('select job_id from fleet.run where run_id = $1', [id])
  return { tenant: 'local', jobId: row!.job_id }
}
const poison = (shard: number): WireError => ({
  code: 'KERNEL_FAILED',
  message: `shard ${shard} ended 2 workers`,
  detail: { shard, deaths: 2, reason: 'poison' },
})
const letter = (shard: number) => ({ shard, body: new TextEncoder().encode('{}') })
const failOne = async (run: RunRecord, shard: number, error = poison(shard)) =>
  failShard(parts(), await jobOf(run), error, letter(shard))
const question = ensemble({ shards: 6 })

/** Two shards are set aside before a worker comes. */
async function failedRun(shards = [1, 4]): Promise<RunRecord> {
  const run = await fleet.dispatch.submit(question)
  for (const shard of shards) await failOne(run, shard)
  worker = await fleet.startWorker()
  await eventsUntilEnd(fleet.bus, 'local', run.id)
  return run
}

describe('a shard that fails by itself', () => {
  it('is set aside: the others are computed, and the run ends FAILED with the shards that did', async () => {
    await open()
    const run = await failedRun()
    expect(await load(run)).toMatchObject({
      status: 'FAILED',
      shardsDone: 4,
      shardsFailed: 2,
      error: {
        code: 'KERNEL_FAILED',
        message: '2 shards failed; the first: shard 1 ended 2 workers',
        detail: { shards: [1, 4], reason: 'poison', suggestion: expect.stringContaining('redrive') },
      },
    })
    expect(await fleet.dispatch.deadLetters('local', run.id)).toMatchObject([
      { shard: 4, reason: { code: 'KERNEL_FAILED' }, at: expect.any(Date) },
      { shard: 1, reason: { code: 'KERNEL_FAILED' } },
    ])
    await expect(fleet.dispatch.deadLetters('acme', run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const stored = await fleet.store.query(
      'select shard from fleet.shard_result where octet_length(bytes) > 0 order by shard',
    )
    expect(stored.map(({ shard }) => shard)).toEqual([0, 2, 3, 5])
    expect(await fleet.bus.backlog()).toBe(0)
  })

  it('is what ended two workers: the worker that finds it goes on with the others, and a redrive mends the run', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    await fleet.store.query(
      `update fleet.shard set status = 'RUNNING', worker_id = 'gone', deaths = 1, heartbeat_at = now() - interval '1 hour' where shard = 2`,
    )
    await fleet.startWorker()
    await eventsUntilEnd(fleet.bus, 'local', run.id)
    expect(await load(run)).toMatchObject({
      status: 'FAILED',
      shardsDone: 5,
      error: { code: 'KERNEL_FAILED', detail: { reason: 'poison', deaths: 2, shard: 2, shards: [2] } },
    })
    await fleet.dispatch.redrive('local', run.id)
    await fleet.dispatch.settled('local', run.id)
    expect((await load(run)).resultHash).toBe(expectedHash(question))
  })

  it('ends the run where it is the last one', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(ensemble({ shards: 1 }))
    await fleet.dispatch.settled('local', run.id)
    await fleet.store.query(`update fleet.job set status = 'RUNNING', shards_done = 0, result_hash = null`)
    await fleet.store.query(`update fleet.shard set status = 'RUNNING'`)
    await failOne(run, 0)
    expect(await load(run)).toMatchObject({ status: 'FAILED', shardsFailed: 1 })
  })

  it('counts once, however often it is said, and not where it was done in the meantime', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    await failOne(run, 1)
    await failOne(run, 1)
    await fleet.store.query(`update fleet.shard set status = 'SUCCEEDED' where shard = 2`)
    await failOne(run, 2)
    expect(await load(run)).toMatchObject({ status: 'QUEUED', shardsFailed: 1 })
  })

  it('ends the run at once where too many others failed', async () => {
    await open()
    const run = await fleet.dispatch.submit(ensemble({ lanes: 64 * 20, shards: 20 }))
    for (let shard = 0; shard <= MAX_FAILED_SHARDS; shard++) await failOne(run, shard)
    expect(await load(run)).toMatchObject({
      status: 'FAILED',
      error: { detail: { shards: [0, 1, 2, 3, 4, 5, 6, 7, 8] } },
    })
    expect(await fleet.bus.backlog()).toBe(0)
  })

  it('is ended by the sweeper where the worker died before it could', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    await failOne(run, 0)
    await fleet.store.query('update fleet.job set shards_done = 5')
    expect(await sweep(parts(), { sweepIntervalMs: 1, lostAfterMs: 45_000, publishGraceMs: 1 })).toMatchObject({
      through: 1,
    })
    expect(await load(run)).toMatchObject({ status: 'FAILED', error: { detail: { shards: [0] } } })
  })

  it.each<[string, WireError, boolean]>([
    ['a poisoned shard', poison(0), true],
    ['a damaged message', { code: 'ENVELOPE_REFUSED', message: '', detail: {} }, true],
    ['a fault inside', { code: 'INTERNAL', message: '', detail: {} }, true],
    ['a deadline', { code: 'KERNEL_FAILED', message: '', detail: { reason: 'deadline' } }, false],
    ['a value that is no number', { code: 'NOT_A_NUMBER', message: '', detail: {} }, false],
    ['a kernel that is refused', { code: 'KERNEL_REFUSED', message: '', detail: {} }, false],
    ['a question that is wrong', { code: 'BAD_INPUT', message: '', detail: {} }, false],
  ])('is not every failure: %s', (_, error, alone) => {
    expect(isOfOneShard(error)).toBe(alone)
  })
})

describe('redrive', () => {
  it('sends what is missing alone, and the run has the bits of an undisturbed one', async () => {
    await open()
    const run = await failedRun()
    const kept = () =>
      fleet.store.query('select shard, created_at from fleet.shard_result where shard in (0, 2, 3, 5) order by shard')
    const before = await kept()
    const [{ count } = { count: 0 }] = await fleet.store.query<{ count: number }>(
      'select count(*)::int from fleet.shard_result',
    )
    const again = await fleet.dispatch.redrive('local', run.id)
    expect(['QUEUED', 'RUNNING']).toContain(again.status)
    expect(again).toMatchObject({ error: null, finishedAt: null, shardsFailed: 0 })
    await fleet.dispatch.settled('local', run.id)
    expect(await load(run)).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question), shardsDone: 6 })
    expect(await kept()).toEqual(before)
    expect(count).toBe(4)
    const epochs = await fleet.store.query('select attempt_epoch from fleet.shard order by shard')
    expect(epochs.map((row) => row['attempt_epoch'])).toEqual([0, 1, 0, 0, 1, 0])
    // What was wrong is still told.
    expect(await fleet.dispatch.deadLetters('local', run.id)).toHaveLength(2)
  })

  it('tells those who listen that the run goes on and how it ends', async () => {
    await open()
    const run = await failedRun()
    const listener = await fleet.bus.listen(`qz.ev.local.run.${run.id}.state`)
    await fleet.dispatch.redrive('local', run.id)
    const states: string[] = []
    for await (const { data } of listener) {
      states.push(JSON.parse(new TextDecoder().decode(data)).status)
      if (states.at(-1) === 'SUCCEEDED') break
    }
    expect(states).toEqual(['RUNNING', 'MERGING', 'SUCCEEDED'])
  })

  it('sends one shard where one is named: the run ends FAILED with the rest', async () => {
    await open()
    const run = await failedRun()
    await fleet.dispatch.redrive('local', run.id, 4)
    await expect
      .poll(() => load(run))
      .toMatchObject({ status: 'FAILED', shardsDone: 5, error: { detail: { shards: [1] } } })
    await expect(fleet.dispatch.redrive('local', run.id, 4)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'shard' },
    })
    await fleet.dispatch.redrive('local', run.id, 1)
    await fleet.dispatch.settled('local', run.id)
    expect((await load(run)).resultHash).toBe(expectedHash(question))
  })

  it('may come while the other shards are still at work', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    await failOne(run, 3)
    expect(await fleet.dispatch.redrive('local', run.id)).toMatchObject({ status: 'QUEUED', shardsFailed: 0 })
    await fleet.startWorker()
    await fleet.dispatch.settled('local', run.id)
    expect((await load(run)).resultHash).toBe(expectedHash(question))
  })

  it('computes everything anew once what was stored has been thrown away', async () => {
    await open()
    const run = await failedRun()
    await fleet.store.query('delete from fleet.shard_result')
    await fleet.dispatch.redrive('local', run.id)
    await fleet.dispatch.settled('local', run.id)
    expect((await load(run)).resultHash).toBe(expectedHash(question))
  })

  it('computes what the end of a run took from its other shards', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    const refused: WireError = { code: 'KERNEL_REFUSED', message: 'no such kernel', detail: {} }
    await failJob(parts(), await jobOf(run), refused, letter(0))
    expect((await load(run)).status).toBe('FAILED')
    await fleet.dispatch.redrive('local', run.id)
    await fleet.startWorker()
    await fleet.dispatch.settled('local', run.id)
    expect((await load(run)).resultHash).toBe(expectedHash(question))
  })

  it('is refused where another try changes nothing, where the run was cancelled, and where it was asked anew', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    const wrong: WireError = { code: 'NOT_A_NUMBER', message: 'x is not finite', detail: {} }
    await failJob(parts(), await jobOf(run), wrong, letter(0))
    await expect(fleet.dispatch.redrive('local', run.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
    await fleet.store.query(`update fleet.job set error = jsonb_set(error, '{code}', '"KERNEL_FAILED"')`)
    const anew = await fleet.dispatch.submit(question)
    await expect(fleet.dispatch.redrive('local', run.id)).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { suggestion: `see the run ${anew.id}` },
    })
    await fleet.dispatch.cancel('local', anew.id)
    await expect(fleet.dispatch.redrive('local', anew.id)).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await expect(fleet.dispatch.redrive('acme', run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('does nothing to a run of which nothing failed', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id)
    expect(await fleet.dispatch.redrive('local', run.id)).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('shards of an earlier run', () => {
  it('are used by an equal question: only what is missing is computed', async () => {
    await open()
    const run = await failedRun()
    const again = await fleet.dispatch.submit(question)
    expect(again).toMatchObject({ cached: false, shardsDone: 4 })
    await fleet.dispatch.settled('local', again.id)
    const ended = await load(again)
    expect(ended).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question) })
    const [taken] = await fleet.store.query<{ same: number; all: number }>(
      `select count(*) filter (where a.sha256 = b.sha256)::int as same, count(*)::int as all
       from fleet.shard_result a join fleet.run ra using (tenant, job_id)
         join fleet.shard_result b on b.shard = a.shard join fleet.run rb on rb.job_id = b.job_id
       where ra.run_id = $1 and rb.run_id = $2`,
      [run.id, again.id],
    )
    expect(taken).toEqual({ same: 4, all: 4 })
  })

  it('make a run at once where none is missing', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id)
    // As if it had been cancelled in the moment before its merge: the bytes come from another tenant's equal run.
    const twin = await fleet.dispatch.submit({ ...question, tenant: 'acme', shards: 6 })
    await fleet.dispatch.settled('acme', twin.id)
    const bytes = new Map<number, Buffer>()
    for (let shard = 0; shard < 6; shard++) bytes.set(shard, await valuesOf(shard))
    for (const [shard, values] of bytes)
      await fleet.store.query(`update fleet.shard_result set bytes = $2 where shard = $1 and tenant = 'local'`, [
        shard,
        values,
      ])
    await fleet.store.query(`update fleet.job set status = 'CANCELLED', result_hash = null where tenant = 'local'`)
    await fleet.store.query(`delete from fleet.result where tenant = 'local'`)
    const again = await fleet.dispatch.submit(question)
    expect(again).toMatchObject({ status: 'MERGING', shardsDone: 6, cached: false })
    await fleet.dispatch.settled('local', again.id)
    expect((await load(again)).resultHash).toBe(expectedHash(question))
  })

  it('are not those of another tenant, of a verification, of another cut, or of bits in doubt', async () => {
    await open()
    const run = await failedRun()
    // What is done is what was done before.
    await worker.stop()
    const done = async (more: object) => (await fleet.dispatch.submit({ ...question, ...more })).shardsDone
    expect(await done({ tenant: 'acme' })).toBe(0)
    await fleet.store.query(
      `insert into fleet.shard_conflict (tenant, job_id, shard, shard_key, sha256, bytes, worker_id)
       select tenant, job_id, 0, '', '', '', 'w' from fleet.run where run_id = $1`,
      [run.id],
    )
    expect(await done({})).toBe(0)
  })
})

/** Values of one shard of the question, as a worker stores them. */
async function valuesOf(shard: number): Promise<Buffer> {
  const { interpret } = await import('../reference/interpret.ts')
  const { cutLanes } = await import('./shards.ts')
  const range = cutLanes(question.lanes, 6)[shard]!
  const { values } = interpret({ plan: question.plan, inputs: {}, series: {} }, {}, range, question.seed ?? '0')
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}
