// The example graph behind a gateway whose subscriptions a test takes apart: what it writes, emits, is given, and how often that was read.
import type { ExecutionResult } from 'graphql'
import { type Gateway, type GatewayOptions, openGateway, type Results } from '../../gateway/gateway.ts'
import type { Resume } from '../../gateway/live/live.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import { PROCESS, type Principal } from '../../schema/caller.ts'
import { eventSubject } from '../../schema/events.ts'
import {
  type ExampleName,
  exampleSubgraphs,
  exampleSupergraph,
  newWorld,
  type SwitchedRequester,
  switched,
  type World,
} from '../federation/example-graph.ts'

export interface Asking {
  readonly variables?: Record<string, unknown>
  readonly tenant?: string
  readonly principal?: Partial<Principal>
  readonly resume?: Resume
}

export interface LiveGateway {
  readonly world: World
  readonly bus: Bus
  readonly metrics: Metrics
  readonly gateway: Gateway
  readonly requesters: Record<string, SwitchedRequester>
  /** What each subgraph was asked so far, as `subgraph: first word of the fields`. */
  readonly asked: string[]
  subscribe(query: string, asking?: Asking): Promise<Results>
  /** The errors of a subscription that is refused. */
  refused(query: string, asking?: Asking): Promise<ExecutionResult>
  /** The run as it is from now on, and an event that carries it. */
  move(shardsDone: number, more?: MoveOptions): Promise<number>
  close(): Promise<void>
}

export interface MoveOptions {
  readonly id?: string
  readonly tenant?: string
  readonly status?: string
  /** Fields that the event lacks. */
  readonly without?: readonly string[]
}

const supergraph = exampleSupergraph()

export async function openLiveGateway(
  options: Partial<GatewayOptions> = {},
  clock: Clock = systemClock,
  bus: Bus = openMemoryBus(clock),
): Promise<LiveGateway> {
  const world = newWorld()
  const metrics = createMetrics('test')
  const requesters: Record<string, SwitchedRequester> = {}
  const subgraphs = exampleSubgraphs(world)
  const asked: string[] = []
  const gateway = await openGateway({
    supergraph: { sdl: supergraph },
    services: (name) => {
      const requester = switched(name, subgraphs[name as ExampleName])
      const request = requester.request
      requester.request = (one) => {
        asked.push(`${name}: ${/[{]\s*(?:\w+\s*:\s*)?(\w+)/.exec(one.query.replace(/^[^{]*/, ''))?.[1]}`)
        return request(one)
      }
      requesters[name] = requester
      return requester
    },
    bus,
    clock,
    log: silentLog,
    metrics,
    spacingMs: 0,
    ...options,
  })
  const ask = ({ variables = { id: 'r1' }, tenant = 'local', principal = {}, resume }: Asking, query: string) =>
    gateway.subscribe({
      query,
      variables,
      resume,
      caller: { tenant, requestId: 'req-1', principal: { ...PROCESS, ...principal } },
    })
  return {
    world,
    bus,
    metrics,
    gateway,
    requesters,
    asked,
    async subscribe(query, asking = {}) {
      const results = await ask(asking, query)
      if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results))
      return results
    },
    async refused(query, asking = {}) {
      const results = await ask(asking, query)
      if (Symbol.asyncIterator in results) throw new Error('the subscription was not refused')
      return results
    },
    async move(shardsDone, { id = 'r1', tenant = 'local', status = 'RUNNING', without = [] } = {}) {
      const run = { id, status, shardsDone, note: `after ${shardsDone}` }
      world.runs[tenant] = { ...world.runs[tenant], [id]: run }
      const carried = Object.fromEntries(Object.entries(run).filter(([name]) => !without.includes(name)))
      const body = JSON.stringify({ run: carried, status })
      return bus.emit(eventSubject(tenant, 'run', id, 'state'), new TextEncoder().encode(body))
    },
    async close() {
      await gateway.close()
      await bus.close()
    },
  }
}

/** The next result; undefined at the end. */
export async function nextOf(results: Results): Promise<ExecutionResult | undefined> {
  const { value, done } = await results.next()
  return done ? undefined : (JSON.parse(JSON.stringify(value)) as ExecutionResult)
}

/** The object of the one root field. */
export const objectOf = (result: ExecutionResult | undefined): Record<string, unknown> =>
  Object.values(result?.data ?? {})[0] as Record<string, unknown>

export const cursorOf = (result: ExecutionResult | undefined): string => String(result?.extensions?.['cursor'])
