// Faults in the middle of a run, with real processes: the run completes, to the same bits, and nothing is stored twice.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { RunRecord } from '../../compute/dispatch/port.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { freshDatabase } from '../support/database.ts'
import { ensemble, toiling } from '../support/fleet.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../support/postgres.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

const SHARDS = 24
const QUICK = { ackWaitMs: 2000, heartbeatMs: 500, watchMs: 100, retryMs: 200, leaseMs: 3000 }
const SWEEPS = { sweepIntervalMs: 500, lostAfterMs: 4000, publishGraceMs: 500 }
/** About 2.5 s of work for two workers. */
const question = (tenant: string) => ensemble({ tenant, plan: toiling(6000), lanes: 64 * SHARDS, shards: SHARDS })

describe.skipIf(lacksNatsServer())('a run goes on to the same bits', () => {
  let postgres: TestServer
  let nats: TestNatsServer
  let databaseUrl: string
  let store: Store
  let bus: Bus
  let dispatch: OpenDispatch
  let undisturbed: string
  const workers = new Set<WorkerProcess>()

  const startWorkers = async (count: number) => {
    const started = await Promise.all(
      Array.from({ length: count }, () => startWorkerProcess(databaseUrl, nats.url, QUICK)),
    )
    for (const worker of started) workers.add(worker)
    return started
  }

  beforeAll(async () => {
    ;[postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
    databaseUrl = (await freshDatabase(postgres.url)).url
    store = await openStore(databaseUrl, { log: silentLog })
    await migrate(store)
    bus = await openNatsBus({ url: nats.url, clock, log: silentLog, limits: { ackWaitMs: QUICK.ackWaitMs } })
    dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics: createMetrics('test'), ...SWEEPS })
    const [worker] = await startWorkers(1)
    const run = await dispatch.submit(question('calm'))
    await dispatch.settled('calm', run.id, 40_000)
    undisturbed = (await dispatch.load('calm', [run.id]))[0]!.resultHash!
    expect(await worker?.kill('SIGTERM')).toBe(0)
  })
  const endWorkers = async () => {
    await Promise.all([...workers].map((worker) => worker.kill('SIGKILL')))
    workers.clear()
  }
  afterEach(endWorkers)
  afterAll(async () => {
    await endWorkers()
    await dispatch?.close()
    await bus?.close()
    await store?.close()
    await nats?.stop()
    await postgres?.remove()
  })

  /** Resolves when some shards are stored and others are still to come. */
  const inTheMiddle = async (run: RunRecord) => {
    const counts = async () => (await dispatch.load(run.tenant, [run.id]))[0]?.shardsDone ?? 0
    await expect.poll(counts, { interval: 20, timeout: 30_000 }).toBeGreaterThan(3)
    expect(await counts()).toBeLessThan(SHARDS - 3)
  }
  const expectUndisturbed = async (run: RunRecord) => {
    await dispatch.settled(run.tenant, run.id, 45_000)
    const [ended] = await dispatch.load(run.tenant, [run.id])
    expect(ended).toMatchObject({ status: 'SUCCEEDED', resultHash: undisturbed, shardsDone: SHARDS })
    const count = async (table: string) =>
      (
        await store.query<{ n: number }>(`select count(*)::int as n from fleet.${table} where tenant = $1`, [
          run.tenant,
        ])
      )[0]?.n
    expect(await count('shard_result')).toBe(SHARDS)
    expect(await count('result')).toBe(1)
    expect(await count('result_series')).toBe(2)
    expect(await count('shard_conflict')).toBe(0)
  }
  const storedBy = async (run: RunRecord) =>
    (
      await store.query<{ worker_id: string }>('select distinct worker_id from fleet.shard_result where tenant = $1', [
        run.tenant,
      ])
    ).map((row) => row.worker_id)

  it('when a worker is killed', async () => {
    const [victim, other] = await startWorkers(2)
    const run = await dispatch.submit(question('killed-worker'))
    await inTheMiddle(run)
    await victim!.kill('SIGKILL')
    await expectUndisturbed(run)
    expect((await storedBy(run)).sort()).toEqual([victim!.id, other!.id].sort())
  })

  it('when every worker is killed and a new one comes', async () => {
    const victims = await startWorkers(2)
    const run = await dispatch.submit(question('killed-all'))
    await inTheMiddle(run)
    await Promise.all(victims.map((victim) => victim.kill('SIGKILL')))
    await startWorkers(1)
    await expectUndisturbed(run)
  })

  it('when a worker is asked to end, which it does with exit code 0, leaving nothing in hand', async () => {
    const [leaving] = await startWorkers(2)
    const run = await dispatch.submit(question('drained'))
    await inTheMiddle(run)
    expect(await leaving!.kill('SIGTERM')).toBe(0)
    const inHand = await store.query(`select shard from fleet.shard where worker_id = $1 and status = 'RUNNING'`, [
      leaving!.id,
    ])
    expect(inHand).toEqual([])
    await expectUndisturbed(run)
  })

  it('and a worker says over HTTP that it lives, that it can work, and what it has done', async () => {
    const [worker] = await startWorkers(1)
    const run = await dispatch.submit(ensemble({ tenant: 'counted' }))
    await dispatch.settled('counted', run.id)
    expect((await fetch(`${worker!.url}/health`)).status).toBe(200)
    expect(await (await fetch(`${worker!.url}/ready`)).json()).toEqual({ ready: true })
    const page = await (await fetch(`${worker!.url}/metrics`)).text()
    expect(page).toMatch(/quesnay_jobs_total{kind="SIMULATION",status="SUCCEEDED",service="worker"} 1/)
    expect((await fetch(`${worker!.url}/other`)).status).toBe(404)
  })

  it('when PostgreSQL is restarted', async () => {
    await startWorkers(2)
    const run = await dispatch.submit(question('restarted-store'))
    await inTheMiddle(run)
    await postgres.stop()
    await postgres.start()
    await expectUndisturbed(run)
  })

  it('when PostgreSQL crashes', async () => {
    await startWorkers(2)
    const run = await dispatch.submit(question('crashed-store'))
    await inTheMiddle(run)
    await postgres.kill()
    await postgres.start()
    await expectUndisturbed(run)
  })

  it('when nats-server is killed and restarted', async () => {
    await startWorkers(2)
    const run = await dispatch.submit(question('killed-bus'))
    await inTheMiddle(run)
    await nats.kill9()
    await nats.restart()
    await expectUndisturbed(run)
  })

  it('when nats-server loses all it stored', async () => {
    await startWorkers(2)
    const run = await dispatch.submit(question('emptied-bus'))
    await inTheMiddle(run)
    await nats.kill9()
    await nats.restart({ emptied: true })
    await expectUndisturbed(run)
  })
})
