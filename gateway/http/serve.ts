// The gateway's HTTP front: /graphql by HTTP, WebSocket and server-sent events, /api/v1, GraphiQL at /, and what operators ask.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from 'pino'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { OBJECTS_PATH } from '../../infra/links.ts'
import { builtFile } from '../../infra/paths.ts'
import { CALLER_HEADERS, type Caller } from '../../schema/caller.ts'
import { ERRORS, isQuesnayError, QuesnayError, toWireError } from '../../schema/errors.ts'
import { knownTraceparent, TRACEPARENT_HEADER } from '../../schema/trace-context.ts'
import type { Authenticator } from '../edge/authenticator.ts'
import { propagated } from '../edge/passing.ts'
import { invalidRequest } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { DEFAULT_LIMITS } from '../limits/limits-config.ts'
import { REST_PREFIX } from '../rest/openapi.ts'
import { restApi } from '../rest/rest-api.ts'
import { waitAtMost } from '../wait-at-most.ts'
import { clientAddressBy } from './client-address.ts'
import { compressAnswer } from './compress.ts'
import { corsPolicy } from './cors.ts'
import { forgeryIn } from './forgery.ts'
import { graphqlOverHttp } from './graphql-over-http.ts'
import { type Intake, NOTHING_PERSISTED } from './intake.ts'
import { graphqlOverMultipart, wantsMultipart } from './multipart.ts'
import { serveObject } from './objects.ts'
import { pageFiles } from './page-files.ts'
import { refusalHeaders } from './refusal-headers.ts'
import { securityHeaders } from './security-headers.ts'
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
  /** Whose requests they are. A client's own word never counts. */
  readonly authenticator: Authenticator
  readonly page?: PageOptions
  /** Names of headers that subgraphs get as the client sent them; default none. */
  readonly propagate?: readonly string[]
  /** Origins beside this machine and Apollo Studio whose pages may ask, such as https://app.example.org. */
  readonly origins?: readonly string[]
  /** Longest request; default 16 MiB, for imports. */
  readonly maxBodyBytes?: number
  /** Most operations of one request; default 5. */
  readonly batch?: number
  /** Operations that are known by an id; default none. */
  readonly persisted?: Intake['persisted']
  /** Clients reach this server by https, also through a proxy; default false. */
  readonly tls?: boolean
  /** Proxies whose X-Forwarded-For says where a client is; default none. */
  readonly trustedProxies?: readonly string[]
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
/** Connections that may wait to be taken, where all clients come at once. Node's own is 511; the system may hold fewer. */
const BACKLOG = 4096
type Visit = Omit<Caller, 'tenant' | 'principal'>

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Serves the gateway. Closing leaves the gateway itself open. Errors: CONFIG_INVALID where the port cannot be had. */
export async function serveGateway(gateway: Gateway, options: ServerOptions): Promise<GatewayServer> {
  const { log, authenticator, clock = systemClock, drainMs = 10_000, tls = false } = options
  const { maxBodyBytes = DEFAULT_LIMITS.bodyBytes, batch = DEFAULT_LIMITS.batch } = options
  const intake: Intake = { maxBodyBytes, batch, persisted: options.persisted ?? NOTHING_PERSISTED }
  const always = Object.entries(securityHeaders({ tls }))
  const clientAddress = clientAddressBy(options.trustedProxies ?? [])
  const cors = corsPolicy(options.origins ?? [])
  // What an answer may depend on, for whoever keeps one on its way: the form asked for, the credentials, and what subgraphs see.
  const depends = ['accept', 'authorization', 'x-api-key', ...(options.propagate ?? [])]
  const { directory = builtFile('gateway', 'page'), example, variables } = options.page ?? {}
  const page = pageFiles(directory)
  const overHttp = graphqlOverHttp(gateway, intake)
  const overSse = graphqlOverSse({ gateway, clock, intake })
  const overMultipart = graphqlOverMultipart({ gateway, clock, intake })
  const overWebSocket = graphqlOverWebSocket({ gateway, clock, log, identify, visitOf, intake })
  const rest = restApi(gateway, { clock, log, maxBodyBytes })
  let closing = false
  let underWay = 0
  let answered: (() => void) | undefined

  /** What is known of a request before it is known whose it is. */
  function visitOf(request: IncomingMessage): Visit {
    const { headers } = request
    const given = headers[CALLER_HEADERS.requestId]
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : clock.id()
    const traceparent = knownTraceparent(headers[TRACEPARENT_HEADER])
    const forwarded = propagated(headers, options.propagate ?? [])
    return {
      requestId,
      remoteAddress: clientAddress(request),
      ...(traceparent ? { traceparent } : {}),
      ...(forwarded ? { forwarded } : {}),
    }
  }

  function identify(request: IncomingMessage, connectionParams?: Readonly<Record<string, unknown>>) {
    const { headers, socket } = request
    const addresses = { remoteAddress: socket.remoteAddress, clientAddress: clientAddress(request) }
    return authenticator.authenticate({ headers, ...addresses, connectionParams })
  }

  async function callerOf(request: IncomingMessage, visit: Visit): Promise<Caller> {
    try {
      return { ...visit, ...(await identify(request)) }
    } catch (error) {
      // Its body is not read for the audit either.
      if (
        asksSomething(request) &&
        isQuesnayError(error) &&
        (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')
      )
        gateway.invalid(invalidRequest('', visit), [wireError(error.code, error.message, error.detail)])
      throw error
    }
  }

  const server = createServer((request, response) => {
    const visit = visitOf(request)
    response.setHeader(CALLER_HEADERS.requestId, visit.requestId)
    for (const [name, value] of always) response.setHeader(name, value)
    for (const [name, value] of Object.entries(cors.headers(request))) response.setHeader(name, value)
    compressAnswer(request, response)
    underWay++
    response.once('close', () => {
      if (--underWay === 0) answered?.()
    })
    route(request, response, visit).catch((error) => fail(error, response, visit))
  })

  async function route(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (request.method === 'GET' && path === GRAPHQL)
      response.setHeader('vary', [response.getHeader('vary') ?? [], depends].flat().join(', '))
    if (path.startsWith(`${REST_PREFIX}/`))
      return rest(request, response, { ...visit, caller: () => callerOf(request, visit) })
    const forgery = path === STREAM || path === GRAPHQL ? forgeryIn(request, cors.allows) : undefined
    if (forgery && !isVisit(request, request.headers.accept ?? ''))
      return sendJson(response, forgery.status, { errors: [forgery.error] })
    if (path === STREAM) return overSse.handle(request, response, await callerOf(request, visit))
    if (path === GRAPHQL) {
      const accept = request.headers.accept ?? ''
      if (isVisit(request, accept)) return void response.writeHead(303, { location: '/' }).end()
      const caller = await callerOf(request, visit)
      if (accept.startsWith('text/event-stream')) return overSse.handle(request, response, caller)
      if (wantsMultipart(accept)) return overMultipart.handle(request, response, caller)
      return overHttp(request, response, caller)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') throw nothingAt(path)
    // What listens has loaded its graph: not before that, and no longer when it is about to end.
    if (path === '/health') return sendJson(response, closing ? 503 : 200, { status: closing ? 'stopping' : 'ok' })
    if (path === '/ready') return sendReadiness(response)
    if (path === '/metrics') {
      const { contentType, body } = await options.metrics()
      return void response.writeHead(200, { 'content-type': contentType }).end(body)
    }
    if (path.startsWith(OBJECTS_PATH))
      return serveObject(request, response, await callerOf(request, visit), { bus: gateway.bus, clock, log })
    if (path === '/page-config.json') return sendJson(response, 200, { query: example, variables })
    if (!page.send(path, response)) throw nothingAt(path)
  }

  async function sendReadiness(response: ServerResponse): Promise<void> {
    const { ready, subgraphs, bus, health = {} } = await gateway.ready()
    const silent = Object.keys(subgraphs).filter((name) => !subgraphs[name])
    const waitingFor = [
      ...silent.map((name) => `subgraph ${name}`),
      ...(bus ? [] : ['bus']),
      ...(closing ? ['shutdown'] : []),
    ]
    const breakers = Object.entries(health)
      .filter(([, { breaker }]) => breaker !== 'closed')
      .map(([subgraph, { breaker: state, ...why }]) => ({ subgraph, state, ...why }))
    const isReady = ready && !closing
    sendJson(response, isReady ? 200 : 503, {
      ready: isReady,
      waitingFor,
      ...(breakers.length > 0 ? { breakers } : {}),
    })
  }

  function fail(error: unknown, response: ServerResponse, { requestId }: Visit): void {
    if (response.destroyed) return
    if (!isQuesnayError(error)) log.error({ err: error, requestId }, 'a request failed')
    if (response.headersSent) return void response.destroy()
    const { code, message, detail } = toWireError(error)
    for (const [name, value] of Object.entries(refusalHeaders({ code, detail }))) response.setHeader(name, value)
    const extensions = { code, detail: code === 'INTERNAL' ? { requestId } : detail }
    sendJson(response, code === 'LIMIT_EXCEEDED' ? 413 : ERRORS[code].status, { errors: [{ message, extensions }] })
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
    server.listen(options.port, options.host, BACKLOG, resolve)
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
      await waitAtMost(clock, drainMs, Promise.all([last, socketsClosed, overSse.close(), overMultipart.close()]))
      // Also the connections that browsers hold open without asking anything: the server would wait for those.
      server.closeAllConnections()
      overWebSocket.terminate()
      await Promise.all([closed, socketsClosed])
    },
  }
}

/** A path that is none of the gateway's, or is not to be asked so. */
const nothingAt = (path: string) =>
  new QuesnayError('NOT_FOUND', `nothing answers this at ${path}`, {
    path,
    suggestion: `the graph is asked by POST ${GRAPHQL}, the page is at /`,
  })

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

/** An operation, as far as is known before its body is read. */
const asksSomething = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' || /[?&](query|documentId|extensions)=/.test(url)

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
