// Starts the gateway as a process of its own, over subgraphs that run elsewhere.
import { openNatsBus } from '../infra/bus/nats.ts'
import { systemClock as clock } from '../infra/clock.ts'
import { loadConfig } from '../infra/config.ts'
import { createLog } from '../infra/log.ts'
import { createMetrics, metricsPage } from '../infra/metrics.ts'
import { packageFile } from '../infra/paths.ts'
import { untilStopped } from '../infra/stop.ts'
import { QuesnayError } from '../schema/errors.ts'
import { openGateway } from './gateway.ts'
import { serveGateway } from './http/serve.ts'
import { httpRequester } from './http-requester.ts'

const config = loadConfig()
if (!config.natsUrl)
  throw new QuesnayError('CONFIG_INVALID', 'the gateway of the services mode needs a bus', {
    path: 'NATS_URL',
    suggestion: 'set NATS_URL=nats://127.0.0.1:4222, or start everything with `quesnay serve --services`',
  })
const stopped = untilStopped()
const log = createLog(config.logLevel.service, { service: 'gateway' })
const metrics = createMetrics('gateway')
const bus = await openNatsBus({ url: config.natsUrl, clock, log })
try {
  const gateway = await openGateway({
    supergraph: { file: packageFile('schema', 'sdl', 'supergraph.graphql'), watch: true },
    services: (name, url) => httpRequester({ name, url: config.subgraphUrls[name] ?? url ?? '' }),
    bus,
    clock,
    log,
    metrics,
  })
  const { host, port, tenant } = config
  const server = await serveGateway(gateway, { host, port, tenant, clock, log, metrics: () => metricsPage(metrics) })
  log.info({ url: server.url }, 'the gateway is ready')
  await stopped
  await server.close()
  await gateway.close()
} finally {
  await bus.close()
}
