// Results of an operation as parts of one HTTP answer, written as fast as the client reads: what sse.ts and multipart.ts share.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { parseRequestParams, type RequestParams, type Response } from 'graphql-http'
import type { Clock } from '../../infra/clock.ts'
import type { Caller } from '../../schema/caller.ts'
import { ERRORS } from '../../schema/errors.ts'
import { type Faults, isFaults } from '../documents.ts'
import { invalidRequest } from '../edge/step.ts'
import { badRequest, wireError } from '../errors.ts'
import type { Gateway, GatewayRequest, Results } from '../gateway.ts'
import { readBody } from './body.ts'
import {
  type Intake,
  isParams,
  jsonOf,
  type Params,
  paramsOf,
  unknownOperation,
  urlWithText,
  withText,
} from './intake.ts'

/** How one protocol writes its parts. */
export interface StreamFormat {
  readonly headers: Readonly<Record<string, string>>
  /** Before everything else; so that proxies and clients see that the answer has begun. */
  readonly opening: string
  result(result: ExecutionResult): string
  /** Says that the connection is alive. */
  readonly heartbeat: string
  readonly heartbeatMs: number
  readonly ending: string
}

export interface StreamHandler {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
  /** Ends every stream. */
  close(): Promise<void>
}

export interface StreamDeps {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly intake: Intake
}

/** How long a client that was dropped may take to read why. */
const FAREWELL_MS = 10_000

export function streamHandler({ gateway, clock, intake }: StreamDeps, format: StreamFormat): StreamHandler {
  const streams = new Set<Results>()

  async function handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const asked = await readRequest(request, intake)
    if (isRefusal(asked)) {
      if (asked.unknown) gateway.invalid(unknownOperation(asked.unknown, caller), asked.errors)
      return refuse(response, asked)
    }
    const writer = new Writer(response, format, clock)
    const faults = gateway.prepare(asked.query, asked.operationName, caller)
    if (isFaults(faults)) {
      gateway.invalid(invalidRequest(asked.query, caller), faults)
      return writer.only({ errors: faults })
    }
    // A link could trigger it, and a page of another site.
    if (faults.operation.operation === 'mutation' && request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      return refuse(response, { status: 405, errors: [badRequest('a mutation needs POST', { path: 'method' })] })
    }
    if (faults.operation.operation !== 'subscription') return writer.only(await gateway.execute({ ...asked, caller }))
    const onTooSlow = () => writer.drop()
    const resume = { ...asked.resume, onTooSlow }
    const results = await gateway.subscribe({ ...asked, resume, caller })
    if (!(Symbol.asyncIterator in results)) return writer.only(results)
    streams.add(results)
    void writer.gone.then(() => results.return())
    try {
      writer.begin()
      for await (const result of results) if (!(await writer.write(format.result(result)))) break
    } finally {
      streams.delete(results)
      await results.return()
      writer.end()
    }
  }
  return {
    handle,
    async close() {
      await Promise.all([...streams].map((results) => results.return()))
    },
  }
}

/** One answer: a part is written when the one before it has left for the client. */
class Writer {
  /** Resolves when the connection is. */
  readonly gone: Promise<void>
  readonly #response: ServerResponse
  readonly #format: StreamFormat
  readonly #clock: Clock
  readonly #life = new AbortController()
  #dropped = false

  constructor(response: ServerResponse, format: StreamFormat, clock: Clock) {
    this.#response = response
    this.#format = format
    this.#clock = clock
    this.gone = new Promise((resolve) => response.once('close', resolve))
    void this.gone.then(() => this.#life.abort())
  }

  begin(): void {
    this.#response.writeHead(200, { ...this.#format.headers, 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    this.#response.write(this.#format.opening)
    void this.#beat()
  }

  only(result: ExecutionResult): void {
    this.begin()
    this.#response.write(this.#format.result(result))
    this.end()
  }

  /** False where the client is gone, or dropped. Waits for a client that does not read. */
  async write(part: string): Promise<boolean> {
    if (this.#dropped || !this.#response.writable) return false
    await Promise.race([new Promise((written) => this.#response.write(part, written)), this.gone])
    return true
  }

  /** Ends an answer that is not being read: what it says last waits behind what the client has not read yet. */
  drop(): void {
    if (this.#dropped || !this.#response.writable) return
    this.#dropped = true
    const error = wireError('SUBSCRIBER_TOO_SLOW', ERRORS.SUBSCRIBER_TOO_SLOW.say, {})
    this.#response.write(this.#format.result({ errors: [error] }))
    this.end()
    const cut = () => this.#response.destroy()
    void this.#clock.sleep(FAREWELL_MS, this.#life.signal).then(cut, () => undefined)
  }

  end(): void {
    if (!this.#response.writable) return
    this.#response.end(this.#format.ending)
  }

  async #beat(): Promise<void> {
    const { heartbeat, heartbeatMs } = this.#format
    const { signal } = this.#life
    try {
      for (;;) {
        await this.#clock.sleep(heartbeatMs, signal)
        // A client that does not read is not told more that it does not read.
        if (this.#response.writable && !this.#response.writableNeedDrain) this.#response.write(heartbeat)
        if (!this.#response.writable) return
      }
    } catch {
      // Gone.
    }
  }
}

type Asked = Pick<GatewayRequest, 'query' | 'variables' | 'operationName' | 'resume'>

interface Refusal {
  readonly status: number
  readonly errors: Faults
  /** What was asked for by an id, a hash or a text that may not be. */
  readonly unknown?: Params
}

const isRefusal = (asked: Asked | Refusal): asked is Refusal => 'status' in asked

/** The operation, as GraphQL over HTTP sends it, by POST or GET. */
async function readRequest(request: IncomingMessage, { maxBodyBytes, persisted }: Intake): Promise<Asked | Refusal> {
  const { method = 'GET', headers } = request
  const text = method === 'POST' ? await readBody(request, maxBodyBytes) : null
  const given = text === null ? null : (jsonOf(text) ?? text)
  const body = isParams(given) ? withText(persisted, given) : given
  if (isParams(given) && isFaults(body as object)) return { status: 400, errors: body as Faults, unknown: given }
  const url = method === 'GET' ? urlWithText(persisted, request.url ?? '/') : (request.url ?? '/')
  if (typeof url !== 'string') return { status: 400, errors: url, unknown: paramsOf(request.url ?? '/') }
  try {
    const params = await parseRequestParams({
      ...{ method, url, headers, raw: request, context: undefined },
      body: body as Record<string, unknown> | string | null,
    })
    if (isResponse(params))
      return {
        status: params[1].status,
        errors: [badRequest('send the operation as application/json, by POST or GET')],
      }
    const { query, variables, operationName, extensions } = params
    const last = headers['last-event-id']
    const { cursor = undefined } = extensions ?? {}
    const given = typeof last === 'string' && last !== '' ? last : cursor
    return { query, variables, operationName, resume: typeof given === 'string' ? { cursor: given } : undefined }
  } catch (error) {
    return { status: 400, errors: [badRequest((error as Error).message)] }
  }
}

const isResponse = (params: RequestParams | Response): params is Response => Array.isArray(params)

function refuse(response: ServerResponse, { status, errors }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify({ errors }))
}
