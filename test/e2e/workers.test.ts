// The commands around workers, as people run them: autoscaling from nothing and back, listing, draining, and the kernels' signatures.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import { encodeReport, loadWorkers } from '../../compute/dispatch/workers.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { isAlive } from '../../infra/process.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { type Started, startCommand } from '../support/command.ts'
import { freshDatabase } from '../support/database.ts'
import { ensemble, expectedHash, toiling } from '../support/fleet.ts'
import { freePort } from '../support/free-port.ts'
import { signedDirectory } from '../support/kernel-directory.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../support/postgres.ts'
import { memoryBomb } from '../support/wasm.ts'
import { startWorkerProcess } from '../support/worker-process.ts'

describe.skipIf(lacksNatsServer())('quesnay worker', () => {
  let postgres: TestServer
  let nats: TestNatsServer
  let databaseUrl: string
  let store: Store
  let bus: Bus
  let dispatch: OpenDispatch
  const commands: Started[] = []

  beforeAll(async () => {
    ;[postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
    databaseUrl = (await freshDatabase(postgres.url)).url
    store = await openStore(databaseUrl, { log: silentLog })
    await migrate(store)
    bus = await openNatsBus({ url: nats.url, clock, log: silentLog })
    dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics: createMetrics('test') })
  })
  afterEach(async () => {
    for (const { child, ended } of commands.splice(0)) {
      child.kill('SIGKILL')
      await ended
    }
  })
  afterAll(async () => {
    await dispatch?.close()
    await bus?.close()
    await store?.close()
    await nats?.stop()
    await postgres?.remove()
  })

  const environment = () => ({ DATABASE_URL: databaseUrl, NATS_URL: nats.url, QUESNAY_LOG: 'fatal' })
  const start = (args: readonly string[], more: Record<string, string> = {}) => {
    const started = startCommand(args, { ...environment(), ...more })
    commands.push(started)
    return started
  }
  const run = (...args: string[]) => start(args).ended
  const workers = () => loadWorkers(bus)

  it('--autoscale starts a worker when a job comes, which gives the same bits, and lets it go after the cooldown', async () => {
    const port = await freePort('127.0.0.1')
    const autoscaler = start(['worker', '--autoscale', '0..2', '--cooldown', '4', '--heartbeat-ms', '300'], {
      ...{ QUESNAY_METRICS_PORT: String(port), QUESNAY_THREADS: '2' },
    })
    const page = () =>
      fetch(`http://127.0.0.1:${port}/metrics`)
        .then((answer) => answer.text())
        .catch(() => '')
    const figure = async (name: string) => {
      const line = new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(await page())
      return line ? Number(line[1]) : undefined
    }
    const running = () => figure('quesnay_workers{state="running",service="autoscaler"}')
    await expect.poll(running, { timeout: 20_000 }).toBe(0)
    expect(await workers()).toEqual([])

    const question = ensemble({ plan: toiling(1000), lanes: 4 })
    const asked = await dispatch.submit(question)
    await expect.poll(running, { interval: 50, timeout: 5000 }).toBe(1)
    expect(await figure('quesnay_backlog_seconds{service="autoscaler"}')).toBeGreaterThan(0)
    await expect.poll(async () => (await workers()).length, { interval: 50, timeout: 20_000 }).toBe(1)
    const [worker] = await workers()
    // One of two that share two threads.
    expect(worker).toMatchObject({ slots: 1 })
    await dispatch.settled('local', asked.id, 40_000)
    expect((await dispatch.load('local', [asked.id]))[0]).toMatchObject({ resultHash: expectedHash(question) })

    await expect.poll(running, { timeout: 15_000 }).toBe(0)
    await expect.poll(workers, { timeout: 15_000 }).toEqual([])
    await expect.poll(() => isAlive(worker!.pid)).toBe(false)
    expect(await figure('quesnay_workers{state="wanted",service="autoscaler"}')).toBe(0)
    expect(await figure('quesnay_backlog_seconds{service="autoscaler"}')).toBe(0)
    autoscaler.child.kill('SIGTERM')
    expect(await autoscaler.ended).toMatchObject({ code: 0 })
  })

  it('--autoscale ends its workers when it ends, also where it is killed', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const autoscaler = start(['worker', '--autoscale', '1..1', '--heartbeat-ms', '300'])
      await expect.poll(async () => (await workers()).length, { timeout: 20_000 }).toBe(1)
      const [worker] = await workers()
      autoscaler.child.kill(signal)
      await autoscaler.ended
      await expect.poll(() => isAlive(worker!.pid), { timeout: 10_000 }).toBe(false)
      expect(await workers()).toEqual([])
    }
  })

  it.each(['4..2', '0', '-1', '65', 'many', '1..'])('--autoscale takes no %j', async (range) => {
    const { code, err } = await run('worker', `--autoscale=${range}`)
    expect(code).toBe(1)
    expect(err).toContain('It takes two numbers of workers such as 0..4')
  })

  it('drain lets a worker finish what it has in hand, is told of as draining meanwhile, and waits until it is gone', async () => {
    const worker = await startWorkerProcess(databaseUrl, nats.url, { heartbeatMs: 300 })
    // One lane is for the machine as much work as 64, and for the interpreter it is not.
    const question = ensemble({ plan: toiling(500_000), lanes: 1, seed: '77' })
    const asked = await dispatch.submit(question)
    await expect.poll(async () => (await workers())[0]?.busy, { timeout: 10_000 }).toBe(1)
    const drained = run('worker', 'drain', worker.id)
    await expect.poll(async () => (await workers())[0]?.draining, { interval: 20, timeout: 10_000 }).toBe(true)
    expect(await drained).toMatchObject({ code: 0, out: `${worker.id} has ended\n` })
    expect(await worker.ended).toBe(0)
    expect((await dispatch.load('local', [asked.id]))[0]).toMatchObject({ resultHash: expectedHash(question) })
    expect((await run('worker', 'list')).out).toBe('no worker is there\n')
  })

  it('drain of a worker that is not there says which there are', async () => {
    const worker = await startWorkerProcess(databaseUrl, nats.url)
    const { code, err } = await run('worker', 'drain', `${worker.id}x`)
    expect(code).toBe(1)
    expect(err).toContain(`NOT_FOUND: there is no worker ${worker.id}x (did you mean ${worker.id}?)`)
    const { out } = await run('worker', 'list')
    expect(out).toMatch(new RegExp(`^${worker.id} .* 0/1 +working .* machine@[0-9a-f]{8} stats@[0-9a-f]{8}$`, 'm'))
    const [report] = await workers()
    const leaving = encodeReport({ ...report!, id: 'w-leaving', draining: true })
    await (await bus.bucket('qz_workers')).put('w-leaving', leaving)
    expect((await run('worker', 'list')).out).toMatch(/^w-leaving .* draining /m)
    const listed = JSON.parse((await run('worker', 'list', '--json')).out)
    expect(listed).toMatchObject([
      { id: worker.id, draining: false },
      { id: 'w-leaving', draining: true },
    ])
    expect(await worker.kill('SIGTERM')).toBe(0)
  })

  it('refuses a setting that is no number, and says what is missing to start', async () => {
    expect((await run('worker', '--hang-ms', 'x')).err).toContain('It takes a whole number from 1')
    const { code, err } = await start(['worker', '--autoscale', '2'], { DATABASE_URL: '', NATS_URL: '' }).ended
    expect(code).toBe(1)
    expect(err).toContain('CONFIG_INVALID: an autoscaler needs DATABASE_URL and NATS_URL')
  })
})

