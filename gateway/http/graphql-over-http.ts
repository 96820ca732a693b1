// Queries and mutations over HTTP, as the GraphQL over HTTP specification says; the protocol is graphql-http's.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createHandler, type Request, type RequestParams, type Response } from 'graphql-http'
import type { Caller } from '../../schema/caller.ts'
import { isFaults } from '../documents.ts'
import { badRequest } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { readBody } from './body.ts'

interface Context {
  readonly caller: Caller
}

export type GraphqlHandler = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>

/** Answers GET and POST; rejects with LIMIT_EXCEEDED where the body is too long. */
export function graphqlOverHttp(gateway: Gateway, maxBodyBytes: number): GraphqlHandler {
  const handle = createHandler<IncomingMessage, Context>({
    onSubscribe: (request, params) => answer(gateway, request, params),
    formatError: (error) => (error instanceof GraphQLError ? error : badRequest(error.message)),
  })
  return async (request, response, caller) => {
    const body = request.method === 'POST' ? await readBody(request, maxBodyBytes) : null
    const { method = '', url = '', headers } = request
    const [text, { status, headers: answered }] = await handle({
      method,
      url,
      headers,
      body,
      raw: request,
      context: { caller },
    })
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...answered })
    response.end(text ?? refusal(status))
  }
}

async function answer(
  gateway: Gateway,
  request: Request<IncomingMessage, Context>,
  { query, variables, operationName }: RequestParams,
): Promise<Response | readonly GraphQLError[]> {
  const prepared = gateway.prepare(query, operationName)
  if (isFaults(prepared)) return prepared
  if (prepared.operation.operation === 'mutation' && request.method === 'GET') {
    const errors = [badRequest('a mutation needs POST', { path: 'method' })]
    return [JSON.stringify({ errors }), { status: 405, statusText: 'Method Not Allowed', headers: { allow: 'POST' } }]
  }
  const result = await gateway.execute({ query, variables, operationName, caller: request.context.caller })
  if (!('data' in result)) return result.errors ?? []
  // Written here because the library's own way visits every value of the answer once more.
  const headers = { 'content-type': `${mediaType(request.raw.headers.accept)}; charset=utf-8` }
  return [JSON.stringify(result), { status: 200, statusText: 'OK', headers }]
}

/** The first that is accepted, as the library chooses it; it has refused requests that accept neither. */
function mediaType(accept = '*/*'): string {
  const types = accept.split(',').map((type) => type.split(';')[0]!.trim().toLowerCase())
  const first = types.find((type) => /^(application\/(graphql-response\+json|json|\*)|\*\/\*)$/.test(type))
  return first === 'application/graphql-response+json' ? first : 'application/json'
}

function refusal(status: number): string {
  const reasons: Record<number, string> = {
    405: 'ask with GET or POST',
    406: 'the answer is application/graphql-response+json or application/json',
    415: 'send the operation as application/json',
  }
  return JSON.stringify({ errors: [badRequest(reasons[status] ?? 'the request cannot be read')] })
}
