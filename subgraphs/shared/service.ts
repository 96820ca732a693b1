// A subgraph as a service of its own: POST /graphql for the gateway, /health, /ready and /metrics, on loopback by default.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { json } from 'node:stream/consumers'
import type { FormattedExecutionResult } from 'graphql'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { CONTEXT_HEADER, type ContextVerifier, contextVerifier } from '../../infra/signed-context.ts'
import type { ServingTls } from '../../infra/subgraph-tls.ts'
import { CALLER_HEADERS, type Caller } from '../../schema/caller.ts'
import { isQuesnayError, type QuesnayError } from '../../schema/errors.ts'
import { knownTraceparent, TRACEPARENT_HEADER } from '../../schema/trace-context.ts'
import type { Subgraph } from './subgraph.ts'

const MAX_BODY_BYTES = 16 * 1024 * 1024

export interface ServiceOptions {
  readonly host: string
  readonly port: number
  /** Shared with the gateway: whoever does not have it is refused. */
  readonly contextSecret: string
  /** Then it serves https, and only to who shows a certificate of that authority; default: plain HTTP. */
  readonly tls?: ServingTls | undefined
  readonly clock?: Clock
  ready(): Promise<boolean>
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
}

export interface Service {
  readonly url: string
  close(): Promise<void>
}

/** Answers the gateway alone: other requests have 401 UNAUTHENTICATED. */
export async function serveSubgraph(subgraph: Subgraph, options: ServiceOptions): Promise<Service> {
  const verify = contextVerifier(options.contextSecret, subgraph.name, options.clock ?? systemClock)
  const listener: RequestListener = async (request, response) => {
    const reply = (status: number, body: string, type = 'application/json') =>
      response.writeHead(status, { 'content-type': type }).end(body)
    const path = request.url?.split('?')[0]
    try {
      if (path === '/health') return reply(200, '{"status":"ok"}')
      if (path === '/metrics') {
        const { contentType, body } = await options.metrics()
        return reply(200, body, contentType)
      }
      if (path === '/ready') {
        const ready = await options.ready()
        return reply(ready ? 200 : 503, JSON.stringify({ ready }))
      }
      if (path !== '/graphql' || request.method !== 'POST') return reply(404, '{"errors":[{"message":"not found"}]}')
      return reply(200, JSON.stringify(await answer(subgraph, request, await callerOf(request, verify))))
    } catch (error) {
      if (isQuesnayError(error)) return reply(401, JSON.stringify({ errors: [refusalOf(error)] }))
      return reply(400, '{"errors":[{"message":"the request cannot be read","extensions":{"code":"BAD_INPUT"}}]}')
    }
  }
  // Who shows no certificate of the authority does not get as far as to send a request.
  const demands = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const
  const server = options.tls ? createTlsServer({ ...options.tls, ...demands }, listener) : createServer(listener)
  // Longer than the gateway's idle time, so that it is the gateway that closes kept-alive connections.
  server.keepAliveTimeout = 65_000
  const port = await listen(server, options)
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host}:${port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function answer(subgraph: Subgraph, request: IncomingMessage, caller: Caller): Promise<FormattedExecutionResult> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new Error('body too large')
  const body = (await json(request)) as {
    query: string
    variables?: Record<string, unknown>
    operationName?: string
  }
  return subgraph.execute({ ...body, caller })
}

async function callerOf(request: IncomingMessage, verify: ContextVerifier): Promise<Caller> {
  const header = (name: string) => String(request.headers[name] ?? '')
  const traceparent = knownTraceparent(header(TRACEPARENT_HEADER))
  return {
    ...(await verify(request.headers[CONTEXT_HEADER])),
    requestId: header(CALLER_HEADERS.requestId) || 'none',
    ...(traceparent ? { traceparent } : {}),
  }
}

function refusalOf({ code, message, detail }: QuesnayError) {
  return { message, extensions: { code, detail } }
}

function listen(server: NetServer, { host, port }: ServiceOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