describe('quesnay kernels', () => {
  const run = (...args: string[]) => startCommand(args, {}).ended

  it('lists, signs and verifies a directory, and says why one is refused', async () => {
    const directory = signedDirectory({ bomb: memoryBomb(160) })
    try {
      expect((await run('kernels', 'list', directory.path)).out).toMatch(
        new RegExp(`bomb +[0-9a-f]{64} +2 +10 MiB[\\s\\S]*signed by ${directory.fingerprint}`),
      )
      const verify = () => run('kernels', 'verify', '--trust', directory.trustedKeysFile, directory.path)
      expect(await verify()).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^bomb@[0-9a-f]{64} would be run\n$/),
      })
      // By the keys of the build it is nobody's.
      expect((await run('kernels', 'verify', directory.path)).err).toContain('KERNEL_REFUSED')

      const manifest = join(directory.path, 'manifest.json')
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"maximumPages": 160', '"maximumPages": 16'))
      expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining('changed after the key') })
      const signed = await run('kernels', 'sign', '--json', '--key', directory.keyFile, directory.path)
      expect(JSON.parse(signed.out)).toMatchObject({
        key: directory.fingerprint,
        manifest: { kernels: [{ name: 'bomb' }] },
      })
      expect((await verify()).code).toBe(0)
    } finally {
      directory.remove()
    }
  })

  it('of the build are what a worker runs', async () => {
    expect(await run('kernels', 'verify')).toMatchObject({ code: 0 })
    expect((await run('kernels', '--help')).out).toContain('openssl genpkey -algorithm ed25519')
  })
})
