// The gateway's HTTP front: /graphql by HTTP, WebSocket and server-sent events, GraphiQL at /, and what operators ask.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from 'pino'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { builtFile } from '../../infra/paths.ts'
import { CALLER_HEADERS, type Caller, DEFAULT_TENANT } from '../../schema/caller.ts'
import { isQuesnayError, QuesnayError, toWireError } from '../../schema/errors.ts'
import type { Gateway } from '../gateway.ts'
import { waitAtMost } from '../wait-at-most.ts'
import { corsPolicy } from './cors.ts'
import { graphqlOverHttp } from './graphql-over-http.ts'
import { pageFiles } from './page-files.ts'
import { graphqlOverSse } from './sse.ts'
import { graphqlOverWebSocket } from './websocket.ts'

/** GraphiQL, and what it shows when it is opened for the first time. */
interface PageOptions {
  /** Where `npm run build:page` has put it; default dist/gateway/page. */
  readonly directory?: string
  /** Operations to begin with, as text. */
  readonly example?: string
  /** Their variables, as JSON text. */
  readonly variables?: string
}

export interface ServerOptions {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly log: Logger
  readonly clock?: Clock
  /** The answer to GET /metrics. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
  /** Whose requests they are: one tenant for all (default `local`), or by who asks. A client's own word never counts. */
  readonly tenant?: string | ((headers: IncomingHttpHeaders) => string)
  readonly page?: PageOptions
  /** Origins beside this machine and Apollo Studio whose pages may ask, such as https://app.example.org. */
  readonly origins?: readonly string[]
  /** Longest request; default 16 MiB, for imports. */
  readonly maxBodyBytes?: number
  /** How long closing waits for requests under way; default 10 s. */
  readonly drainMs?: number
}

export interface GatewayServer {
  /** Of the page, such as http://127.0.0.1:4000/; the graph answers at graphql below it. */
  readonly url: string
  /** Takes no more requests, closes WebSockets with 1001, ends event streams, waits for answers under way, then cuts. */
  close(): Promise<void>
}

const GRAPHQL = '/graphql'
const STREAM = '/graphql/stream'
const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Serves the gateway. Closing leaves the gateway itself open. Errors: CONFIG_INVALID where the port cannot be had. */
export async function serveGateway(gateway: Gateway, options: ServerOptions): Promise<GatewayServer> {
  const { log, clock = systemClock, tenant = DEFAULT_TENANT, maxBodyBytes = 16 * 2 ** 20, drainMs = 10_000 } = options
  const cors = corsPolicy(options.origins ?? [])
  const { directory = builtFile('gateway', 'page'), example, variables } = options.page ?? {}
  const page = pageFiles(directory)
  const overHttp = graphqlOverHttp(gateway, maxBodyBytes)
  const overSse = graphqlOverSse(gateway, maxBodyBytes)
  const overWebSocket = graphqlOverWebSocket(gateway, callerOf, maxBodyBytes)
  let closing = false
  let underWay = 0
  let answered: (() => void) | undefined

  function callerOf({ headers }: IncomingMessage): Caller {
    const given = headers[CALLER_HEADERS.requestId]
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : clock.id()
    return { tenant: typeof tenant === 'string' ? tenant : tenant(headers), requestId }
  }

  const server = createServer((request, response) => {
    const caller = callerOf(request)
    response.setHeader(CALLER_HEADERS.requestId, caller.requestId)
    for (const [name, value] of Object.entries(cors.headers(request))) response.setHeader(name, value)
    underWay++
    response.once('close', () => {
      if (--underWay === 0) answered?.()
    })
    route(request, response, caller).catch((error) => fail(error, response, caller))
  })

  async function route(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (path === STREAM) return overSse.handle(request, response, caller)
    if (path === GRAPHQL) {
      const accept = request.headers.accept ?? ''
      if (accept.startsWith('text/event-stream')) return overSse.handle(request, response, caller)
      if (isVisit(request, accept)) return void response.writeHead(303, { location: '/' }).end()
      return overHttp(request, response, caller)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(response, 404, { error: 'not found' })
    if (path === '/health') return sendJson(response, 200, { status: 'ok' })
    if (path === '/ready') return sendReadiness(response)
    if (path === '/metrics') {
      const { contentType, body } = await options.metrics()
      return void response.writeHead(200, { 'content-type': contentType }).end(body)
    }
    if (path === '/page-config.json') return sendJson(response, 200, { query: example, variables })
    if (!page.send(path, response)) sendJson(response, 404, { error: 'not found' })
  }

  async function sendReadiness(response: ServerResponse): Promise<void> {
    const { ready, subgraphs, bus } = await gateway.ready()
    const silent = Object.keys(subgraphs).filter((name) => !subgraphs[name])
    const waitingFor = [
      ...silent.map((name) => `subgraph ${name}`),
      ...(bus ? [] : ['bus']),
      ...(closing ? ['shutdown'] : []),
    ]
    sendJson(response, ready && !closing ? 200 : 503, { ready: ready && !closing, waitingFor })
  }

  function fail(error: unknown, response: ServerResponse, caller: Caller): void {
    if (response.destroyed) return
    if (!isQuesnayError(error)) log.error({ err: error, requestId: caller.requestId }, 'a request failed')
    if (response.headersSent) return void response.destroy()
    const { code, message, detail } = toWireError(error)
    const extensions = { code, detail: code === 'INTERNAL' ? { requestId: caller.requestId } : detail }
    sendJson(response, code === 'LIMIT_EXCEEDED' ? 413 : 500, { errors: [{ message, extensions }] })
  }

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const known = [GRAPHQL, STREAM].includes((request.url ?? '').split('?')[0]!)
    // A browser sends cookies and opens WebSockets for any page: only those may that may ask over HTTP too.
    const status = closing
      ? '503 Service Unavailable'
      : !known
        ? '404 Not Found'
        : cors.allows(request)
          ? ''
          : '403 Forbidden'
    if (status) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
    else overWebSocket.upgrade(request, socket, head)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portRefused(cause, options)))
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host

  return {
    url: `http://${host}:${port}/`,
    async close() {
      if (closing) return
      closing = true
      const closed = new Promise((resolve) => server.close(resolve))
      const last = new Promise<void>((resolve) => {
        answered = resolve
        if (underWay === 0) resolve()
      })
      const socketsClosed = overWebSocket.close()
      await waitAtMost(clock, drainMs, Promise.all([last, socketsClosed, overSse.close()]))
      // Also the connections that browsers hold open without asking anything: the server would wait for those.
      server.closeAllConnections()
      overWebSocket.terminate()
      await Promise.all([closed, socketsClosed])
    },
  }
}

/** The system's words for why: the port is taken, below 1024, or the address is not of this machine. */
function portRefused(cause: Error, { host, port }: ServerOptions): QuesnayError {
  const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const fix = taken
    ? 'stop what listens there, or set QUESNAY_PORT to another port, or to 0 for any free one'
    : 'set QUESNAY_HOST to an address of this machine and QUESNAY_PORT to a port from 1024'
  const problem = taken ? 'is taken' : `cannot be listened on: ${cause.message}`
  return new QuesnayError(
    'CONFIG_INVALID',
    `${host}:${port} ${problem}`,
    { problems: [{ variable: taken ? 'QUESNAY_PORT' : 'QUESNAY_HOST', problem, fix }], suggestion: fix },
    { cause },
  )
}

/** A browser that was pointed at the endpoint itself. */
function isVisit({ method, url = '' }: IncomingMessage, accept: string): boolean {
  return method === 'GET' && accept.includes('text/html') && !url.includes('query=')
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
