// Queries and mutations over HTTP, as the GraphQL over HTTP specification says; the protocol is graphql-http's.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createHandler, type Request, type RequestParams, type Response } from 'graphql-http'
import type { Caller } from '../../schema/caller.ts'
import { ERRORS, isErrorCode, QuesnayError } from '../../schema/errors.ts'
import { type Faults, isFaults } from '../documents.ts'
import { invalidRequest, newReply, type Reply } from '../edge/step.ts'
import { badRequest, wireError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { answerText } from '../kept-text.ts'
import { readBody } from './body.ts'
import { etagOf, isKnown } from './conditional.ts'
import { type Intake, isParams, jsonOf, paramsOf, unknownOperation, urlWithText, withText } from './intake.ts'

interface Context {
  readonly caller: Caller
  readonly reply: Reply
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export type GraphqlHandler = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>

type Answer = readonly [string | null, Response[1]]

/** Answers GET and POST, the latter also several operations in a list; rejects with LIMIT_EXCEEDED where the body is too long. */
export function graphqlOverHttp(gateway: Gateway, intake: Intake): GraphqlHandler {
  const handle = createHandler<IncomingMessage, Context>({
    onSubscribe: (request, params) => answer(gateway, request, params),
    formatError: (error) => (error instanceof GraphQLError ? error : badRequest(error.message)),
  })

  /** One operation. @param body of a POST: what it holds as JSON, or its text where it is none */
  async function one(raw: IncomingMessage, body: unknown, context: Context): Promise<Answer> {
    const { method = '', headers } = raw
    const url = method === 'GET' ? urlWithText(intake.persisted, raw.url ?? '') : (raw.url ?? '')
    const params = isParams(body) ? withText(intake.persisted, body) : body
    for (const faults of [url, params])
      if (isFaults(faults as object) && faults !== body) {
        gateway.invalid(unknownOperation(body ?? paramsOf(raw.url ?? ''), context.caller), faults as Faults)
        return refused(faults as Faults, raw)
      }
    const request = { method, url: url as string, headers, body: params as string | null, raw, context }
    return handle(request)
  }

  async function several(
    raw: IncomingMessage,
    bodies: readonly unknown[],
    { reply, ...context }: Context,
  ): Promise<Answer> {
    if (bodies.length > intake.batch) return refused([tooMany(bodies.length, intake.batch)], raw)
    if (bodies.length === 0 || !bodies.every(isParams))
      return refused([badRequest('a list must hold one operation or more, each an object with its query')], raw)
    const replies = bodies.map(() => newReply())
    const answers = await Promise.all(bodies.map((body, i) => one(raw, body, { ...context, reply: replies[i]! })))
    for (const { headers } of replies) for (const [name, value] of headers) reply.headers.set(name, value)
    // Each may be kept for another time.
    reply.headers.set('cache-control', 'no-store')
    reply.headers.delete('age')
    const texts = answers.map(([text, { status }]) => text ?? refusal(status))
    const failed = answers.find(([, { status }]) => status === 429 || status === 503)
    const headers = { 'content-type': `${mediaType(raw.headers.accept)}; charset=utf-8` }
    return [`[${texts.join(',')}]`, { status: failed?.[1].status ?? 200, statusText: 'OK', headers }]
  }

  return async (request, response, caller) => {
    const text = request.method === 'POST' ? await readBody(request, intake.maxBodyBytes) : null
    const body = text === null || !isJson(request) ? text : (jsonOf(text) ?? text)
    const reply = newReply()
    // Whoever goes away waits for nothing any more.
    const life = new AbortController()
    response.once('close', () => {
      if (!response.writableEnded) life.abort(new QuesnayError('SUBGRAPH_UNAVAILABLE', 'the client has gone'))
    })
    const { signal } = life
    const [answered, { status, headers }] = Array.isArray(body)
      ? await several(request, body, { caller, reply, signal })
      : await one(request, body, { caller, reply, signal })
    for (const [name, value] of reply.headers) response.setHeader(name, value)
    if (status === 304) return void response.writeHead(status, headers).end()
    // Encoded once: of a text the length would be counted first, and then again before it is written.
    const sent = Buffer.from(answered ?? refusal(status))
    response.writeHead(status, {
      ...{ 'content-type': 'application/json; charset=utf-8', 'content-length': sent.length },
      ...headers,
    })
    response.end(sent)
  }
}

const isJson = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase() === 'application/json'

/** What a client should see before it reads the answer: it is to wait, or nothing was wrong with the request. */
const TOLD_BY_STATUS = new Set([200, 403, 429, 503])

/** Errors without data, under the status of the first. */
function refused(errors: readonly GraphQLError[], { headers }: IncomingMessage): Answer {
  const code = String(errors[0]?.extensions['code'])
  const status = isErrorCode(code) ? ERRORS[code].status : 400
  const type = `${mediaType(headers.accept)}; charset=utf-8`
  return [JSON.stringify({ errors }), { status, statusText: '', headers: { 'content-type': type } }]
}

const tooMany = (found: number, limit: number) =>
  wireError('LIMIT_EXCEEDED', `the request holds ${found} operations; at most ${limit} are allowed`, {
    path: 'body',
    rule: 'batch',
    limit,
    found,
    suggestion: 'send them in several requests',
  })

async function answer(
  gateway: Gateway,
  request: Request<IncomingMessage, Context>,
  { query, variables, operationName, extensions }: RequestParams,
): Promise<Response | readonly GraphQLError[]> {
  const prepared = gateway.prepare(query, operationName, request.context.caller)
  if (isFaults(prepared)) {
    gateway.invalid(invalidRequest(query, request.context.caller), prepared)
    return prepared
  }
  if (prepared.operation.operation === 'mutation' && request.method === 'GET') {
    const errors = [badRequest('a mutation needs POST', { path: 'method' })]
    return [JSON.stringify({ errors }), { status: 405, statusText: 'Method Not Allowed', headers: { allow: 'POST' } }]
  }
  const { caller, reply, signal } = request.context
  if (extensions?.['cost'] === true) reply.showsCost = true
  // What a mutation has begun is not left half done.
  const asker = prepared.operation.operation === 'query' ? { ...caller, signal } : caller
  const result = await gateway.execute({ query, variables, operationName, caller: asker, reply })
  if (!('data' in result)) {
    const errors = result.errors ?? []
    const [, { status }] = refused(errors, request.raw)
    return TOLD_BY_STATUS.has(status) ? (refused(errors, request.raw) as Response) : errors
  }
  // Written here because the library's own way visits every value of the answer once more.
  const headers = { 'content-type': `${mediaType(request.raw.headers.accept)}; charset=utf-8` }
  const text = answerText(result)
  if (request.method !== 'GET' || result.errors) return [text, { status: 200, statusText: 'OK', headers }]
  const etag = etagOf(text)
  if (isKnown(request.raw.headers, etag)) return [null, { status: 304, statusText: 'Not Modified', headers: { etag } }]
  return [text, { status: 200, statusText: 'OK', headers: { ...headers, etag } }]
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
