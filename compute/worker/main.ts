// One member of the fleet as a process of its own: DATABASE_URL and NATS_URL say where, SIGTERM drains it.
import { parseArgs } from 'node:util'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { loadConfig } from '../../infra/config.ts'
import { createLog } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { untilStopped } from '../../infra/stop.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { WORKER_SETTINGS, type WorkerSettings } from './context.ts'
import { serveStatus } from './status-server.ts'
import { startWorker } from './worker.ts'

const stopped = untilStopped()
const config = loadConfig()
const log = createLog(config.logLevel.service, { service: 'worker' })
const metrics = createMetrics('worker')
const { databaseUrl, natsUrl } = config
if (!databaseUrl || !natsUrl) {
  const missing = [databaseUrl ? undefined : 'DATABASE_URL', natsUrl ? undefined : 'NATS_URL'].filter(Boolean)
  throw new QuesnayError('CONFIG_INVALID', `a worker needs ${missing.join(' and ')}`, {
    problems: missing.map((variable) => ({ variable, problem: 'is not set', fix: 'set it to a URL' })),
  })
}

const settings = settingsFromArguments()
const store = await openStore(databaseUrl, { log, applicationName: 'quesnay worker', poolSize: config.threads + 4 })
await migrate(store)
const limits = settings.ackWaitMs === undefined ? {} : { ackWaitMs: settings.ackWaitMs }
const bus = await openNatsBus({ url: natsUrl, clock, log, limits })
const worker = await startWorker({ store, bus, clock, log, metrics, threads: config.threads, ...settings })
const status = await serveStatus(config.host, config.metricsPort ?? 0, {
  ready: async () => (await bus.ready()) && (await store.ready()),
  metrics: () => metricsPage(metrics),
})
log.info({ url: status.url, id: worker.id }, 'a worker is ready')

await Promise.race([stopped.then(() => worker.drain()), worker.ended])
await status.close()
await bus.close()
await store.close()

/** Any setting of a worker as an option: `--ackWaitMs 20000`. */
function settingsFromArguments(): Partial<WorkerSettings> {
  const names = Object.keys(WORKER_SETTINGS)
  // As a command of `quesnay` the arguments are the command's.
  const args = process.argv.slice(2).filter((word) => word !== 'worker')
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  })
  const entries = Object.entries(values).map(([name, text]) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value > 0) return [name, value]
    throw new QuesnayError('BAD_INPUT', `--${name} takes a whole number from 1`, { path: `--${name}` })
  })
  return Object.fromEntries(entries)
}
