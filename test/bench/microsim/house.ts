// A store, a bus, a dispatcher and a worker in this process, for measuring runs from submission to result.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDispatch } from '../../../compute/dispatch/dispatch.ts'
import type { Dispatch } from '../../../compute/dispatch/port.ts'
import { startWorker, type Worker } from '../../../compute/worker/worker.ts'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { createLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import { startBundled } from '../../../infra/store/bundled.ts'
import { migrate } from '../../../infra/store/migrate.ts'
import { openStore } from '../../../infra/store/open.ts'

export interface House {
  readonly dispatch: Dispatch
  startWorker(threads: number): Promise<Worker>
  close(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-bench-'))
  const log = createLog('error')
  const database = await startBundled(directory, log)
  const store = await openStore(database.url, { log })
  await migrate(store)
  const bus = openMemoryBus(clock)
  const metrics = createMetrics('bench')
  const dispatch = await openDispatch({ store, bus, clock, log, metrics })
  return {
    dispatch,
    startWorker: (threads) => startWorker({ store, bus, clock, log, metrics, threads }),
    async close() {
      await dispatch.close()
      await bus.close()
      await store.close()
      await database.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
