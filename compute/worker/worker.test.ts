// A worker against what a queue and a machine may do to it: doubled and reordered deliveries, lost acknowledgements, wrong
// kernels, other bits, deaths, hangs, and being asked to go.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Bus, Delivery } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { subjects } from '../../schema/jobs.ts'
import { countsOf } from '../../test/support/counts.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import {
  ensemble,
  eventsUntilEnd,
  expected,
  expectedHash,
  type FleetOptions,
  openFleet,
  type TestFleet,
  taxes,
  toiling,
} from '../../test/support/fleet.ts'
import { naming, renamedMachine, shelfOf } from '../../test/support/kernel-directory.ts'
import { op } from '../../test/support/plans.ts'
import { households } from '../../test/support/population.ts'
import { openDispatch } from '../dispatch/dispatch.ts'
import type { RunRecord } from '../dispatch/port.ts'
import { loadKernel } from './kernels.ts'

const FAST = { ackWaitMs: 400 }

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  fleet = await openFleet({
    store: database.store,
    limits: FAST,
    ...options,
    worker: { ...FAST, watchMs: 50, retryMs: 50, ...options.worker },
  })
  return fleet
}
const reload = async (run: RunRecord) => (await fleet.dispatch.load('local', [run.id]))[0]
const settled = async (run: RunRecord) => {
  await fleet.dispatch.settled('local', run.id)
  return reload(run)
}
const failure = (run: RunRecord) =>
  fleet.dispatch.settled('local', run.id).then(
    () => 'no failure',
    (error) => error,
  )
const rows = async (table: string) =>
  (await fleet.store.query<{ n: number }>(`select count(*)::int as n from fleet.${table}`))[0]?.n
const runningShards = (bus: Bus, run: RunRecord) => untilEvent(bus, run, 'RUNNING')

async function untilEvent(bus: Bus, run: RunRecord, status: string): Promise<void> {
  for await (const { data } of await bus.listen(subjects.events('local', run.id), 0))
    if (JSON.parse(new TextDecoder().decode(data)).status === status) return
}

/** A bus whose deliveries are changed before the workers see them. */
const delivering = (change: (delivery: Delivery) => Delivery) => (bus: Bus) => ({
  ...bus,
  pull: async (...args: Parameters<Bus['pull']>) => (await bus.pull(...args)).map(change),
})

