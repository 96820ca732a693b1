// The graph of the benchmark of subscriptions: orders, which events carry, and what another subgraph knows of them.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type FormattedExecutionResult, type GraphQLSchema, parse } from 'graphql'
import { LRUCache } from 'lru-cache'
import { composeSupergraph } from '../../../gateway/compose.ts'
import type { ExecutorName } from '../../../gateway/execution/executor.ts'
import { type Gateway, openGateway } from '../../../gateway/gateway.ts'
import { openMemoryBus } from '../../../infra/bus/memory.ts'
import type { Bus } from '../../../infra/bus/port.ts'
import { systemClock as clock } from '../../../infra/clock.ts'
import { silentLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import { eventSubject } from '../../../schema/events.ts'

const FEDERATION = 'url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@composeDirective"]'
const EVENTS = 'url: "https://specs.quesnay.dev/events/v1.1", import: ["@eventSource"]'

const SUBGRAPHS = {
  orders: {
    sdl: `extend schema @link(${FEDERATION}) @link(${EVENTS}) @composeDirective(name: "@eventSource")
      directive @eventSource(subject: String!, snapshot: String, policy: String, payload: String) on FIELD_DEFINITION
      type Query { order(id: ID!): Order }
      type Subscription {
        orderMoved(id: ID!): Order @eventSource(subject: "order.{args.id}", snapshot: "order", policy: "BLOCK", payload: "order")
        orderState(id: ID!): Order @eventSource(subject: "order.{args.id}", snapshot: "order")
      }
      type Order @key(fields: "id") { id: ID! status: String! total: Float! lines: [Line!]! }
      type Line { sku: String! count: Int! price: Float! }`,
    resolvers: { Query: { order: (_: unknown, { id }: { id: string }) => orderOf(id, 0) } },
  },
  shipping: {
    sdl: `extend schema @link(${FEDERATION})
      type Query { carriers: Int }
      type Order @key(fields: "id") { id: ID! arrival: String! }`,
    resolvers: { Order: { __resolveReference: (order: { id: string }) => order, arrival: () => '2026-12-01' } },
  },
} as const

export const SELECTION = '{ id status total lines { sku count price } }'
export const JOINED = '{ id status total lines { sku count price } arrival }'

export function orderOf(id: string, step: number) {
  const lines = Array.from({ length: 5 }, (_, i) => ({ sku: `sku-${i}`, count: i + 1, price: 9.5 * i }))
  return { id, status: `step ${step}`, total: step * 1.5, lines }
}

export interface BenchGateway {
  readonly gateway: Gateway
  readonly bus: Bus
  emit(id: string, step: number): Promise<number>
  close(): Promise<void>
}

/** Subgraphs in the same process: their work is within what is measured. */
export async function openBenchGateway(executor: ExecutorName): Promise<BenchGateway> {
  const bus = openMemoryBus(clock)
  const parsed = new LRUCache<string, ReturnType<typeof parse>>({ max: 100 })
  const schemas = new Map<string, GraphQLSchema>()
  for (const [name, { sdl, resolvers }] of Object.entries(SUBGRAPHS))
    schemas.set(name, buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }))
  const gateway = await openGateway({
    supergraph: {
      sdl: composeSupergraph(
        Object.entries(SUBGRAPHS).map(([name, { sdl }]) => ({ name, url: `http://127.0.0.1:1/${name}`, sdl })),
      ),
    },
    services: (name) => ({
      async request({ query, variables }) {
        const document = parsed.get(query) ?? parse(query)
        parsed.set(query, document)
        const answer = await execute({ schema: schemas.get(name)!, document, variableValues: variables })
        return JSON.parse(JSON.stringify(answer)) as FormattedExecutionResult
      },
      ready: async () => true,
      close: async () => {},
    }),
    bus,
    clock,
    log: silentLog,
    metrics: createMetrics('bench'),
    executor,
  })
  return {
    gateway,
    bus,
    emit: (id, step) =>
      bus.emit(
        eventSubject('local', 'order', id),
        new TextEncoder().encode(JSON.stringify({ order: orderOf(id, step) })),
      ),
    async close() {
      await gateway.close()
      await bus.close()
    },
  }
}
