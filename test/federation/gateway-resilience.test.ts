// The whole gateway over subgraphs that fail, all of it over HTTP: partial answers, readiness, and clients that go away.

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { type Gateway, openGateway } from '../../gateway/gateway.ts'
import { type GatewayServer, serveGateway } from '../../gateway/http/serve.ts'
import { httpRequesters } from '../../gateway/requesters/http-requesters.ts'
import { RESILIENCE } from '../../gateway/resilience/resilience-config.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, metricsPage } from '../../infra/metrics.ts'
import { everybody } from '../support/everybody.ts'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'
const SDL = {
  books: `${LINK} type Query { book: Book slow: Int } type Mutation { slowly: Int } type Book @key(fields: "id") { id: ID! title: String }`,
  prices: `${LINK} type Query { priced: Int } type Book @key(fields: "id") { id: ID! price: Int }`,
}
const RESOLVERS = {
  books: { Query: { book: () => ({ id: '1', title: 'One' }) } },
  prices: { Book: { __resolveReference: ({ id }: { id: string }) => ({ id, price: 5 }) } },
}

let servers: Server[] = []
let open: { readonly gateway: Gateway; readonly server: GatewayServer; readonly bus: Bus } | undefined
afterEach(async () => {
  await open?.server.close()
  await open?.gateway.close()
  await open?.bus.close()
  for (const server of servers) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  servers = []
})

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

/** @param prices answers in place of that subgraph, where it is to fail; `hold` is called with each request for a slow field */
async function opened(prices?: RequestListener, hold: RequestListener = () => {}) {
  const real = (name: keyof typeof SDL): RequestListener => {
    const schema = buildSubgraphSchema({ typeDefs: parse(SDL[name]), resolvers: RESOLVERS[name] as never })
    return async (request, response) => {
      if (request.method === 'GET') return void response.end('{}')
      const { query, variables } = JSON.parse(await text(request)) as { query: string; variables?: object }
      if (query.includes('slow')) return hold(request, response)
      const answer = await execute({ schema, document: parse(query), variableValues: { ...variables } })
      response.end(JSON.stringify(answer))
    }
  }
  const urls = { books: await listen(real('books')), prices: await listen(prices ?? real('prices')) }
  const bus = openMemoryBus(clock)
  const metrics = createMetrics('test')
  const resilience = RESILIENCE.parse({ retries: 0, breaker: { minimumRequests: 2, openMs: 60_000 } })
  const parts = (['books', 'prices'] as const).map((name) => ({ name, url: urls[name], sdl: SDL[name] }))
  const common = { clock, log: silentLog }
  const gateway = await openGateway({
    supergraph: { sdl: composeSupergraph(parts) },
    services: httpRequesters({ resilience, metrics, ...common }),
    ...{ bus, metrics, ...common },
  })
  const server = await serveGateway(gateway, {
    ...{ host: '127.0.0.1', port: 0, authenticator: everybody, ...common },
    metrics: () => metricsPage(metrics),
  })
  open = { gateway, server, bus }
  const ask = async (query: string, signal?: AbortSignal) => {
    const answer = await fetch(`${server.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      ...(signal ? { signal } : {}),
    })
    return (await answer.json()) as { data: unknown; errors?: { extensions: unknown; path: unknown }[] }
  }
  const ready = async () => {
    const answer = await fetch(`${server.url}ready`)
    return { status: answer.status, ...((await answer.json()) as object) }
  }
  return { ask, ready }
}

describe('a subgraph that is down', () => {
  it('leaves its fields null, each with an error that says why, and is asked no more after a while', async () => {
    const { ask, ready } = await opened((_, response) => response.writeHead(503).end())
    const query = '{ book { title price } }'
    const unavailable = (reason: string) => ({
      data: { book: { title: 'One', price: null } },
      errors: [
        { path: ['book'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'prices', reason } } },
      ],
    })
    expect(await ask(query)).toMatchObject(unavailable('busy'))
    expect(await ask(query)).toMatchObject(unavailable('busy'))
    expect(await ask(query)).toMatchObject(unavailable('breaker'))
    expect(await ready()).toEqual({
      status: 503,
      ready: false,
      waitingFor: ['subgraph prices'],
      breakers: [{ subgraph: 'prices', state: 'open', reason: 'busy', retryAfterMs: expect.any(Number) }],
    })
  })

  it('says nothing of breakers that are closed', async () => {
    const { ask, ready } = await opened()
    expect(await ask('{ book { title price } }')).toEqual({ data: { book: { title: 'One', price: 5 } } })
    expect(await ready()).toEqual({ status: 200, ready: true, waitingFor: [] })
  })
})

describe('a client that goes away', () => {
  /** The request for a slow field, when it has come, and whether its connection ends. */
  function held() {
    let come: (closed: Promise<unknown>) => void
    const came = new Promise<{ readonly closed: Promise<unknown> }>((resolve) => {
      come = (closed) => resolve({ closed })
    })
    let answer = () => {}
    const hold: RequestListener = (request, response) => {
      answer = () => void response.end('{"data":{"slow":1,"slowly":1}}')
      come(new Promise((resolve) => request.socket.once('close', resolve)))
    }
    return { came, hold, answer: () => answer() }
  }

  it('takes the requests for its query along', async () => {
    const { came, hold } = held()
    const { ask } = await opened(undefined, hold)
    const life = new AbortController()
    const answer = ask('{ slow }', life.signal)
    const { closed } = await came
    life.abort()
    await expect(answer).rejects.toThrow()
    await closed
  })

  it('leaves those for its mutation to end', async () => {
    const { came, hold, answer } = held()
    const { ask } = await opened(undefined, hold)
    const life = new AbortController()
    const gone = ask('mutation { slowly }', life.signal)
    const { closed } = await came
    life.abort()
    await expect(gone).rejects.toThrow()
    let isClosed = false
    void closed.then(() => {
      isClosed = true
    })
    expect(await ask('{ book { title } }')).toEqual({ data: { book: { title: 'One' } } })
    expect(isClosed).toBe(false)
    answer()
  })
})
