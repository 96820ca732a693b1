// Kernels that behave badly, in real worker processes: signed by a key of the test, they are let in, and contained.
import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { RunRecord, Submission } from '../../compute/dispatch/port.ts'
import { loadWorkers } from '../../compute/dispatch/workers.ts'
import { call } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { writeWorkerSettings } from '../../compute/worker/settings.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { builtFile } from '../../infra/paths.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import type { KernelRef } from '../../schema/jobs.ts'
import { freshDatabase } from '../support/database.ts'
import { ensemble, expectedHash } from '../support/fleet.ts'
import { kernelOf, naming, type SignedDirectory, signedDirectory } from '../support/kernel-directory.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../support/postgres.ts'
import { endlessMachine, memoryBomb } from '../support/wasm.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

const QUICK = { ackWaitMs: 4000, heartbeatMs: 300, watchMs: 100, retryMs: 100, hangMs: 1500, graceMs: 100 }
/** 128 MiB. */
const BOMB_PAGES = 2048
const PAGE_MIB = 1 / 16
const KERNELS = { endless: endlessMachine(), bomb: memoryBomb(BOMB_PAGES) }

describe.skipIf(lacksNatsServer())('a kernel that behaves badly', () => {
  let postgres: TestServer
  let nats: TestNatsServer
  let databaseUrl: string
  let store: Store
  let bus: Bus
  let kernels: SignedDirectory
  const dispatchers: OpenDispatch[] = []
  const workers: WorkerProcess[] = []

  /** A dispatcher whose jobs name this kernel; by default that of the build. */
  const dispatcher = (kernel?: KernelRef) => {
    const fleet = { store, bus, clock, log: silentLog, metrics: createMetrics('test'), sweeps: false }
    const opened = openDispatch(kernel ? { ...fleet, kernels: naming(kernel) } : fleet)
    dispatchers.push(opened)
    return opened
  }
  const environment = () => ({
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.url,
    QUESNAY_KERNELS: `${builtFile('kernels')},${kernels.path}`,
    QUESNAY_TRUSTED_KEYS: kernels.trustedKeysFile,
  })
  const startWorker = async (settings: Partial<WorkerSettings> = {}) => {
    const worker = await startWorkerProcess(
      databaseUrl,
      nats.url,
      { ...QUICK, ...settings },
      {
        threads: 2,
        environment: environment(),
      },
    )
    workers.push(worker)
    return worker
  }
  /** Starts a worker that is to end by itself. */
  const failToStart = (settings: Partial<WorkerSettings>, more: Record<string, string>) =>
    spawnSync(process.execPath, [builtFile('cli', 'main.js'), 'worker', ...writeWorkerSettings(settings)], {
      env: inheritedEnvironment({ ...environment(), QUESNAY_LOG: 'fatal', ...more }),
      encoding: 'utf8',
      timeout: 30_000,
    })

  beforeAll(async () => {
    ;[postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
    databaseUrl = (await freshDatabase(postgres.url)).url
    store = await openStore(databaseUrl, { log: silentLog })
    await migrate(store)
    bus = await openNatsBus({ url: nats.url, clock, log: silentLog, limits: { ackWaitMs: QUICK.ackWaitMs } })
    kernels = signedDirectory(KERNELS)
  })
  afterEach(async () => {
    await Promise.all(dispatchers.splice(0).map((one) => one.close()))
    await Promise.all(workers.splice(0).map((worker) => worker.kill('SIGKILL')))
  })
  afterAll(async () => {
    await bus?.close()
    await store?.close()
    await nats?.stop()
    await postgres?.remove()
    kernels?.remove()
  })

  const reload = async (dispatch: OpenDispatch, run: RunRecord) => (await dispatch.load(run.tenant, [run.id]))[0]
  /** An ordinary question is asked and answered to the interpreter's bits. */
  const expectServed = async (seed: string) => {
    const dispatch = dispatcher()
    const question = ensemble({ seed, shards: 4 })
    const run = await dispatch.submit(question)
    await dispatch.settled(run.tenant, run.id)
    expect(await reload(dispatch, run)).toMatchObject({ status: 'SUCCEEDED', resultHash: expectedHash(question) })
  }
  const endOf = (dispatch: OpenDispatch, run: RunRecord) =>
    dispatch.settled(run.tenant, run.id, 40_000).then(
      () => 'no failure',
      (error) => error,
    )

  it('and never returns is ended twice and then fails its job, while the worker lives and serves others', async () => {
    const worker = await startWorker()
    const hostile = dispatcher(kernelOf('endless', KERNELS.endless))
    const run = await hostile.submit(ensemble({ seed: '1' }))
    await expect.poll(async () => (await reload(hostile, run))?.status, { timeout: 10_000 }).toBe('RUNNING')
    await expectServed('2')
    expect((await reload(hostile, run))?.status).toBe('RUNNING')
    expect(await endOf(hostile, run)).toMatchObject({
      code: 'KERNEL_FAILED',
      detail: { shard: 0, deaths: 2, reason: 'poison' },
    })
    expect(await store.query('select reason from fleet.dead_letter')).toMatchObject([
      { reason: { code: 'KERNEL_FAILED', detail: { reason: 'poison' } } },
    ])
    await expect.poll(() => bus.backlog()).toBe(0)
    // The same process, with as many threads as before.
    expect(await (await fetch(`${worker.url}/ready`)).json()).toEqual({ ready: true })
    await expectServed('3')
    expect((await loadWorkers(bus)).find(({ id }) => id === worker.id)).toMatchObject({ pid: worker.pid, slots: 2 })
  })

  it('and takes all the memory it can get has its declared maximum and no more', async () => {
    // It is no hang where the machine is slow to give memory.
    const worker = await startWorker({ hangMs: 20_000 })
    await expectServed('4')
    const rss = async () => (await loadWorkers(bus)).find(({ id }) => id === worker.id)!.rssBytes / 2 ** 20
    const before = await rss()
    const hostile = dispatcher(kernelOf('bomb', KERNELS.bomb))
    const run = await hostile.submit(ensemble({ seed: '5', shards: 1 }))
    // What it left where the results lie is all it has computed.
    expect(await endOf(hostile, run)).toBe('no failure')
    const reached = before + 0.8 * BOMB_PAGES * PAGE_MIB
    await expect.poll(rss, { timeout: 10_000 }).toBeGreaterThan(reached)
    // One thread had it.
    expect(await rss()).toBeLessThan(before + 2 * BOMB_PAGES * PAGE_MIB)
    await expectServed('6')
  })

  it('or may grow beyond what a worker allows keeps the worker from starting, with the reason', () => {
    const { status, stderr } = failToStart({ kernelPages: BOMB_PAGES - 1 }, {})
    expect(status).toBe(1)
    expect(stderr).toContain('KERNEL_REFUSED')
    expect(stderr).toMatch(/declares a maximum of \d+ pages of 64 KiB; this worker allows 2047/)
  })

  it('or is signed by nobody who is trusted keeps the worker from starting, with the reason', () => {
    const { status, stderr } = failToStart({}, { QUESNAY_TRUSTED_KEYS: builtFile('kernels', 'trusted-keys.pem') })
    expect(status).toBe(1)
    expect(stderr).toContain(`are signed by the key ${kernels.fingerprint}, which is not trusted`)
  })

  it('or was changed after it was signed keeps the worker from starting, with the reason', () => {
    const changed = signedDirectory({ machine: endlessMachine() })
    const other = signedDirectory({ machine: memoryBomb(3) })
    copyFileSync(join(other.path, 'machine.wasm'), join(changed.path, 'machine.wasm'))
    const more = { QUESNAY_KERNELS: changed.path, QUESNAY_TRUSTED_KEYS: changed.trustedKeysFile }
    const { status, stderr } = failToStart({}, more)
    for (const directory of [changed, other]) directory.remove()
    expect(status).toBe(1)
    expect(stderr).toContain('have other bytes for machine than its manifest names')
  })

  it('has nothing to do with a thread that runs out of heap: that one dies alone', async () => {
    const worker = await startWorker({ threadHeapMb: 20, hangMs: 20_000 })
    await expectServed('7')
    const dispatch = dispatcher()
    const run = await dispatch.submit(heavy('8'))
    expect(await endOf(dispatch, run)).toMatchObject({ code: 'KERNEL_FAILED', detail: { deaths: 2 } })
    await expectServed('9')
    expect((await fetch(`${worker.url}/health`)).status).toBe(200)
  })
})

/** A plan whose series take more room than a small heap has. */
function heavy(seed: string): Submission {
  const steps = 1_500_000
  const plan = lower({
    name: 'heavy',
    tables: {},
    time: { start: 0, dt: 1, steps, saveEvery: steps, unit: 'day' },
    variables: [
      { kind: 'series', name: 'given', unit: '1' },
      { kind: 'stock', name: 'x', unit: '1', initial: call('add', 0, 0), flow: call('mul', 'given', 1) },
    ],
    outputs: ['x'],
  })
  const given = Array.from({ length: steps + 1 }, (_, i) => i / 3)
  return ensemble({ seed, plan, lanes: 64, series: { given } })
}
