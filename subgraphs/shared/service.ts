// A subgraph as a service of its own: POST /graphql for the gateway, /health, /ready and /metrics, on loopback by default.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { FormattedExecutionResult } from 'graphql'
import { CALLER_HEADERS, type Caller, DEFAULT_TENANT } from '../../schema/caller.ts'
import type { Subgraph } from './subgraph.ts'

const MAX_BODY_BYTES = 16 * 1024 * 1024

export interface ServiceOptions {
  readonly host: string
  readonly port: number
  ready(): Promise<boolean>
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
}

export interface Service {
  readonly url: string
  close(): Promise<void>
}

export async function serveSubgraph(subgraph: Subgraph, options: ServiceOptions): Promise<Service> {
  const server = createServer(async (request, response) => {
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
      return reply(200, JSON.stringify(await answer(subgraph, request)))
    } catch {
      return reply(400, '{"errors":[{"message":"the request cannot be read","extensions":{"code":"BAD_INPUT"}}]}')
    }
  })
  // Longer than the gateway's idle time, so that it is the gateway that closes kept-alive connections.
  server.keepAliveTimeout = 65_000
  const port = await listen(server, options)
  return {
    url: `http://${options.host}:${port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function answer(subgraph: Subgraph, request: IncomingMessage): Promise<FormattedExecutionResult> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new Error('body too large')
  const body = (await json(request)) as {
    query: string
    variables?: Record<string, unknown>
    operationName?: string
  }
  return subgraph.execute({ ...body, caller: callerOf(request) })
}

function callerOf(request: IncomingMessage): Caller {
  const header = (name: string) => String(request.headers[name] ?? '')
  return {
    tenant: header(CALLER_HEADERS.tenant) || DEFAULT_TENANT,
    requestId: header(CALLER_HEADERS.requestId) || 'none',
  }
}

function listen(server: Server, { host, port }: ServiceOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
