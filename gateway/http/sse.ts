// Operations over server-sent events; the protocol is graphql-sse's, in its mode of one connection for each operation.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { createHandler, type Handler } from 'graphql-sse'
import type { Caller } from '../../schema/caller.ts'
import { isFaults } from '../documents.ts'
import { badRequest } from '../errors.ts'
import type { Gateway, GatewayRequest, Results } from '../gateway.ts'
import { readBody } from './body.ts'

interface Context {
  readonly caller: Caller
  /** Resolves when everything given to the library so far has left for the client. */
  readonly sent: Gate
}

export interface SseHandler {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
  /** Ends every stream. */
  close(): Promise<void>
}

export function graphqlOverSse(gateway: Gateway, maxBodyBytes: number): SseHandler {
  const streams = new Set<AsyncGenerator<string, void>>()
  const handler = createHandler<IncomingMessage, Context, { request: GatewayRequest; sent: Gate }>({
    // Without a token there is no mode that shares one stream and keeps state between requests.
    authenticate: () => null,
    onSubscribe: ({ context: { caller, sent } }, { query, variables, operationName }) => {
      const prepared = gateway.prepare(query, operationName)
      if (isFaults(prepared)) return { data: undefined as never, errors: prepared }
      const contextValue = { request: { query, variables, operationName, caller }, sent }
      return { schema: gateway.schema, document: prepared.document, operationName: operationName ?? null, contextValue }
    },
    validate: () => [],
    execute: ({ contextValue }) => gateway.execute(contextValue.request),
    subscribe: async ({ contextValue: { request, sent } }) => {
      const results = await gateway.subscribe(request)
      return Symbol.asyncIterator in results ? paced(results, sent) : results
    },
  })

  return {
    async handle(request, response, caller) {
      const sent = new Gate()
      const [body, init] = await handler(await asked(request, { caller, sent }, maxBodyBytes))
      if (body === null || typeof body === 'string') {
        response.writeHead(init.status, { 'content-type': 'application/json; charset=utf-8' })
        response.end(withCodes(body))
        return
      }
      streams.add(body)
      const gone = new Promise<void>((resolve) => response.once('close', resolve))
      void gone.then(() => body.return())
      response.writeHead(init.status, { ...init.headers, 'x-accel-buffering': 'no' })
      try {
        for await (const event of body) {
          if (!response.writable) break
          await Promise.race([new Promise((written) => response.write(event, written)), gone])
          if (event.startsWith('event: next')) sent.open()
        }
      } finally {
        streams.delete(body)
        await body.return()
        response.end()
      }
    },
    async close() {
      await Promise.all([...streams].map((stream) => stream.return()))
    },
  }
}

/** The library pulls results as fast as they come and keeps what is not yet written: here the next waits for the last. */
function paced(results: Results, sent: Gate): AsyncGenerator<ExecutionResult, void> {
  const next = results.next.bind(results)
  return Object.assign(Object.create(results) as Results, {
    next: async () => {
      await sent.passed
      const result = await next()
      if (!result.done) sent.close()
      return result
    },
    return: () => {
      sent.open()
      return results.return()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  })
}

class Gate {
  passed: Promise<void> = Promise.resolve()
  #open = () => {}

  close(): void {
    this.passed = new Promise((resolve) => {
      this.#open = resolve
    })
  }
  open(): void {
    this.#open()
  }
}

type SseRequest = Parameters<Handler<IncomingMessage, Context>>[0]

async function asked(request: IncomingMessage, context: Context, maxBodyBytes: number): Promise<SseRequest> {
  const body = request.method === 'POST' ? await readBody(request, maxBodyBytes) : null
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    // Whoever comes here wants events, also where the header says more than that.
    headers: { get: (key) => (key === 'accept' ? 'text/event-stream' : single(request.headers[key])) },
    body,
    raw: request,
    context,
  }
}

const single = (header: string | string[] | undefined) => (Array.isArray(header) ? header.join(', ') : header)

/** The library's own refusals have no code. */
function withCodes(body: string | null): string {
  const { errors } = JSON.parse(body ?? '{"errors":[{"message":"send the operation as application/json"}]}') as {
    errors: { message: string }[]
  }
  return JSON.stringify({ errors: errors.map(({ message }) => badRequest(message)) })
}
