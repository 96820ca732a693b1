// `quesnay worker --autoscale 0..N`: opens store and bus, watches the backlog, and keeps local workers by it until it is stopped.
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import { loadBacklog } from '../../compute/dispatch/backlog.ts'
import { loadWorkers } from '../../compute/dispatch/workers.ts'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { writeWorkerSettings } from '../../compute/worker/settings.ts'
import { serveStatus } from '../../compute/worker/status-server.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { type Config, inheritedEnvironment } from '../../infra/config.ts'
import { createLog } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { builtFile } from '../../infra/paths.ts'
import { untilStopped } from '../../infra/stop.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import { openFleetBus, requireFleet } from '../fleet-bus.ts'
import { Autoscaler, type LocalWorker } from './autoscaler.ts'

export interface AutoscaleOptions {
  readonly minimum: number
  readonly maximum: number
  readonly aimSeconds: number
  readonly cooldownSeconds: number
  /** Of each worker. */
  readonly settings: Partial<WorkerSettings>
}

const LOOK_MS = 500

/** Returns when Ctrl-C or SIGTERM has ended it and its last worker. CONFIG_INVALID: DATABASE_URL or NATS_URL is missing. */
export async function serveAutoscaler(config: Config, options: AutoscaleOptions): Promise<void> {
  const stopped = untilStopped()
  const { databaseUrl } = requireFleet(config, 'an autoscaler')
  const { minimum, maximum, aimSeconds, cooldownSeconds, settings } = options
  const log = createLog(config.logLevel.service, { service: 'autoscaler' })
  const metrics = createMetrics('autoscaler')
  const store = await openStore(databaseUrl, { log, applicationName: 'quesnay autoscaler', poolSize: 2 })
  await migrate(store)
  const bus = await openFleetBus(config, log, settings.ackWaitMs)
  // The cores of the machine are shared by as many workers as there may be.
  const slots = Math.max(1, Math.floor(config.threads / maximum))
  const host = hostname()
  const autoscaler = new Autoscaler({
    rule: { minimum, maximum, aimSeconds, slots, cooldownMs: 1000 * cooldownSeconds },
    ...{ clock, log, lookMs: LOOK_MS },
    launch: () => launchWorker(slots, settings),
    load: () => loadBacklog(store),
    idle: async () => {
      const ours = (await loadWorkers(bus)).filter((worker) => worker.host === host && worker.busy === 0)
      return new Set(ours.map(({ pid }) => pid))
    },
    said: (wanted, running, { costSeconds }) => {
      metrics.workers.set({ state: 'wanted' }, wanted)
      metrics.workers.set({ state: 'running' }, running)
      metrics.fleetSlots.set(running * slots)
      metrics.backlogSeconds.set(costSeconds / Math.max(1, running * slots))
    },
  })
  const status = await serveStatus(config.host, config.metricsPort ?? 0, {
    ready: async () => (await bus.ready()) && (await store.ready()),
    metrics: () => metricsPage(metrics),
  })
  log.info({ url: status.url, minimum, maximum, slots }, 'an autoscaler is ready')
  void stopped.then(() => autoscaler.stop())
  await autoscaler.run()
  await status.close()
  await bus.close()
  await store.close()
}

function launchWorker(threads: number, settings: Partial<WorkerSettings>): LocalWorker {
  // As other processes of ours: a terminal's Ctrl-C reaches only us, and the channel tells it when we are gone without a word.
  const child = spawn(process.execPath, [builtFile('compute', 'worker', 'main.js'), ...writeWorkerSettings(settings)], {
    env: inheritedEnvironment({ QUESNAY_THREADS: String(threads), QUESNAY_METRICS_PORT: '0' }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  })
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    // It could not be started at all: no exit follows.
    child.once('error', () => resolve({ code: 1, signal: null }))
  })
  return { pid: child.pid ?? 0, ended, drain: () => void child.kill('SIGTERM') }
}
