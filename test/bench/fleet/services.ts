// The services mode for measuring: PostgreSQL, nats-server and workers as processes of their own, with the product's settings.
import { type OpenDispatch, openDispatch } from '../../../compute/dispatch/dispatch.ts'
import type { Submission } from '../../../compute/dispatch/port.ts'
import { openNatsBus } from '../../../infra/bus/nats.ts'
import type { Bus } from '../../../infra/bus/port.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import { migrate } from '../../../infra/store/migrate.ts'
import { openStore } from '../../../infra/store/open.ts'
import type { Store } from '../../../infra/store/port.ts'
import { freshDatabase } from '../../support/database.ts'
import { startTestNatsServer, type TestNatsServer } from '../../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../../support/postgres.ts'
import { startWorkerProcess, type WorkerProcess } from '../../support/worker-process.ts'

const SETTLED_MS = 180_000

export interface Services {
  readonly postgres: TestServer
  readonly nats: TestNatsServer
  readonly databaseUrl: string
  readonly store: Store
  readonly bus: Bus
  readonly dispatch: OpenDispatch
  startWorkers(count: number, threads?: number): Promise<readonly WorkerProcess[]>
  endWorkers(): Promise<void>
  /** Milliseconds from asking to the result. */
  answer(question: Submission): Promise<number>
  close(): Promise<void>
}

export async function openServices(): Promise<Services> {
  const [postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
  const { url: databaseUrl } = await freshDatabase(postgres.url)
  const store = await openStore(databaseUrl, { log: silentLog })
  await migrate(store)
  const bus = await openNatsBus({ url: nats.url, clock, log: silentLog })
  const dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics: createMetrics('bench') })
  const workers = new Set<WorkerProcess>()
  const endWorkers = async () => {
    await Promise.all([...workers].map((worker) => worker.kill('SIGTERM')))
    workers.clear()
  }
  return {
    postgres,
    nats,
    databaseUrl,
    store,
    bus,
    dispatch,
    async startWorkers(count, threads = 1) {
      const start = () => startWorkerProcess(databaseUrl, nats.url, {}, { threads })
      const started = await Promise.all(Array.from({ length: count }, start))
      for (const worker of started) workers.add(worker)
      return started
    },
    endWorkers,
    async answer(question) {
      const begin = performance.now()
      const { id } = await dispatch.submit(question)
      await dispatch.settled(question.tenant, id, SETTLED_MS)
      return performance.now() - begin
    },
    async close() {
      await endWorkers()
      await dispatch.close()
      await bus.close()
      await store.close()
      await nats.stop()
      await postgres.remove()
    },
  }
}
