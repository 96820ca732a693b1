// The whole graph in this process, over a database of its own: what a test asks, and how many requests it cost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, type GraphClient, type Variables } from '../../cli/client.ts'
import { type Embedded, inProcessClient, startEmbedded } from '../../cli/embedded.ts'
import { subgraphRequestCounts } from '../../gateway/metrics.ts'
import { type Environment, readConfig } from '../../infra/config.ts'
import { freshDatabase } from './database.ts'

export interface TestGraph {
  readonly client: GraphClient
  readonly embedded: Embedded
  ask<T>(query: string, variables?: Variables): Promise<T>
  /** Requests to each subgraph that the work cost, by name; those without any are left out. */
  requestsOf(work: () => Promise<unknown>): Promise<Record<string, number>>
  close(): Promise<void>
}

/** @param environment further variables; with a DATABASE_URL that database is used, and stays. */
export async function openGraph(environment: Environment = {}): Promise<TestGraph> {
  const given = environment['DATABASE_URL']
  const database = given ? { url: given, drop: async () => {} } : await freshDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-graph-'))
  const config = readConfig({
    QUESNAY_DATA: directory,
    DATABASE_URL: database.url,
    QUESNAY_THREADS: '2',
    QUESNAY_LOG: 'error',
    ...environment,
  })
  const embedded = await startEmbedded(config)
  const client = inProcessClient(embedded)
  return {
    client,
    embedded,
    ask: (query, variables) => ask(client, query, variables),
    async requestsOf(work) {
      const before = await subgraphRequestCounts(embedded.metrics)
      await work()
      const after = await subgraphRequestCounts(embedded.metrics)
      const spent = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      return Object.fromEntries(spent.filter(([, count]) => count > 0))
    },
    async close() {
      await client.close()
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
