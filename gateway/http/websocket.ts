// Operations over WebSocket; the protocol is graphql-transport-ws, spoken by graphql-ws.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { useServer as serveGraphql } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { Caller } from '../../schema/caller.ts'
import { isFaults } from '../documents.ts'
import type { Gateway, GatewayRequest } from '../gateway.ts'

export interface WebSocketHandler {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes every socket with 1001 (going away); resolves when all are gone. */
  close(): Promise<void>
  /** Cuts what is left. */
  terminate(): void
}

export function graphqlOverWebSocket(
  gateway: Gateway,
  callerOf: (request: IncomingMessage) => Caller,
  maxMessageBytes: number,
): WebSocketHandler {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })
  const asked = (args: { contextValue?: unknown }) => args.contextValue as GatewayRequest
  const graphql = serveGraphql(
    {
      onSubscribe: ({ extra }, _id, { query, variables, operationName }) => {
        const prepared = gateway.prepare(query, operationName)
        if (isFaults(prepared)) return prepared
        const contextValue: GatewayRequest = { query, variables, operationName, caller: callerOf(extra.request) }
        return { schema: gateway.schema, document: prepared.document, operationName, contextValue }
      },
      execute: (args) => gateway.execute(asked(args)),
      subscribe: (args) => gateway.subscribe(asked(args)),
      isProd: true,
    },
    server,
  )
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    close: async () => graphql.dispose(),
    terminate() {
      for (const client of server.clients) client.terminate()
    },
  }
}
