// Asking a subgraph over HTTP: kept connections, who asks, and what counts as no answer.

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { type HttpRequesterOptions, httpRequester } from './http-requester.ts'
import type { SubgraphRequester } from './requester.ts'

const caller = { tenant: 'acme', requestId: 'r-1', principal: PROCESS }
const query = '{ a }'

let server: Server | undefined
let requester: SubgraphRequester | undefined
let connections = 0

type Limits = Pick<HttpRequesterOptions, 'timeoutMs' | 'maxConnections'>

async function against(answer: RequestListener, limits: Limits = {}): Promise<SubgraphRequester> {
  connections = 0
  server = createServer(answer).on('connection', () => connections++)
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  requester = httpRequester({ name: 'economies', url, ...limits })
  return requester
}

afterEach(async () => {
  await requester?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

const reply = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const unavailable = { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'economies' } }

describe('httpRequester', () => {
  it('posts the operation and says who asks', async () => {
    let seen: { headers: IncomingMessage['headers']; body: unknown } | undefined
    const { request } = await against(async (incoming, response) => {
      seen = { headers: incoming.headers, body: JSON.parse(await text(incoming)) }
      reply(response, { data: { a: 1 } })
    })
    const answer = await request({ query, variables: { id: 'é' }, operationName: 'Q', caller })
    expect(answer).toEqual({ data: { a: 1 } })
    expect(seen?.body).toEqual({ query, variables: { id: 'é' }, operationName: 'Q' })
    expect(seen?.headers).toMatchObject({ 'x-quesnay-tenant': 'acme', 'x-request-id': 'r-1' })
  })

  it('hands on the trace that it is asked in, and none where there is none', async () => {
    const seen: unknown[] = []
    const { request } = await against((incoming, response) => {
      seen.push(incoming.headers['traceparent'])
      reply(response, { data: { a: 1 } })
    })
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await request({ query, caller: { ...caller, traceparent } })
    await request({ query, caller })
    expect(seen).toEqual([traceparent, undefined])
  })

  it('keeps its connection', async () => {
    const one = { maxConnections: 1 }
    const { request } = await against((_, response) => reply(response, { data: { a: 1 } }), one)
    for (let i = 0; i < 5; i++) await request({ query, caller })
    expect(connections).toBe(1)
  })

  it('passes on the errors of the subgraph, whatever the status', async () => {
    const errors = [{ message: 'no', extensions: { code: 'NOT_FOUND' } }]
    const { request } = await against((_, response) => reply(response, { errors }, 400))
    expect(await request({ query, caller })).toEqual({ errors })
  })

  it.each([
    ['another format', (response: ServerResponse) => response.writeHead(502).end('<h1>Bad Gateway</h1>')],
    ['JSON that is no GraphQL result', (response: ServerResponse) => reply(response, ['x'])],
    ['nothing but the end of the connection', (response: ServerResponse) => response.destroy()],
    [
      'half an answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"data":')
        response.destroy()
      },
    ],
  ])('takes %s for silence', async (_, answer) => {
    const { request } = await against((_incoming, response) => void answer(response))
    await expect(request({ query, caller })).rejects.toMatchObject(unavailable)
  })

  it('takes the status 503 for silence, whatever stands below it', async () => {
    const { request } = await against((_, response) => reply(response, { data: null }, 503))
    const busy = { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'economies', reason: 'busy' } }
    await expect(request({ query, caller })).rejects.toMatchObject(busy)
  })

  it('sends variables that are JSON already as they are', async () => {
    let body: unknown
    const { request } = await against(async (incoming, response) => {
      body = JSON.parse(await text(incoming))
      reply(response, { data: { a: 1 } })
    })
    await request({ query, variablesText: '{"representations":[{"id":1}]}', caller })
    expect(body).toEqual({ query, variables: { representations: [{ id: 1 }] } })
  })

  it('gives up, and closes the connection, when nobody waits any more', async () => {
    let arrive: (incoming: IncomingMessage) => void
    const arrived = new Promise<IncomingMessage>((resolve) => {
      arrive = resolve
    })
    const { request } = await against((incoming) => arrive(incoming))
    const life = new AbortController()
    const answer = request({ query, caller: { ...caller, signal: life.signal } })
    const { socket } = await arrived
    const closed = new Promise((resolve) => socket.once('close', resolve))
    life.abort()
    const aborted = { code: 'SUBGRAPH_UNAVAILABLE', detail: { reason: 'aborted' } }
    await expect(answer).rejects.toMatchObject(aborted)
    await closed
    await expect(request({ query, caller: { ...caller, signal: life.signal } })).rejects.toMatchObject(aborted)
  })

  it('takes a refused connection for silence', async () => {
    const { request } = await against(() => {})
    await new Promise((resolve) => server!.close(resolve))
    await expect(request({ query, caller })).rejects.toMatchObject(unavailable)
  })

  it('waits no longer than it is told to', async () => {
    const { request } = await against(() => {}, { timeoutMs: 50 })
    await expect(request({ query, caller })).rejects.toMatchObject(unavailable)
  })

  it('waits no longer than it is told to for the rest of an answer', async () => {
    const { request } = await against((_, response) => void response.writeHead(200).write('{"data":'), {
      timeoutMs: 50,
    })
    await expect(request({ query, caller })).rejects.toMatchObject(unavailable)
  })

  describe('on a kept connection that the other side closes just then', () => {
    /** Answers the first request of each connection and resets it at the second. */
    const closing = () => {
      const used = new WeakSet<object>()
      let asked = 0
      const listener: RequestListener = (incoming, response) => {
        asked++
        if (used.has(incoming.socket)) return void incoming.socket.resetAndDestroy()
        used.add(incoming.socket)
        reply(response, { data: { a: asked } })
      }
      return listener
    }

    it('asks a query once more', async () => {
      const { request } = await against(closing(), { maxConnections: 1 })
      await request({ query, caller })
      expect(await request({ query, caller })).toEqual({ data: { a: 3 } })
    })

    it('does not ask a mutation again, which may have been done', async () => {
      const { request } = await against(closing(), { maxConnections: 1 })
      await request({ query, caller })
      await expect(request({ query: 'mutation { b }', caller })).rejects.toMatchObject(unavailable)
    })
  })

  it('is ready where /ready beside the endpoint says 200', async () => {
    let status = 200
    const { ready } = await against((incoming, response) =>
      reply(response, {}, incoming.url === '/ready' ? status : 500),
    )
    expect(await ready()).toBe(true)
    status = 503
    expect(await ready()).toBe(false)
    await new Promise((resolve) => {
      server!.close(resolve)
      server!.closeAllConnections()
    })
    expect(await ready()).toBe(false)
  })

  it.each(['', 'economies:4001', 'ftp://x/'])('refuses the URL %j and names the variable to set', (url) => {
    expect(() => httpRequester({ name: 'economies', url })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        detail: expect.objectContaining({ path: 'QUESNAY_SUBGRAPH_ECONOMIES_URL' }),
      }),
    )
  })
})
