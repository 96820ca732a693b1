// Embedded mode: the whole graph in one process, over the bundled PostgreSQL and a bus in memory.
import 'reflect-metadata'
import { openDispatch } from '../compute/dispatch/dispatch.ts'
import { startWorker } from '../compute/worker/worker.ts'
import { type Gateway, openGateway } from '../gateway/gateway.ts'
import { localRequester } from '../gateway/local-requester.ts'
import { openMemoryBus } from '../infra/bus/memory.ts'
import { systemClock as clock } from '../infra/clock.ts'
import type { Config } from '../infra/config.ts'
import { createLog, type Log } from '../infra/log.ts'
import { createMetrics, type Metrics } from '../infra/metrics.ts'
import { packageFile } from '../infra/paths.ts'
import { startBundled } from '../infra/store/bundled.ts'
import { type Hold, holdDataDirectory } from '../infra/store/data-directory.ts'
import { migrate } from '../infra/store/migrate.ts'
import { openStore } from '../infra/store/open.ts'
import { openSubgraph, type Subgraph } from '../subgraphs/shared/subgraph.ts'
import type { GraphClient } from './client.ts'
import { SUBGRAPHS } from './subgraphs.ts'

export interface Embedded {
  readonly gateway: Gateway
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
    const hold = opened(await holdDataDirectory(config.dataDirectory), async (held) => held.release())
    const url = config.databaseUrl ?? opened(await startBundled(config.dataDirectory, log), (db) => db.stop()).url
    const store = opened(await openStore(url, { log }), (s) => s.close())
    await migrate(store)
    const bus = opened(openMemoryBus(clock), (b) => b.close())
    const dispatch = opened(await openDispatch({ store, bus, clock, log, metrics }), (d) => d.close())
    const deps = { store, dispatch, clock, log, metrics }
    const subgraphs: Subgraph[] = await Promise.all(Object.values(SUBGRAPHS).map((d) => openSubgraph(d, deps)))
    await Promise.all(subgraphs.map((subgraph) => subgraph.seed(config.tenant)))
    const threads = config.threads
    opened(await startWorker({ store, bus, clock, log, metrics, threads }), (worker) => worker.stop())
    const byName = new Map<string, Subgraph>(subgraphs.map((subgraph) => [subgraph.name, subgraph]))
    const gateway = opened(
      await openGateway({
        supergraph: { file: packageFile('schema', 'sdl', 'supergraph.graphql'), watch: false },
        services: (name) => localRequester(byName.get(name)!, () => store.ready()),
        bus,
        clock,
        log,
        metrics,
      }),
      (g) => g.close(),
    )
    return { gateway, hold, log, metrics, tenant: config.tenant, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A client that asks the gateway of this process; closing it ends everything. */
export function inProcessClient(embedded: Embedded): GraphClient {
  const caller = () => ({ tenant: embedded.tenant, requestId: clock.id() })
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