describe('a worker', () => {
  it('stores each shard once, though every message comes three times and in reverse', async () => {
    const held: Parameters<Bus['enqueue']>[] = []
    await open({
      workers: 0,
      wrap: (bus) => ({ ...bus, enqueue: async (...args) => ({ duplicate: held.push(args) === 0 }) }),
    })
    const question = ensemble({ shards: 8, lanes: 640 })
    const run = await fleet.dispatch.submit(question)
    await fleet.startWorker()
    await fleet.startWorker()
    for (const copy of ['a', 'b', 'c'])
      for (const [subject, body, id] of held.slice().reverse()) await fleet.innerBus.enqueue(subject, body, id + copy)
    expect(held).toHaveLength(8)
    expect(await settled(run)).toMatchObject({ status: 'SUCCEEDED', shardsDone: 8, resultHash: expectedHash(question) })
    expect(await rows('shard_result')).toBe(8)
    expect(await rows('shard_conflict')).toBe(0)
    expect(await rows('result')).toBe(1)
    expect(await rows('result_series')).toBe(2 * 11)
  })

  it('gives each shard the members and the paths of its lanes: any cut has the bits of the interpreter', async () => {
    await open()
    for (const shards of [1, 5]) {
      const question = { ...households(300), seed: String(shards), shards }
      const run = await fleet.dispatch.submit(question)
      expect(await settled(run)).toMatchObject({ shardsTotal: shards, resultHash: expectedHash(question) })
    }
  })

  it('fails a run whose identity does not hold, and names it with lane, time and difference', async () => {
    await open()
    const identities = [{ name: 'bounded', holds: 8, difference: 7 }]
    const question = households(200, { identities })
    question.columns.wealth[150] = 2e9
    const error = await failure(await fleet.dispatch.submit({ ...question, shards: 3 }))
    expect(error).toMatchObject({ code: 'ASSERTION_FAILED', detail: { identity: 'bounded', lane: 150, time: 0 } })
    expect(error.detail.difference).toBeGreaterThan(2e9 - 1)
  })

  it('fails a run whose solve block does not converge, and names it with lane, time and residual', async () => {
    await open()
    // x = x + (wealth > 1e9)
    const solves = [
      {
        name: 'circle',
        method: 'newton' as const,
        tolerance: 1e-9,
        maxIterations: 10,
        damping: 1,
        unknowns: [{ slot: 20, next: 22, guess: 10 }],
        body: [op('lt', 21, 10, 0), op('addMul', 22, 20, 21, 10)],
        parts: [],
      },
    ]
    const question = households(200, { solves, operations: { step: [op('solve', 23, 0)] }, outputs: [20] })
    question.columns.wealth[150] = 2e9
    const error = await failure(await fleet.dispatch.submit({ ...question, shards: 3 }))
    expect(error).toMatchObject({ code: 'NOT_CONVERGED', detail: { block: 'circle', lane: 150, time: 0 } })
    expect(error.detail.residual).toBeCloseTo(1, 6)
  })

  it('stores nothing twice when it dies between storing and acknowledging', async () => {
    let dropped = 0
    const deliveries: number[] = []
    await open({
      wrap: delivering((delivery) => {
        deliveries.push(delivery.attempt)
        const lose = delivery.attempt === 1
        return { ...delivery, ack: async () => (lose ? void dropped++ : delivery.ack()) }
      }),
    })
    const question = ensemble({ shards: 4 })
    const run = await fleet.dispatch.submit(question)
    expect(await settled(run)).toMatchObject({ shardsDone: 4, resultHash: expectedHash(question) })
    await expect.poll(() => fleet.bus.backlog()).toBe(0)
    expect(dropped).toBe(4)
    expect(deliveries.filter((attempt) => attempt === 2)).toHaveLength(4)
    expect(await rows('shard_result')).toBe(4)
    expect(await reload(run)).toMatchObject({ shardsDone: 4 })
  })

  it('begins to compute a shard while it is being claimed', async () => {
    await open({ workers: 0 })
    let begins = () => {}
    const begun = new Promise<void>((resolve) => {
      begins = resolve
    })
    const query: TestFleet['store']['query'] = async (text, ...more) => {
      // Held until the parameters of the shard are read, which its computing does first.
      if (text.includes(`set status = 'RUNNING', worker_id`)) await begun
      return fleet.store.query(text, ...more)
    }
    const bytes: TestFleet['store']['bytes'] = (...args) => {
      begins()
      return fleet.store.bytes(...args)
    }
    await fleet.startWorker({ store: { ...fleet.store, query, bytes } })
    const question = ensemble()
    expect(await settled(await fleet.dispatch.submit(question))).toMatchObject({ resultHash: expectedHash(question) })
  })

  it('merges though it never heard that the last shard was committed', async () => {
    await open({ workers: 0 })
    let unheard = 0
    const query: TestFleet['store']['query'] = async (text, values) => {
      const rows = await fleet.store.query<{ last?: boolean }>(text, values)
      const isLast = text.includes('into fleet.shard_result') && rows[0]?.last
      if (isLast && unheard++ === 0) throw new QuesnayError('STORE_UNAVAILABLE', 'the answer was lost')
      return rows as never[]
    }
    await fleet.startWorker({ store: { ...fleet.store, query } })
    const question = ensemble({ shards: 3 })
    const run = await fleet.dispatch.submit(question)
    expect(await settled(run)).toMatchObject({ shardsDone: 3, resultHash: expectedHash(question) })
    expect(unheard).toBe(1)
  })

  it('takes over a shard whose worker is gone, and counts the death', async () => {
    await open({ workers: 0 })
    const question = ensemble()
    const run = await fleet.dispatch.submit(question)
    await fleet.store.query(
      `update fleet.shard set status = 'RUNNING', worker_id = 'gone', heartbeat_at = now() - interval '1 hour'`,
    )
    await fleet.startWorker()
    expect(await settled(run)).toMatchObject({ resultHash: expectedHash(question) })
    expect(await fleet.store.query('select deaths from fleet.shard')).toEqual([{ deaths: 1 }])
    expect(await countsOf(fleet.metrics.shardDeaths)).toEqual({ worker: 1 })
  })

  it('takes over a shard without counting a death where its worker lives and only lost it', async () => {
    await open({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble())
    await (await fleet.bus.bucket('qz_workers')).put('alive', new Uint8Array([1]))
    await fleet.store.query(
      `update fleet.shard set status = 'RUNNING', worker_id = 'alive', heartbeat_at = now() - interval '1 hour'`,
    )
    await fleet.startWorker()
    await settled(run)
    expect(await fleet.store.query('select deaths from fleet.shard')).toEqual([{ deaths: 0 }])
  })

  it('does not compute what somebody alive computes already', async () => {
    await open({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble())
    await fleet.store.query(
      `update fleet.shard set status = 'RUNNING', worker_id = 'busy', heartbeat_at = now() + interval '1 hour'`,
    )
    const delays: number[] = []
    const noting = delivering((delivery) => ({
      ...delivery,
      nak: async (delayMs) => {
        delays.push(delayMs)
        await delivery.nak(delayMs)
      },
    }))
    await fleet.startWorker({ bus: noting(fleet.bus) })
    await expect.poll(() => delays[0]).toBe(FAST.ackWaitMs / 2)
    expect(await reload(run)).toMatchObject({ shardsDone: 0 })
  })

  it('fails a job after two deaths on one shard', async () => {
    await open({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble())
    await fleet.store.query(
      `update fleet.shard set status = 'RUNNING', worker_id = 'gone', deaths = 1, heartbeat_at = now() - interval '1 hour'`,
    )
    await fleet.startWorker()
    expect(await failure(run)).toMatchObject({
      code: 'KERNEL_FAILED',
      detail: { shard: 0, deaths: 2, reason: 'poison' },
    })
    expect(await rows('dead_letter')).toBe(1)
  })

  it('ends a kernel that hangs, tries once more, and then fails the job', async () => {
    // So long a chunk is never through: the kernel does not come to look whether it should stop. A machine under load takes some
    // hundred ms to start the thread anew, which is no hang.
    await open({ dispatch: { chunkSteps: 2 ** 30 }, worker: { hangMs: 1000, graceMs: 50 } })
    const run = await fleet.dispatch.submit(ensemble({ plan: toiling(10_000_000), lanes: 64 }))
    expect(await failure(run)).toMatchObject({ code: 'KERNEL_FAILED', detail: { deaths: 2, reason: 'poison' } })
    expect(await countsOf(fleet.metrics.shardDeaths)).toEqual({ hung: 2 })
    expect(await countsOf(fleet.metrics.deadLetters)).toEqual({ KERNEL_FAILED: 1 })
    // The thread was replaced.
    const next = ensemble({ seed: '7' })
    expect(await settled(await fleet.dispatch.submit(next))).toMatchObject({ resultHash: expectedHash(next) })
  })

  it('ends a cancelled kernel that does not look, after a grace', async () => {
    await open({ dispatch: { chunkSteps: 2 ** 30 }, worker: { graceMs: 100 } })
    const run = await fleet.dispatch.submit(ensemble({ plan: toiling(10_000_000), lanes: 64 }))
    await runningShards(fleet.bus, run)
    await fleet.dispatch.cancel('local', run.id)
    const next = ensemble({ seed: '7' })
    expect(await settled(await fleet.dispatch.submit(next))).toMatchObject({ resultHash: expectedHash(next) })
    expect(await reload(run)).toMatchObject({ status: 'CANCELLED' })
  })

  it('hears of a cancellation whose broadcast it missed', async () => {
    await open({ wrap: (bus) => ({ ...bus, publish: async () => {} }) })
    const run = await fleet.dispatch.submit(ensemble({ plan: toiling(2_000_000), lanes: 64 }))
    await runningShards(fleet.bus, run)
    await fleet.dispatch.cancel('local', run.id)
    const next = await fleet.dispatch.submit(ensemble({ seed: '7' }))
    expect(await settled(next)).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('fails a shard that runs past its deadline', async () => {
    await open({ dispatch: { deadlineMs: 500 } })
    const run = await fleet.dispatch.submit(ensemble({ plan: toiling(2_000_000), lanes: 64 }))
    expect(await failure(run)).toMatchObject({ code: 'KERNEL_FAILED', detail: { reason: 'deadline' } })
  })

  it('fails a job whose kernel no worker has held for long, and names what the fleet holds', async () => {
    const machine = { ...loadKernel('machine'), sha256: 'f'.repeat(64) }
    await open({ dispatch: { kernels: naming(machine) }, worker: { kernelPatienceMs: 300 } })
    const before = systemClock.now()
    const run = await fleet.dispatch.submit(ensemble())
    const fleetHolds = [loadKernel('machine'), loadKernel('stats')].map(({ name, sha256 }) => `${name}@${sha256}`)
    expect(await failure(run)).toMatchObject({
      code: 'KERNEL_REFUSED',
      message: expect.stringContaining(`the fleet holds ${fleetHolds.join(', ')}`),
      detail: { expected: 'f'.repeat(64), fleet: fleetHolds },
    })
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(300)
    expect(await rows('shard_result')).toBe(0)
  })

  it('leaves a shard whose kernel it lacks to the worker that has it, also where that one comes later', async () => {
    const other = renamedMachine('another version')
    await open({ dispatch: { kernels: naming(other) } })
    const question = ensemble({ shards: 4 })
    const run = await fleet.dispatch.submit(question)
    await expect.poll(() => fleet.bus.backlog()).toBe(4)
    await fleet.startWorker({ id: 'holder', kernels: shelfOf(other, loadKernel('stats')) })
    expect(await settled(run)).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question) })
    expect(await fleet.store.query('select distinct worker_id from fleet.shard_result')).toEqual([
      { worker_id: 'holder' },
    ])
    expect(await fleet.store.query('select distinct deaths from fleet.shard')).toEqual([{ deaths: 0 }])
    expect(await rows('dead_letter')).toBe(0)
  })

  it('leaves a merge whose statistics it lacks to the worker that has them', async () => {
    const stats = loadKernel('stats')
    await open({ workers: 0 })
    await fleet.startWorker({ id: 'computes', kernels: shelfOf(loadKernel('machine')) })
    const question = ensemble({ shards: 2 })
    const run = await fleet.dispatch.submit(question)
    await expect.poll(async () => (await reload(run))?.status).toBe('MERGING')
    await fleet.startWorker({ id: 'merges', kernels: shelfOf(loadKernel('machine'), stats) })
    expect(await settled(run)).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question) })
  })

  it('of an old version and one of a new share a queue: the hash of the kernel decides who computes', async () => {
    const [old, now] = [renamedMachine('old'), loadKernel('machine')]
    await open({ workers: 0, dispatch: { kernels: naming(now) } })
    const older = openDispatch({ ...fleet, clock: systemClock, log: silentLog, kernels: naming(old), sweeps: false })
    const stats = loadKernel('stats')
    await fleet.startWorker({ id: 'old', kernels: shelfOf(old, stats) })
    await fleet.startWorker({ id: 'new', kernels: shelfOf(now, stats) })
    const question = ensemble({ shards: 6 })
    const [ofOld, ofNew] = [await older.submit(question), await fleet.dispatch.submit(question)]
    // Not one question: other kernels may give other bits.
    expect(ofOld.inputHash).not.toBe(ofNew.inputHash)
    for (const run of [ofOld, ofNew]) {
      expect(await settled(run)).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question) })
    }
    const computed = await fleet.store.query(
      `select distinct j.kernel_sha256, r.worker_id from fleet.shard_result r join fleet.job j using (tenant, job_id)
       order by r.worker_id`,
    )
    expect(computed).toEqual([
      { kernel_sha256: now.sha256, worker_id: 'new' },
      { kernel_sha256: old.sha256, worker_id: 'old' },
    ])
    await older.close()
  })

  it('fails a job of another ABI, though the bytes are the ones it has', async () => {
    const machine = { ...loadKernel('machine'), abi: 99 }
    await open({ dispatch: { kernels: naming(machine) } })
    const run = await fleet.dispatch.submit(ensemble())
    expect(await failure(run)).toMatchObject({ code: 'KERNEL_REFUSED', message: expect.stringContaining('of ABI 99') })
  })

  it.each([
    ['is no JSON', () => 'nonsense', 'ENVELOPE_REFUSED'],
    ['has an unknown version', (body: string) => body.replace('"v":1', '"v":2'), 'ENVELOPE_REFUSED'],
    ['names other lanes than the job', (body: string) => body.replace('"to":1000', '"to":999'), 'ENVELOPE_REFUSED'],
    [
      'names another seed than the job',
      (body: string) => body.replace('"seed":"42"', '"seed":"43"'),
      'ENVELOPE_REFUSED',
    ],
  ])('refuses an envelope that %s, and keeps it as a dead letter', async (_, change, code) => {
    await open({
      wrap: (bus) => ({
        ...bus,
        enqueue: (subject, body, id) =>
          bus.enqueue(subject, new TextEncoder().encode(change(new TextDecoder().decode(body))), id),
      }),
    })
    const run = await fleet.dispatch.submit(ensemble())
    expect(await failure(run)).toMatchObject({ code })
    await expect.poll(() => fleet.bus.backlog()).toBe(0)
    expect(await fleet.store.query('select reason from fleet.dead_letter')).toMatchObject([{ reason: { code } }])
  })

  it('is sent envelopes of less than 8 kB, whatever the plan', async () => {
    const sizes: number[] = []
    await open({
      wrap: (bus) => ({
        ...bus,
        enqueue: async (subject, body, id) => {
          sizes.push(body.byteLength)
          return bus.enqueue(subject, body, id)
        },
      }),
    })
    const probabilities = Array.from({ length: 101 }, (_, i) => i / 100)
    await settled(await fleet.dispatch.submit(ensemble({ result: { kind: 'ENSEMBLE', probabilities } })))
    expect(sizes[0]).toBeLessThan(8192)
  })

  it('puts a message of an unknown job aside and goes on', async () => {
    await open()
    const body = new TextEncoder().encode('{}')
    await fleet.bus.enqueue('qz.job.p0.3.local.NOJOB.0', body, 'stray')
    const question = ensemble()
    expect(await settled(await fleet.dispatch.submit(question))).toMatchObject({ resultHash: expectedHash(question) })
    await expect.poll(() => rows('dead_letter')).toBe(1)
    await expect.poll(() => fleet.bus.backlog()).toBe(0)
  })

  it('raises an alarm where a shard has a result of other bits, and keeps both', async () => {
    await open({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble({ shards: 2 }))
    await fleet.store.query(`insert into fleet.shard_result (tenant, job_id, shard, shard_key, sha256, bytes, compute_seconds, worker_id)
      select tenant, job_id, shard, shard_key, 'other', '\\x00', 0, 'somebody' from fleet.shard where shard = 0`)
    await fleet.startWorker()
    expect(await failure(run)).toMatchObject({ code: 'DETERMINISM_ALARM', detail: { shard: 0 } })
    expect(await rows('shard_conflict')).toBe(1)
    expect(await countsOf(fleet.metrics.shardConflicts)).toEqual({ '': 1 })
    expect(await countsOf(fleet.metrics.jobs)).toEqual({ 'SIMULATION FAILED': 1 })
    expect(await fleet.store.query(`select sha256 from fleet.shard_result where shard = 0`)).toEqual([
      { sha256: 'other' },
    ])
  })

  it('raises an alarm where a verification gives other bits', async () => {
    await open()
    const run = await fleet.dispatch.submit(ensemble())
    await settled(run)
    await fleet.store.query(`update fleet.job set result_hash = 'tampered'`)
    const verification = await fleet.dispatch.verify('local', run.id)
    expect(await failure(verification)).toMatchObject({
      code: 'DETERMINISM_ALARM',
      detail: { runId: run.id, expected: 'tampered', got: expectedHash(ensemble()) },
    })
    expect(await reload(run)).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('notices parameters that were damaged in the store', async () => {
    await open({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble())
    await fleet.store.query(`update fleet.blob set bytes = bytes || '\\x20'`)
    await fleet.startWorker()
    // Held to be a passing fault at first, so it takes its three deliveries.
    expect(await failure(run)).toMatchObject({ code: 'INTERNAL' })
  })

  it('merges a few rows at a time, and one by one, to the same bits', async () => {
    // 1,000 draws: 3 rows fit into a round, or less than one.
    for (const mergeCells of [3000, 10]) {
      await open({ worker: { mergeCells } })
      const [some, rows] = [ensemble({ shards: 4 }), ensemble({ shards: 4, result: { kind: 'LANES' } })]
      expect(await settled(await fleet.dispatch.submit(some))).toMatchObject({ resultHash: expectedHash(some) })
      expect(await settled(await fleet.dispatch.submit(rows))).toMatchObject({ resultHash: expectedHash(rows) })
      await fleet.close()
    }
  })

  it('takes a million rows', async () => {
    await open({ workers: 2 })
    const question = taxes(1_000_000)
    expect(await settled(await fleet.dispatch.submit(question))).toMatchObject({ resultHash: expectedHash(question) })
  })

  it('keeps of the draws of a merged job only their hashes', async () => {
    await open()
    await settled(await fleet.dispatch.submit(ensemble({ shards: 2 })))
    expect(
      await fleet.store.query('select octet_length(bytes) as size, length(sha256) as hash from fleet.shard_result'),
    ).toEqual([
      { size: 0, hash: 64 },
      { size: 0, hash: 64 },
    ])
  })

  it('finishes what it has in hand when it drains, and pulls no more', async () => {
    await open({ workers: 0 })
    const worker = await fleet.startWorker({ drainMs: 20_000 })
    const question = ensemble({ plan: toiling(10_000), lanes: 256, shards: 4 })
    const run = await fleet.dispatch.submit(question)
    await runningShards(fleet.bus, run)
    await worker.drain()
    const done = await reload(run)
    expect(done?.shardsDone).toBeGreaterThan(0)
    expect(done?.shardsDone).toBeLessThan(4)
    expect(await fleet.bus.backlog()).toBe(4 - (done?.shardsDone ?? 0))
    const left = await fleet.store.query(`select status, deaths from fleet.shard where status <> 'SUCCEEDED'`)
    expect(left).toEqual(left.map(() => ({ status: 'QUEUED', deaths: 0 })))
    expect(await (await fleet.bus.bucket('qz_workers')).keys()).toEqual([])
    await fleet.dispatch.cancel('local', run.id)
  })

  it('drains when the bus asks it to', async () => {
    await open({ workers: 0 })
    const [worker, other] = [await fleet.startWorker(), await fleet.startWorker()]
    await fleet.bus.publish(subjects.drain(worker.id), new Uint8Array())
    await worker.ended
    expect(await (await fleet.bus.bucket('qz_workers')).keys()).toEqual([other.id])
  })

  it('gives back what it cannot finish in time when it is stopped, and another worker ends it', async () => {
    await open({ workers: 0 })
    const first = await fleet.startWorker()
    const run = await fleet.dispatch.submit(ensemble({ plan: toiling(2_000_000), lanes: 64 }))
    await runningShards(fleet.bus, run)
    await first.stop()
    expect(await fleet.store.query('select status, deaths, worker_id from fleet.shard')).toEqual([
      { status: 'QUEUED', deaths: 0, worker_id: null },
    ])
    expect(await fleet.bus.backlog()).toBe(1)
    await fleet.dispatch.cancel('local', run.id)
  })

  it('writes the time series of an ensemble, with null where a quantile was not asked for', async () => {
    await open()
    const question = ensemble()
    await settled(await fleet.dispatch.submit(question))
    const [column] = await fleet.store.query<Record<string, number[]>>(
      `select variable, times, mean, p05, p50, p975 from fleet.result_columns where variable = 'y'`,
    )
    const result = expected(question)
    if (result.kind !== 'ENSEMBLE') throw new Error('not an ensemble')
    expect(column).toEqual({
      variable: 'y',
      times: result.times,
      mean: [...result.mean.slice(11)],
      p05: new Array(11).fill(null),
      p50: [...result.quantiles[1]!.slice(11)],
      p975: [...result.quantiles[2]!.slice(11)],
    })
  })

  it('tells every run that shares a job of the last progress and of the end', async () => {
    await open({ workers: 2 })
    const runs = await Promise.all([0, 1, 2].map(() => fleet.dispatch.submit(ensemble({ shards: 16, lanes: 2000 }))))
    const all = await Promise.all(runs.map((run) => eventsUntilEnd(fleet.bus, 'local', run.id)))
    for (const events of all) {
      expect(events.at(-1)).toMatchObject({ status: 'SUCCEEDED', kind: 'state' })
      expect(events.filter(({ kind, shardsDone }) => kind === 'progress' && shardsDone === 16)).toHaveLength(1)
    }
  })
})
