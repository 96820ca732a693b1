// Starts the gateway as a process of its own, over subgraphs that run elsewhere.

import { announceReady } from '../infra/announce.ts'
import { openNatsBus } from '../infra/bus/nats.ts'
import { systemClock as clock } from '../infra/clock.ts'
import { loadConfig } from '../infra/config.ts'
import { createLog } from '../infra/log.ts'
import { createMetrics, metricsPage } from '../infra/metrics.ts'
import { reportFaults } from '../infra/report-faults.ts'
import { untilStopped } from '../infra/stop.ts'
import { migrate } from '../infra/store/migrate.ts'
import { openStore } from '../infra/store/open.ts'
import { startTracing } from '../infra/tracing.ts'
import { QuesnayError } from '../schema/errors.ts'
import { openConfiguredEdge } from './edge/configured-edge.ts'
import { openGateway } from './gateway.ts'
import { serveGateway } from './http/serve.ts'
import { currentSupergraph } from './registry/current-supergraph.ts'
import { openRegistry } from './registry/registry.ts'
import { REST_OPERATIONS } from './rest/routes.ts'

reportFaults('gateway')
const config = loadConfig()
if (!config.natsUrl)
  throw new QuesnayError('CONFIG_INVALID', 'the gateway of the services mode needs a bus', {
    path: 'NATS_URL',
    suggestion: 'set NATS_URL=nats://127.0.0.1:4222, or start everything with `quesnay serve --services`',
  })
const own = new Set(
  openRegistry(config.dataDirectory)
    .own()
    .map(({ name }) => name),
)
const stopped = untilStopped()
const log = createLog(config.logLevel.service, { service: 'gateway' })
const metrics = createMetrics('gateway')
const endTracing = await startTracing({ otlp: config.otlp, service: 'quesnay-gateway', log })
const bus = await openNatsBus({ url: config.natsUrl, ...config.nats, clock, log })
const store = config.databaseUrl
  ? await openStore(config.databaseUrl, { log, applicationName: 'quesnay-gateway' })
  : undefined
try {
  if (store) await migrate(store)
  const edge = await openConfiguredEdge(config, { store, bus, clock, log, metrics, operations: REST_OPERATIONS })
  const gateway = await openGateway({
    supergraph: await currentSupergraph(config.dataDirectory, log),
    services: edge.share(edge.overHttp((name) => own.has(name))),
    faultsOf: edge.faultsOf,
    bus,
    clock,
    log,
    metrics,
    ...edge.gateway,
    steps: edge.steps,
    errors: edge.config.errors,
    executor: config.executor,
  })
  const { host, port } = config
  const { authenticator } = edge
  const server = await serveGateway(gateway, {
    ...edge.http,
    ...{ host, port, authenticator, clock, log },
    propagate: edge.config.headers.propagate,
    metrics: () => metricsPage(metrics),
  })
  log.info({ url: server.url }, 'the gateway is ready')
  announceReady(server.url)
  await stopped
  await server.close()
  await gateway.close()
  await edge.close()
} finally {
  await store?.close()
  await bus.close()
  await endTracing()
}
