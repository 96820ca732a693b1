// The gateway's HTTP front: /graphql by HTTP, WebSocket and server-sent events, GraphiQL at /, and what operators ask.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from 'pino'
import type { Clock } from '../infra/clock.ts'
import { builtFile } from '../infra/paths.ts'
import { type Caller, CALLER_HEADERS, DEFAULT_TENANT } from '../schema/caller.ts'
import { isQuesnayError, toWireError } from '../schema/errors.ts'
import type { Gateway } from './gateway.ts'
import { corsPolicy } from './http/cors.ts'
import { graphqlOverHttp } from './http/graphql-over-http.ts'
import { pageFiles } from './http/page-files.ts'
import { graphqlOverSse } from './http/sse.ts'
import { graphqlOverWebSocket } from './http/websocket.ts'

/** What GraphiQL shows when it is opened for the first time. */
export interface PageConfig {
  readonly query?: string
  /** JSON text. */
  readonly variables?: string
}

export interface ServerOptions {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly clock: Clock
  readonly log: Logger
  /** The answer to GET /metrics. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
  /** Whose request it is; default: everyone is the one tenant `local`. A client's own word for it never counts. */
  tenantOf?(headers: IncomingHttpHeaders): string
  readonly page?: PageConfig
  /** Origins beside this machine and Apollo Studio whose pages may ask, such as https://app.example.org. */
  readonly origins?: readonly string[]
  /** Longest request; default 16 MiB, for imports. */
  readonly maxBodyBytes?: number
  /** How long closing waits for requests under way; default 10 s. */
  readonly drainMs?: number
}

export interface GatewayServer {
  /** Such as http://127.0.0.1:4000, without a path. */
  readonly url: string
  /** Takes no more requests, closes WebSockets with 1001, ends event streams, waits for answers under way, then cuts. */
  close(): Promise<void>
}

const GRAPHQL = '/graphql'
const STREAM = '/graphql/stream'
const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Serves the gateway; rejects where the port is taken. Closing leaves the gateway itself open. */
export async function serveGateway(gateway: Gateway, options: ServerOptions): Promise<GatewayServer> {
  const { clock, log, maxBodyBytes = 16 * 2 ** 20, drainMs = 10_000, tenantOf = () => DEFAULT_TENANT } = options
  const cors = corsPolicy(options.origins ?? [])
  const page = pageFiles(builtFile('gateway', 'page'))
  const overHttp = graphqlOverHttp(gateway, maxBodyBytes)
  const overSse = graphqlOverSse(gateway, maxBodyBytes)
  const overWebSocket = graphqlOverWebSocket(gateway, callerOf, maxBodyBytes)
  let closing = false

  function callerOf({ headers }: IncomingMessage): Caller {
    const given = headers[CALLER_HEADERS.requestId]
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : clock.id()
    return { tenant: tenantOf(headers), requestId }
  }

  const server = createServer((request, response) => {
    const caller = callerOf(request)
    response.setHeader(CALLER_HEADERS.requestId, caller.requestId)
    for (const [name, value] of Object.entries(cors.headers(request))) response.setHeader(name, value)
    if (closing) response.setHeader('connection', 'close')
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
    if (path === '/page-config.json') return sendJson(response, 200, options.page ?? {})
    if (!page.send(path, response)) sendJson(response, 404, { error: 'not found' })
  }

  async function sendReadiness(response: ServerResponse): Promise<void> {
    const { ready, subgraphs, bus } = await gateway.ready()
    const silent = Object.keys(subgraphs).filter((name) => !subgraphs[name])
    const waitingFor = [...silent.map((name) => `subgraph ${name}`), ...(bus ? [] : ['bus']), ...(closing ? ['shutdown'] : [])]
    sendJson(response, ready && !closing ? 200 : 503, { ready: ready && !closing, waitingFor })
  }

  function fail(error: unknown, response: ServerResponse, caller: Caller): void {
    if (!isQuesnayError(error)) log.error({ err: error, requestId: caller.requestId }, 'a request failed')
    if (response.headersSent) return void response.destroy()
    const { code, message, detail } = toWireError(error)
    // What is left of a body that is too long is not read: the connection cannot be used again.
    response.setHeader('connection', 'close')
    const extensions = { code, detail: code === 'INTERNAL' ? { requestId: caller.requestId } : detail }
    sendJson(response, code === 'LIMIT_EXCEEDED' ? 413 : 500, { errors: [{ message, extensions }] })
  }

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const known = [GRAPHQL, STREAM].includes((request.url ?? '').split('?')[0]!)
    // A browser sends cookies and opens WebSockets for any page: only those may that may ask over HTTP too.
    const status = closing ? '503 Service Unavailable' : !known ? '404 Not Found' : cors.allows(request) ? '' : '403 Forbidden'
    if (status) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
    else overWebSocket.upgrade(request, socket, head)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host

  return {
    url: `http://${host}:${port}`,
    async close() {
      if (closing) return
      closing = true
      const answered = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const drained = Promise.all([answered, overWebSocket.close(), overSse.close()])
      const inTime = new AbortController()
      await Promise.race([drained, clock.sleep(drainMs, inTime.signal).catch(() => undefined)])
      inTime.abort()
      overWebSocket.terminate()
      server.closeAllConnections()
      await drained
    },
  }
}

/** A browser that was pointed at the endpoint itself. */
function isVisit({ method, url = '' }: IncomingMessage, accept: string): boolean {
  return method === 'GET' && accept.includes('text/html') && !url.includes('query=')
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
