// What a worker answers over HTTP: whether it lives, whether it can work, and its metrics.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StatusPages {
  ready(): Promise<boolean>
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
}

export interface StatusServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves /health, /ready (503 while the worker cannot work) and /metrics. Rejects where the port is taken. */
export async function serveStatus(host: string, port: number, pages: StatusPages): Promise<StatusServer> {
  const server = createServer(async (request, response) => {
    const reply = (status: number, body: string, type = 'application/json') =>
      response.writeHead(status, { 'content-type': type }).end(body)
    try {
      const path = request.url?.split('?')[0]
      if (path === '/health') return reply(200, '{"status":"ok"}')
      if (path === '/ready') {
        const ready = await pages.ready()
        return reply(ready ? 200 : 503, JSON.stringify({ ready }))
      }
      if (path === '/metrics') {
        const { contentType, body } = await pages.metrics()
        return reply(200, body, contentType)
      }
      return reply(404, '{"error":"not found"}')
    } catch {
      return reply(500, '{"error":"internal"}')
    }
  })
  const bound = await listen(server, host, port)
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
