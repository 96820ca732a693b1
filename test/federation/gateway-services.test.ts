// The gateway as in services mode: subgraphs over HTTP, events over NATS, also when the broker falls.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { contextHeaders } from '../../gateway/auth/context-headers.ts'
import { type Gateway, openGateway, type Results } from '../../gateway/gateway.ts'
import { httpRequester } from '../../gateway/requesters/http-requester.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { subjects } from '../../schema/jobs.ts'
import { type Service, serveSubgraph } from '../../subgraphs/shared/service.ts'
import type { Subgraph } from '../../subgraphs/shared/subgraph.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { EXAMPLE_NAMES, exampleSubgraphs, exampleSupergraph, newWorld, type World } from './example-graph.ts'

const secret = 'a secret of this test, long enough'
const callerHeaders = contextHeaders({ secret, partners: {}, clock })
const caller = { tenant: 'acme', requestId: 'req-9', principal: PROCESS }

describe.skipIf(lacksNatsServer())('the gateway over services', () => {
  let nats: TestNatsServer
  let bus: Bus
  let world: World
  let gateway: Gateway
  const services: Service[] = []

  beforeAll(async () => {
    nats = await startTestNatsServer()
    bus = await openNatsBus({ url: nats.url, clock, log: silentLog })
    world = newWorld()
    const subgraphs = exampleSubgraphs(world)
    const urls = new Map<string, string>()
    for (const name of EXAMPLE_NAMES) {
      const service = await serveSubgraph(subgraphs[name] as Subgraph, {
        host: '127.0.0.1',
        port: 0,
        contextSecret: secret,
        ready: async () => true,
        metrics: async () => ({ contentType: 'text/plain', body: '' }),
      })
      services.push(service)
      urls.set(name, service.url)
    }
    gateway = await openGateway({
      supergraph: { sdl: exampleSupergraph() },
      services: (name) => httpRequester({ name, url: urls.get(name)!, callerHeaders: callerHeaders(name) }),
      bus,
      clock,
      log: silentLog,
      metrics: createMetrics('test'),
      spacingMs: 0,
      idleMs: 500,
    })
  })
  afterAll(async () => {
    await gateway?.close()
    await Promise.all(services.map((service) => service.close()))
    await bus?.close()
    await nats?.stop()
  })
  beforeEach(() => {
    world.runs['acme'] = {}
  })

  async function move(status: string, shardsDone: number): Promise<void> {
    world.runs['acme'] = { r1: { id: 'r1', status, shardsDone } }
    const event = { runId: 'r1', status, shardsDone, shardsTotal: 16 }
    await bus.emit(subjects.event('acme', 'r1', 'progress'), new TextEncoder().encode(JSON.stringify(event)))
  }
  async function watch(): Promise<Results> {
    const query = 'subscription { runUpdated(id: "r1") { status shardsDone risk } }'
    return (await gateway.subscribe({ query, caller })) as Results
  }
  const next = async (results: Results) => JSON.parse(JSON.stringify((await results.next()).value ?? null))

  it('joins the subgraphs, and a required field has the form it has in one process', async () => {
    const result = await gateway.execute({
      query: '{ scenario(id: "c") { opened economy { name } } tenant requestId }',
      caller,
    })
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      data: {
        scenario: { opened: 'string 2024-07-01T00:00:00.000Z', economy: { name: 'aus' } },
        tenant: 'acme',
        requestId: 'req-9',
      },
    })
    expect((await gateway.ready()).ready).toBe(true)
  })

  it('gives the state, then news as it comes, then ends', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    expect(await next(results)).toMatchObject({ data: { runUpdated: { status: 'RUNNING', shardsDone: 1, risk: 0.2 } } })
    await move('RUNNING', 5)
    expect(await next(results)).toMatchObject({ data: { runUpdated: { shardsDone: 5 } } })
    await move('SUCCEEDED', 16)
    expect(await next(results)).toMatchObject({ data: { runUpdated: { status: 'SUCCEEDED' } } })
    expect(await next(results)).toBeNull()
  })

  it.each([
    ['keeps what it stored', false],
    ['loses everything', true],
  ])('goes on when the broker is killed and comes back (it %s)', async (_, emptied) => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    await nats.kill9()
    // The event of this state is never sent.
    world.runs['acme'] = { r1: { id: 'r1', status: 'RUNNING', shardsDone: 7 } }
    expect(await next(results)).toMatchObject({ data: { runUpdated: { shardsDone: 7 } } })
    await nats.restart({ emptied })
    await vi.waitFor(() => move('SUCCEEDED', 16), { timeout: 20_000, interval: 100 })
    expect(await next(results)).toMatchObject({ data: { runUpdated: { status: 'SUCCEEDED' } } })
    expect(await next(results)).toBeNull()
  })
})
