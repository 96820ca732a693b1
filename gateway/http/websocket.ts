// Operations over WebSocket; the protocol is graphql-transport-ws, spoken by graphql-ws.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExecutionResult, FormattedExecutionResult } from 'graphql'
import { useServer as serveGraphql } from 'graphql-ws/use/ws'
import type { Logger } from 'pino'
import { WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../infra/clock.ts'
import type { Caller } from '../../schema/caller.ts'
import { ERRORS, isQuesnayError } from '../../schema/errors.ts'
import { isFaults } from '../documents.ts'
import type { Identity } from '../edge/authenticator.ts'
import { invalidRequest } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import type { Gateway, GatewayRequest } from '../gateway.ts'
import { expired } from '../live/live.ts'
import { textOf } from '../live/wire-text.ts'
import { type Intake, unknownOperation, withText } from './intake.ts'

export interface WebSocketHandler {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes every socket with 1001 (going away); resolves when all are gone. */
  close(): Promise<void>
  /** Cuts what is left. */
  terminate(): void
}

export interface WebSocketOptions {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly log: Logger
  /** Who opens a connection. @param connectionParams payload of connection_init. Errors: UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED. */
  identify(request: IncomingMessage, connectionParams?: Readonly<Record<string, unknown>>): Promise<Identity>
  /** What one operation is known by. */
  visitOf(request: IncomingMessage): Omit<Caller, 'tenant' | 'principal'>
  readonly intake: Intake
}

/** Close codes: of graphql-transport-ws, and 4429 (too many requests) for failed logins and for a subscriber that does not keep up. */
const CLOSE = {
  UNAUTHENTICATED: 4401,
  FORBIDDEN: 4403,
  RATE_LIMITED: 4429,
  SUBSCRIBER_TOO_SLOW: 4429,
  INTERNAL: 4500,
} as const
const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'] as const

/** What is known of a connection. */
interface Extra {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  identity?: Identity
}

export function graphqlOverWebSocket(options: WebSocketOptions): WebSocketHandler {
  const { gateway, clock, intake } = options
  const server = new WebSocketServer({ noServer: true, maxPayload: intake.maxBodyBytes, WebSocket: TextSocket })
  const asked = (args: { contextValue?: unknown }) => args.contextValue as GatewayRequest
  const graphql = serveGraphql<Record<string, unknown>, Extra & Record<PropertyKey, unknown>>(
    {
      onConnect: async ({ extra, connectionParams }) => {
        try {
          extra.identity = await options.identify(extra.request, connectionParams)
          return true
        } catch (error) {
          const code = refuse(extra.socket, error, options.log)
          if (code !== 'INTERNAL')
            gateway.invalid(invalidRequest('', options.visitOf(extra.request)), [wireError(code, ERRORS[code].say, {})])
          return false
        }
      },
      onSubscribe: async ({ extra }, _id, payload) => {
        const { tenant, principal } = extra.identity!
        const caller = { tenant, principal, ...options.visitOf(extra.request) }
        const named = withText(intake.persisted, { ...payload })
        if (isFaults(named)) {
          gateway.invalid(unknownOperation(payload, caller), named)
          return named
        }
        const { query, variables, operationName, extensions } = named
        // A subscription ends when its token does; whoever goes on asking over the same socket needs a new one.
        if (principal.expiresAt !== undefined && principal.expiresAt <= clock.now()) return [expired()]
        const prepared = gateway.prepare(query, operationName, caller)
        if (isFaults(prepared)) {
          gateway.invalid(invalidRequest(query, caller), prepared)
          return prepared
        }
        const onTooSlow = () => extra.socket.close(CLOSE.SUBSCRIBER_TOO_SLOW, 'SUBSCRIBER_TOO_SLOW')
        const cursor = extensions?.['cursor']
        const resume = { onTooSlow, ...(typeof cursor === 'string' ? { cursor } : {}) }
        const contextValue: GatewayRequest = { query, variables, operationName, caller, resume }
        return { schema: gateway.schema, document: prepared.document, operationName, contextValue }
      },
      execute: (args) => gateway.execute(asked(args)),
      subscribe: (args) => gateway.subscribe(asked(args)),
      onNext: (_, __, ___, ____, result) => written(textOf(result as ExecutionResult)),
      jsonMessageReviver: ofClient,
      isProd: true,
    },
    server,
  )
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => {
        server.emit('connection', client, request)
        // A frame that is none is the client's fault, and `ws` closes with the code for it: the library would print a stack for each.
        client.removeAllListeners('error')
        client.on('error', (error) => options.log.debug({ err: error }, 'a WebSocket sent what is no frame'))
      }),
    close: async () => graphql.dispose(),
    terminate() {
      for (const client of server.clients) client.terminate()
    },
  }
}

/** Types of messages that only a server sends; the library takes one of them from a client for a fault of its own. */
const OF_SERVER: ReadonlySet<unknown> = new Set(['connection_ack', 'next', 'error'])

/** Throws for a message that a client may not send, which is then closed with 4400 (bad request). */
function ofClient(key: string, value: unknown): unknown {
  if (key === '' && OF_SERVER.has((value as { type?: unknown } | null)?.type)) throw new Error('not of a client')
  return value
}

/** Returns the code that it was closed with. */
function refuse(socket: WebSocket, error: unknown, log: Logger): (typeof REFUSALS)[number] | 'INTERNAL' {
  const code = REFUSALS.find((known) => isQuesnayError(error) && error.code === known) ?? 'INTERNAL'
  if (code === 'INTERNAL') log.error({ err: error }, 'a WebSocket could not be authenticated')
  socket.close(CLOSE[code], code)
  return code
}

/** Stands in a message for a payload whose text is known; the last member of a `next` message. */
const PLACE = 'quesnay.payload'
let text: string | undefined

/** The library writes each message for itself: a payload that many share is written once, and put into each message as text. */
function written(payload: string): FormattedExecutionResult {
  const toJSON = () => {
    // The message is sent in the same turn as it is written, so that no other comes between.
    text = payload
    return PLACE
  }
  return { toJSON } as FormattedExecutionResult
}

class TextSocket extends WebSocket {
  override send(data: BufferLike, ...rest: never[]): void {
    const end = `"${PLACE}"}`
    const payload = text
    text = undefined
    const filled =
      payload !== undefined && typeof data === 'string' && data.endsWith(end)
        ? `${data.slice(0, -end.length)}${payload}}`
        : data
    super.send(filled, ...rest)
  }
}

type BufferLike = Parameters<WebSocket['send']>[0]
