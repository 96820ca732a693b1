// The processes that chaos breaks: a PostgreSQL, a nats-server and workers, with a dispatcher in this process that outlives them all.
import { type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { freshDatabase } from '../support/database.ts'
import { startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../support/postgres.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

/** Timers shortened, so that minutes hold many faults and what follows them. */
const WORKER = { ackWaitMs: 3000, heartbeatMs: 500, watchMs: 100, retryMs: 200, leaseMs: 4000 }
const SWEEPS = { sweepIntervalMs: 1000, lostAfterMs: 6000, publishGraceMs: 1000 }
/** A worker that cannot start, since what it needs is away, is started again after this time. */
const START_AGAIN_MS = 500

export interface House {
  readonly postgres: TestServer
  readonly nats: TestNatsServer
  readonly store: Store
  readonly bus: Bus
  readonly dispatch: OpenDispatch
  /** Those that live now. */
  readonly workers: ReadonlySet<WorkerProcess>
  /** Workers that end are replaced until the house closes. */
  close(): Promise<void>
}

export async function openHouse(workers: number): Promise<House> {
  const [postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
  const { url } = await freshDatabase(postgres.url)
  const store = await openStore(url, { log: silentLog, poolSize: 12 })
  await migrate(store)
  const limits = { ackWaitMs: WORKER.ackWaitMs }
  const bus = await openNatsBus({ url: nats.url, clock, log: silentLog, limits })
  const metrics = createMetrics('chaos')
  const dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics, ...SWEEPS })

  const living = new Set<WorkerProcess>()
  const closing = new AbortController()
  /** Keeps one worker running, whatever becomes of it. */
  const keep = async () => {
    while (!closing.signal.aborted) {
      const worker = await startWorkerProcess(url, nats.url, WORKER).catch(() => undefined)
      if (!worker) {
        await clock.sleep(START_AGAIN_MS, closing.signal).catch(() => {})
        continue
      }
      living.add(worker)
      if (closing.signal.aborted) void worker.kill('SIGKILL')
      await worker.ended
      living.delete(worker)
    }
  }
  const kept = Array.from({ length: workers }, keep)
  while (living.size < workers) await clock.sleep(20)

  return {
    postgres,
    nats,
    store,
    bus,
    dispatch,
    workers: living,
    async close() {
      closing.abort()
      await Promise.all([...living].map((worker) => worker.kill('SIGKILL')))
      await Promise.all(kept)
      await dispatch.close()
      await bus.close()
      await store.close()
      await nats.stop()
      await postgres.remove()
    },
  }
}
