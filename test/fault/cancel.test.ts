// Cancellation: from the call until the threads of a worker process are idle, as the worker measures it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { ensemble, expectedHash, openFleet, type TestFleet, toiling } from '../support/fleet.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

/** Cancellations of each kind: the median is held to the limit, so that a machine that is busy elsewhere does not decide. */
const TRIES = 5
const LIMIT_S = 0.6

describe.skipIf(lacksNatsServer())('a cancelled run', () => {
  let database: TestStore
  let nats: TestNatsServer
  let fleet: TestFleet
  let worker: WorkerProcess
  beforeAll(async () => {
    database = await freshStore({ poolSize: 8 })
    nats = await startTestNatsServer()
  })
  afterEach(async () => {
    await worker?.kill('SIGKILL')
    await fleet?.close()
  })
  afterAll(async () => {
    await nats?.stop()
    await database?.drop()
  })

  /** What the worker has counted and summed up. */
  const measured = async () => {
    const page = await (await fetch(`${worker.url}/metrics`)).text()
    const value = (name: string) =>
      Number(new RegExp(`^quesnay_cancel_seconds_${name}\\S* (\\S+)$`, 'm').exec(page)?.[1] ?? 0)
    return { count: value('count'), sum: value('sum') }
  }

  it.each([
    ['whose kernel looks for it', 0],
    ['whose kernel does not look', 2 ** 30],
  ])('leaves the threads idle within 600 ms: one %s', async (_, chunkSteps) => {
    const bus = await openNatsBus({ url: nats.url, clock, log: silentLog })
    fleet = await openFleet({ store: database.store, bus, workers: 0, dispatch: { chunkSteps } })
    worker = await startWorkerProcess(database.url, nats.url)
    const seconds: number[] = []
    for (let i = 0; i < TRIES; i++) {
      const run = await fleet.dispatch.submit(ensemble({ plan: toiling(10_000_000), lanes: 64, seed: `${i}` }))
      await expect
        .poll(async () => (await fleet.dispatch.load('local', [run.id]))[0]?.status, { timeout: 20_000 })
        .toBe('RUNNING')
      const before = await measured()
      await fleet.dispatch.cancel('local', run.id)
      await expect.poll(async () => (await measured()).count, { timeout: 20_000 }).toBe(before.count + 1)
      seconds.push((await measured()).sum - before.sum)
      expect(await fleet.bus.backlog()).toBe(0)
    }
    expect(seconds.sort((a, b) => a - b)[Math.floor(TRIES / 2)]).toBeLessThan(LIMIT_S)
    // The worker goes on.
    const next = ensemble({ seed: '77' })
    const run = await fleet.dispatch.submit(next)
    await fleet.dispatch.settled('local', run.id)
    expect((await fleet.dispatch.load('local', [run.id]))[0]?.resultHash).toBe(expectedHash(next))
  })
})
