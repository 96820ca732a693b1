// The example graph behind its HTTP front, for tests with real clients.

import { connect, type Socket } from 'node:net'
import { type Gateway, type GatewayOptions, openGateway } from '../../gateway/gateway.ts'
import { type GatewayServer, type ServerOptions, serveGateway } from '../../gateway/http/serve.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics, metricsPage } from '../../infra/metrics.ts'
import { type RunEvent, subjects } from '../../schema/jobs.ts'
import type { RunStatus } from '../../schema/terms/run.ts'
import { everybody } from '../support/everybody.ts'
import {
  type ExampleName,
  exampleSubgraphs,
  exampleSupergraph,
  newWorld,
  type SwitchedRequester,
  switched,
  type World,
} from './example-graph.ts'

export interface ExampleServer {
  readonly world: World
  readonly bus: Bus
  readonly metrics: Metrics
  readonly gateway: Gateway
  readonly server: GatewayServer
  readonly requesters: Record<string, SwitchedRequester>
  /** http://127.0.0.1:port/graphql, and the same for WebSockets. */
  readonly endpoint: string
  readonly socketUrl: string
  /** The run as it is from now on, and the event that says so. */
  move(status: RunStatus, shardsDone: number, note?: string): Promise<void>
  /** How many subscriptions are open. */
  open(): Promise<number>
  /** A bare connection to the server. */
  connect(): Socket
  close(): Promise<void>
}

const supergraph = exampleSupergraph()

export async function startExampleServer(
  options: Partial<ServerOptions> = {},
  bus: Bus = openMemoryBus(systemClock),
  gatewayOptions: Partial<GatewayOptions> = {},
): Promise<ExampleServer> {
  const world = newWorld()
  const metrics = createMetrics('test')
  const requesters: Record<string, SwitchedRequester> = {}
  const subgraphs = exampleSubgraphs(world)
  const gateway = await openGateway({
    supergraph: { sdl: supergraph },
    services: (name) => {
      const requester = switched(name, subgraphs[name as ExampleName])
      requesters[name] = requester
      return requester
    },
    bus,
    clock: systemClock,
    log: silentLog,
    metrics,
    spacingMs: 0,
    ...gatewayOptions,
  })
  const server = await serveGateway(gateway, {
    host: '127.0.0.1',
    port: 0,
    authenticator: everybody,
    log: silentLog,
    metrics: () => metricsPage(metrics),
    ...options,
  })
  const { port } = new URL(server.url)
  return {
    world,
    bus,
    metrics,
    gateway,
    server,
    requesters,
    endpoint: `${server.url}graphql`,
    socketUrl: `ws://127.0.0.1:${port}/graphql`,
    async move(status, shardsDone, note = '') {
      world.runs['local'] = { r1: { id: 'r1', status, shardsDone, note } }
      const said: RunEvent = { runId: 'r1', status, shardsDone, shardsTotal: 16 }
      // A note that an event cannot carry is left to be read.
      const run = { id: 'r1', status, shardsDone, ...(note.length <= 2 ** 19 ? { note } : {}) }
      const event = { ...said, run }
      await bus.emit(subjects.event('local', 'r1', 'progress'), new TextEncoder().encode(JSON.stringify(event)))
    },
    open: async () => (await metrics.subscriptions.get()).values[0]?.value ?? 0,
    connect: () => connect(Number(port), '127.0.0.1'),
    async close() {
      await server.close()
      await gateway.close()
      await bus.close()
    },
  }
}
