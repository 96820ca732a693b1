// /api/v1: the graph as resources. A route is a persisted operation; its answer goes into an envelope.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Caller } from '../../schema/caller.ts'
import { isQuesnayError, QuesnayError, toWireError, type WireError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { newReply } from '../edge/step.ts'
import type { Gateway } from '../gateway.ts'
import { readBody } from '../http/body.ts'
import { refusalHeaders } from '../http/refusal-headers.ts'
import { type Envelope, metadataOf, statusOf, wireOf } from './envelope.ts'
import { openApiDocument, REST_PREFIX } from './openapi.ts'
import { readParameters } from './read-parameters.ts'
import type { Links, Variables } from './route.ts'
import { ROUTES } from './routes.ts'
import { type ServedRoute, servedRoutes } from './served-routes.ts'

export interface RestOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly maxBodyBytes: number
}

/** A request of this part of the server. */
export interface RestVisit {
  readonly requestId: string
  /** Errors: UNAUTHENTICATED, FORBIDDEN. */
  caller(): Promise<Caller>
}

export type RestHandler = (request: IncomingMessage, response: ServerResponse, visit: RestVisit) => Promise<void>

const DOCUMENT = '/openapi.json'

interface Answer {
  readonly status: number
  readonly body: Pick<Envelope, 'status' | 'data' | 'error' | 'errors'>
  readonly links: Links
}

interface Api {
  readonly routes: readonly ServedRoute[]
  readonly document: string
}

export function restApi(gateway: Gateway, { clock, log, maxBodyBytes }: RestOptions): RestHandler {
  const apis = new WeakMap<GraphQLSchema, Api>()

  /** Of the graph of the moment. */
  function api(): Api {
    const { schema } = gateway
    const known = apis.get(schema)
    if (known) return known
    const routes = servedRoutes(ROUTES, schema)
    const made = { routes, document: JSON.stringify(openApiDocument(routes, schema)) }
    apis.set(schema, made)
    return made
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { route, parameters }: ServedRoute,
    inPath: Readonly<Record<string, string>>,
    visit: RestVisit,
  ): Promise<Answer> {
    const caller = await visit.caller()
    const url = new URL(request.url!, 'http://localhost')
    const body = route.method === 'POST' ? await jsonBody(request, maxBodyBytes) : undefined
    const given = readParameters(parameters, inPath, url.searchParams, body)
    const { operation: query, read } = route
    const sent = read ? read(given) : given
    const variables = Object.fromEntries(
      parameters.flatMap(({ name, type }) => (type && name in sent ? [[name, sent[name]]] : [])),
    )
    const reply = newReply()
    const { data, errors = [] } = await gateway.execute({ query, variables, caller, reply })
    for (const [name, value] of reply.headers) response.setHeader(name, value)
    const picked = data ? route.data.of(data, given as Variables) : null
    const faults = errors.map(wireOf)
    if (picked === null)
      throw failed(faults[0] ?? { code: 'NOT_FOUND', message: route.missing ?? 'there is nothing here', detail: {} })
    return {
      status: route.status ?? 200,
      body: {
        status: faults.length > 0 ? 'partial' : 'ok',
        data: picked,
        ...(faults.length > 0 ? { errors: faults } : {}),
      },
      links: { ...nextOf(url, data, route.pages), ...prefixed(route.links?.(picked) ?? {}) },
    }
  }

  return async (request, response, visit) => {
    const start = clock.now()
    const self = request.url!
    const send = ({ status, body, links }: Answer, headers: Record<string, string> = {}) => {
      const { requestId } = visit
      const envelope: Envelope = {
        ...body,
        metadata: metadataOf(requestId, start, clock.now()),
        links: { self, ...links },
      }
      sendJson(request, response, status, JSON.stringify(envelope), headers)
    }
    try {
      const path = self.split('?')[0]!.slice(REST_PREFIX.length)
      const method = request.method === 'HEAD' ? 'GET' : request.method
      if (path === DOCUMENT && method === 'GET') {
        await visit.caller()
        return sendJson(request, response, 200, api().document, { 'cache-control': 'no-cache' })
      }
      const found = api().routes.filter(({ pattern }) => pattern.test(path))
      const route = found.find((one) => one.route.method === method)
      if (!route) throw noRoute(path, found, response)
      const inPath = route.pattern.exec(path)!.groups ?? {}
      const answered = await answer(request, response, route, inPath, visit)
      if (method !== 'GET') return send(answered)
      // What surrounds the data is another each time, so that the tag is a weak one.
      const etag = `W/"${sha256(JSON.stringify(answered.body)).slice(0, 32)}"`
      const headers = { etag, 'cache-control': 'private, no-cache' }
      if (request.headers['if-none-match']?.includes(etag)) return void response.writeHead(304, headers).end()
      send(answered, headers)
    } catch (error) {
      if (response.headersSent || response.destroyed) throw error
      if (!isQuesnayError(error)) log.error({ err: error, requestId: visit.requestId }, 'a request failed')
      const wire = toWireError(error)
      for (const [name, value] of Object.entries(refusalHeaders(wire))) response.setHeader(name, value)
      send({ status: statusOf(wire.code, wire.detail), body: { status: 'error', error: wire }, links: {} })
    }
  }
}

const failed = ({ code, message, detail }: WireError) => new QuesnayError(code, message, detail)

function noRoute(path: string, found: readonly ServedRoute[], response: ServerResponse): QuesnayError {
  const suggestion = `see ${REST_PREFIX}${DOCUMENT}`
  if (found.length === 0) return new QuesnayError('NOT_FOUND', `there is no ${REST_PREFIX}${path}`, { suggestion })
  const methods = [...new Set(found.map(({ route }) => route.method))].join(', ')
  response.setHeader('allow', methods)
  return new QuesnayError('BAD_INPUT', `${REST_PREFIX}${path} takes ${methods}`, { path: 'method', suggestion })
}

/** A form of a page of another origin can send any other type without being asked first. */
async function jsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new QuesnayError('BAD_INPUT', 'the body is not sent as application/json', {
      path: 'content-type',
      suggestion: 'send content-type: application/json',
    })
  const text = await readBody(request, maxBytes)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new QuesnayError('BAD_INPUT', 'the body is no JSON', { path: 'body', suggestion: 'send a JSON object' })
  }
}

/** The same request for the page after this one. */
function nextOf(url: URL, data: unknown, field: string | undefined): Links {
  if (!field) return {}
  const connection = (data as Record<string, { pageInfo?: { hasNextPage: boolean; endCursor: string | null } } | null>)[
    field
  ]
  const { hasNextPage, endCursor } = connection?.pageInfo ?? {}
  if (!hasNextPage || !endCursor) return {}
  const next = new URL(url)
  next.searchParams.set('after', endCursor)
  return { next: `${next.pathname}${next.search}` }
}

const prefixed = (links: Links): Links =>
  Object.fromEntries(Object.entries(links).flatMap(([name, path]) => (path ? [[name, REST_PREFIX + path]] : [])))

function sendJson(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const length = Buffer.byteLength(text)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': length,
    ...headers,
  })
  response.end(method === 'HEAD' ? undefined : text)
}
