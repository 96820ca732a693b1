// One member of the fleet as a process of its own: DATABASE_URL and NATS_URL say where, SIGTERM drains it.
import { announceReady } from '../../infra/announce.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { loadConfig } from '../../infra/config.ts'
import { createLog } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { reportFaults } from '../../infra/report-faults.ts'
import { untilStopped } from '../../infra/stop.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import { startTracing } from '../../infra/tracing.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { WORKER_SETTINGS } from './context.ts'
import { openShelf } from './kernel/shelf.ts'
import { readWorkerSettings } from './settings.ts'
import { serveStatus } from './status-server.ts'
import { startWorker } from './worker.ts'

reportFaults('worker')
const stopped = untilStopped()
const config = loadConfig()
const log = createLog(config.logLevel.service, { service: 'worker' })
const metrics = createMetrics('worker')
const endTracing = await startTracing({ otlp: config.otlp, service: 'quesnay-worker', log })
const { databaseUrl, natsUrl } = config
if (!databaseUrl || !natsUrl) {
  const missing = [databaseUrl ? undefined : 'DATABASE_URL', natsUrl ? undefined : 'NATS_URL'].filter(Boolean)
  throw new QuesnayError('CONFIG_INVALID', `a worker needs ${missing.join(' and ')}`, {
    problems: missing.map((variable) => ({ variable, problem: 'is not set', fix: 'set it to a URL' })),
  })
}

// As a command of `quesnay` the arguments are the command's.
const settings = {
  ...WORKER_SETTINGS,
  ...readWorkerSettings(process.argv.slice(2).filter((word) => word !== 'worker' && word !== '--json')),
}
const kernels = openShelf({
  directories: config.kernelDirectories,
  trustedKeysFile: config.trustedKeysFile,
  maximumPages: settings.kernelPages,
})
const store = await openStore(databaseUrl, { log, applicationName: 'quesnay worker', poolSize: config.threads + 4 })
await migrate(store)
const bus = await openNatsBus({ url: natsUrl, ...config.nats, clock, log, limits: { ackWaitMs: settings.ackWaitMs } })
const worker = await startWorker({ store, bus, clock, log, metrics, threads: config.threads, kernels, ...settings })
const status = await serveStatus(config.host, config.metricsPort ?? 0, {
  ready: async () => (await bus.ready()) && (await store.ready()),
  metrics: () => metricsPage(metrics),
})
log.info({ url: status.url, id: worker.id }, 'a worker is ready')
announceReady(status.url)

await Promise.race([stopped.then(() => worker.drain()), worker.ended])
await status.close()
await bus.close()
await store.close()
await endTracing()
