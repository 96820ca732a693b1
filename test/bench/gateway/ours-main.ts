// Our gateway as a process: the whole of it as a service runs it, with its edge and its HTTP server.
import { parseEdge } from '../../../gateway/edge/edge-config.ts'
import { openEdge } from '../../../gateway/edge/open-edge.ts'
import { openGateway } from '../../../gateway/gateway.ts'
import { serveGateway } from '../../../gateway/http/serve.ts'
import { httpRequesters } from '../../../gateway/requesters/http-requesters.ts'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { createLog } from '../../../infra/log.ts'
import { createMetrics, metricsPage } from '../../../infra/metrics.ts'
import { tell } from './listening.ts'

const [sdl, config] = process.argv.slice(2)
const log = createLog('warn', { service: 'gateway' })
const metrics = createMetrics('gateway')
const bus = openMemoryBus(clock)
const edgeConfig = parseEdge(JSON.parse(config!), 'the benchmark')
const edge = await openEdge({
  config: edgeConfig,
  bus,
  clock,
  log,
  metrics,
  tenant: 'local',
  host: '127.0.0.1',
  dataDirectory: '.quesnay',
  contextSecret: undefined,
})
const gateway = await openGateway({
  supergraph: { sdl: sdl! },
  services: edge.share(httpRequesters({ resilience: edgeConfig.resilience, clock, log, metrics })),
  bus,
  clock,
  log,
  metrics,
  ...edge.gateway,
  steps: edge.steps,
})
const { authenticator } = edge
const server = await serveGateway(gateway, {
  ...edge.http,
  ...{ host: '127.0.0.1', port: 0, authenticator, clock, log },
  metrics: () => metricsPage(metrics),
})
tell(`${server.url}graphql`)
