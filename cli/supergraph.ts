// quesnay gateway --supergraph FILE: any Federation 2 supergraph behind the same edge, until Ctrl-C.
import { openConfiguredEdge } from '../gateway/edge/configured-edge.ts'
import { leavingToSubgraphs } from '../gateway/edge/passing.ts'
import { openGateway } from '../gateway/gateway.ts'
import { serveGateway } from '../gateway/http/serve.ts'
import { openMemoryBus } from '../infra/bus/memory.ts'
import { openNatsBus } from '../infra/bus/nats.ts'
import { systemClock as clock } from '../infra/clock.ts'
import type { Config } from '../infra/config.ts'
import { createLog } from '../infra/log.ts'
import { createMetrics, metricsPage } from '../infra/metrics.ts'
import { untilStopped } from '../infra/stop.ts'
import { migrate } from '../infra/store/migrate.ts'
import { openStore } from '../infra/store/open.ts'
import { startTracing } from '../infra/tracing.ts'

export interface SupergraphOptions {
  /** Path of the supergraph's SDL. */
  readonly supergraph: string
  /** Whether it is served anew when the file changes. */
  readonly watch: boolean
  /** Path of the gateway's configuration; default what QUESNAY_GATEWAY_CONFIG names. */
  readonly config?: string | undefined
  /** Print one JSON object when it is ready. */
  readonly json: boolean
}

/** Needs neither NATS nor a database: both are used where NATS_URL and DATABASE_URL name them. Errors: CONFIG_INVALID. */
export async function serveSupergraph(config: Config, options: SupergraphOptions): Promise<void> {
  const stopped = untilStopped()
  const log = createLog(config.logLevel.interactive, { service: 'gateway' })
  const metrics = createMetrics('gateway')
  const closers: (() => Promise<unknown>)[] = []
  const opened = <T>(value: T, closer: (value: T) => Promise<unknown>): T => {
    closers.push(() => closer(value))
    return value
  }
  try {
    const { host, port, executor, natsUrl, databaseUrl } = config
    const gatewayConfigFile = options.config ?? config.gatewayConfigFile
    opened(await startTracing({ otlp: config.otlp, service: 'quesnay-gateway', log }), (end) => end())
    const bus = opened(
      natsUrl ? await openNatsBus({ url: natsUrl, ...config.nats, clock, log }) : openMemoryBus(clock),
      (b) => b.close(),
    )
    const store = databaseUrl
      ? opened(await openStore(databaseUrl, { log, applicationName: 'quesnay-gateway' }), (s) => s.close())
      : undefined
    if (store) await migrate(store)
    const edge = opened(
      await openConfiguredEdge({ ...config, gatewayConfigFile }, { store, bus, clock, log, metrics }),
      (e) => e.close(),
    )
    const gateway = opened(
      await openGateway({
        supergraph: { file: options.supergraph, watch: options.watch },
        services: edge.share(edge.overHttp(() => false)),
        faultsOf: edge.faultsOf,
        ...edge.gateway,
        steps: edge.steps,
        errors: edge.config.errors,
        unpushed: 'answer',
        ...{ bus, clock, log, metrics, executor },
      }),
      (g) => g.close(),
    )
    const server = opened(
      await serveGateway(gateway, {
        ...{ host, port, clock, log },
        ...edge.http,
        authenticator: leavingToSubgraphs(edge.authenticator, edge.config),
        propagate: edge.config.headers.propagate,
        metrics: () => metricsPage(metrics),
      }),
      (s) => s.close(),
    )
    const url = `${server.url}graphql`
    process.stdout.write(
      options.json ? `${JSON.stringify({ url: server.url, pid: process.pid })}\n` : `the gateway is ready: ${url}\n`,
    )
    await stopped
  } finally {
    for (const close of closers.reverse()) await close()
  }
}
