// A subgraph as a process: opens what its main.ts picked, loads the shipped figures, serves until it is asked to stop.
import { openDispatch } from '../../compute/dispatch/dispatch.ts'
import { announceReady } from '../../infra/announce.ts'
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import { openEvents } from '../../infra/events.ts'
import { createLog, type Log } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { contextSecretOf } from '../../infra/signed-context.ts'
import { untilStopped } from '../../infra/stop.ts'
import { migrate } from '../../infra/store/migrate.ts'
import type { Store } from '../../infra/store/port.ts'
import { servingTls } from '../../infra/subgraph-tls.ts'
import { startTracing } from '../../infra/tracing.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { serveSubgraph } from './service.ts'
import { openSubgraph, type SubgraphDefinition } from './subgraph.ts'

/** The adapters that a main.ts picks. */
export interface ProcessParts {
  readonly config: Config
  readonly clock: Clock
  openStore(url: string, options: { log: Log; applicationName: string }): Promise<Store>
  openBus(options: { url: string; log: Log; clock: Clock } & Config['nats']): Promise<Bus>
}

/** @throws CONFIG_INVALID where DATABASE_URL, NATS_URL or the secret shared with the gateway is not set */
export async function runSubgraph<S, L>(definition: SubgraphDefinition<S, L>, parts: ProcessParts): Promise<void> {
  const { config, clock } = parts
  const { databaseUrl, natsUrl } = config
  if (!databaseUrl || !natsUrl)
    throw new QuesnayError('CONFIG_INVALID', 'a subgraph of its own needs DATABASE_URL and NATS_URL', {
      suggestion: '`quesnay serve --services` sets both',
    })
  const contextSecret = contextSecretOf(config)
  if (contextSecret === undefined)
    throw new QuesnayError('CONFIG_INVALID', 'a subgraph of its own needs the secret that it shares with the gateway', {
      path: 'QUESNAY_CONTEXT_SECRET_FILE',
      suggestion:
        'set QUESNAY_CONTEXT_SECRET_FILE, here and for the gateway, to a file with the output of `openssl rand -hex 32`',
    })
  const tls = servingTls(config.subgraphTls)
  const stopped = untilStopped()
  const service = `subgraph ${definition.name}`
  const log = createLog(config.logLevel.service, { service })
  const metrics = createMetrics(service)
  const endTracing = await startTracing({ otlp: config.otlp, service: `quesnay-${definition.name}`, log })
  const store = await parts.openStore(databaseUrl, { log, applicationName: `quesnay-${definition.name}` })
  await migrate(store)
  const bus = await parts.openBus({ url: natsUrl, ...config.nats, log, clock })
  const dispatch = openDispatch({ store, bus, clock, log, metrics, keepDays: config.keepDays })
  const events = openEvents({ store, bus, clock, log })
  const subgraph = await openSubgraph(definition, { store, dispatch, events, clock, log, metrics })
  await subgraph.seed(config.tenant)
  const server = await serveSubgraph(subgraph, {
    host: config.host,
    port: config.port,
    contextSecret,
    tls,
    clock,
    ready: async () => (await store.ready()) && (await bus.ready()),
    metrics: () => metricsPage(metrics),
  })
  log.info({ url: server.url }, 'serving')
  announceReady(server.url)
  await stopped
  await server.close()
  await events.close()
  await dispatch.close()
  await bus.close()
  await store.close()
  await endTracing()
}
