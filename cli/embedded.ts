// Embedded mode: the whole graph in one process, over the bundled PostgreSQL and a bus in memory.
import { REST_OPERATIONS } from '../gateway/rest/routes.ts'
import { PROCESS } from '../schema/caller.ts'
import 'reflect-metadata'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDispatch } from '../compute/dispatch/dispatch.ts'
import { openShelf } from '../compute/worker/kernel/shelf.ts'
import { startWorker } from '../compute/worker/worker.ts'
import { type ConfiguredEdge, openConfiguredEdge } from '../gateway/edge/configured-edge.ts'
import { type Gateway, openGateway } from '../gateway/gateway.ts'
import { currentSupergraph } from '../gateway/registry/current-supergraph.ts'
import { localRequester } from '../gateway/requesters/local-requester.ts'
import { openMemoryBus } from '../infra/bus/memory.ts'
import { systemClock as clock } from '../infra/clock.ts'
import type { Config } from '../infra/config.ts'
import { openEvents } from '../infra/events.ts'
import { createLog, type Log } from '../infra/log.ts'
import { createMetrics, type Metrics } from '../infra/metrics.ts'
import { startBundled } from '../infra/store/bundled.ts'
import { type Hold, holdDataDirectory } from '../infra/store/data-directory.ts'
import { migrate } from '../infra/store/migrate.ts'
import { openStore } from '../infra/store/open.ts'
import { startTracing } from '../infra/tracing.ts'
import { openSubgraph, type Subgraph } from '../subgraphs/shared/subgraph.ts'
import type { GraphClient } from './client.ts'
import { SUBGRAPHS } from './subgraphs.ts'

export interface Embedded {
  readonly gateway: Gateway
  readonly edge: ConfiguredEdge
  readonly hold: Hold
  readonly log: Log
  readonly metrics: Metrics
  readonly tenant: string
  /** Ends everything in the order opposite to its start. */
  close(): Promise<void>
}

export async function startEmbedded(config: Config): Promise<Embedded> {
  const log = createLog(config.logLevel.interactive)
  const metrics = createMetrics('quesnay')
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const opened = <T>(value: T, closer: (value: T) => Promise<unknown>): T => {
    closers.push(() => closer(value))
    return value
  }
  try {
    opened(await startTracing({ otlp: config.otlp, service: 'quesnay', log }), (end) => end())
    const hold = opened(await holdDataDirectory(config.dataDirectory), async (held) => held.release())
    const url = config.databaseUrl ?? opened(await startBundled(config.dataDirectory, log), (db) => db.stop()).url
    const store = opened(await openStore(url, { log }), (s) => s.close())
    await migrate(store)
    const objectDirectory = join(config.dataDirectory, 'objects')
    // What a killed process left there; nobody else holds the data directory now.
    rmSync(objectDirectory, { recursive: true, force: true })
    const bus = opened(openMemoryBus(clock, {}, objectDirectory), (b) => b.close())
    const { keepDays } = config
    const dispatch = opened(await openDispatch({ store, bus, clock, log, metrics, keepDays }), (d) => d.close())
    const events = opened(openEvents({ store, bus, clock, log }), (e) => e.close())
    const deps = { store, dispatch, events, clock, log, metrics }
    const subgraphs: Subgraph[] = await Promise.all(Object.values(SUBGRAPHS).map((d) => openSubgraph(d, deps)))
    await Promise.all(subgraphs.map((subgraph) => subgraph.seed(config.tenant)))
    const threads = config.threads
    const kernels = openShelf({ directories: config.kernelDirectories, trustedKeysFile: config.trustedKeysFile })
    opened(await startWorker({ store, bus, clock, log, metrics, threads, kernels }), (worker) => worker.stop())
    const byName = new Map<string, Subgraph>(subgraphs.map((subgraph) => [subgraph.name, subgraph]))
    const parts = { store, bus, clock, log, metrics, operations: REST_OPERATIONS }
    const edge = opened(await openConfiguredEdge(config, parts), (e) => e.close())
    const partners = edge.overHttp(() => false)
    const gateway = opened(
      await openGateway({
        ...edge.gateway,
        steps: edge.steps,
        faultsOf: edge.faultsOf,
        supergraph: await currentSupergraph(config.dataDirectory, log),
        services: (name, url) => {
          const own = byName.get(name)
          // What is none of ours is a partner's, in a process of its own.
          return own ? localRequester(own, () => store.ready()) : partners(name, url)
        },
        bus,
        clock,
        log,
        metrics,
        errors: edge.config.errors,
        executor: config.executor,
      }),
      (g) => g.close(),
    )
    return { gateway, edge, hold, log, metrics, tenant: config.tenant, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A client that asks the gateway of this process; closing it ends everything. */
export function inProcessClient(embedded: Embedded): GraphClient {
  const caller = () => ({ tenant: embedded.tenant, requestId: clock.id(), principal: PROCESS })
  const isStream = (value: object): value is AsyncGenerator<object> => Symbol.asyncIterator in value
  return {
    endpoint: 'in process',
    async execute(query, variables = {}) {
      return plain(await embedded.gateway.execute({ query, variables: { ...variables }, caller: caller() }))
    },
    async *subscribe(query, variables, signal) {
      const results = await embedded.gateway.subscribe({ query, variables: { ...variables }, caller: caller() })
      if (!isStream(results)) return yield plain(results)
      const stop = () => void results.return?.(undefined)
      signal?.addEventListener('abort', stop, { once: true })
      for await (const result of results) yield plain(result)
    },
    close: () => embedded.close(),
  }
}

/** The answer as it would come over HTTP: errors in their JSON form, no prototypes. */
const plain = (result: object) => JSON.parse(JSON.stringify(result))
