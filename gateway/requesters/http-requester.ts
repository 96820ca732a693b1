// Asks a subgraph over HTTP, on connections that are kept.
import type { FormattedExecutionResult } from 'graphql'
import { type buildConnector, type Dispatcher, Pool } from 'undici'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { CALLER_HEADERS, type Caller } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { TRACEPARENT_HEADER } from '../../schema/trace-context.ts'
import { Deadlines } from '../resilience/deadlines.ts'
import { isMutation, reasonOf, type SubgraphRequest, type SubgraphRequester, unavailable } from './requester.ts'

export interface HttpRequesterOptions {
  readonly name: string
  /** Of its GraphQL endpoint, such as http://127.0.0.1:4001/graphql; /ready lies beside it. */
  readonly url: string
  /** How long an answer may take; a field may wait for the fleet. Default 60 s. */
  readonly timeoutMs?: number
  /** Default 128. */
  readonly maxConnections?: number
  readonly clock?: Clock
  /** How an https connection is made; default: any authority that Node trusts, no certificate of ours. */
  readonly tls?: buildConnector.BuildOptions | undefined
  /** Headers that say who asks; default: the tenant alone, unsigned. */
  readonly callerHeaders?: ((caller: Caller) => Promise<Record<string, string>>) | undefined
}

/** Below the 65 s after which a subgraph closes an idle connection: it is the gateway that closes it. */
const IDLE_MS = 30_000
const READY_TIMEOUT_MS = 2_000

interface Exchange extends Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'> {
  readonly limitMs: number
  readonly signal?: AbortSignal | undefined
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** CONFIG_INVALID where the URL is none. */
export function httpRequester(options: HttpRequesterOptions): SubgraphRequester {
  const { name, url, timeoutMs = 60_000, maxConnections = 128, clock = systemClock } = options
  const { callerHeaders = tenantAlone, tls = {} } = options
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new QuesnayError('CONFIG_INVALID', `the subgraph ${name} has no URL`, {
      path: `QUESNAY_SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL`,
      suggestion: 'set it to the URL of its GraphQL endpoint, such as http://127.0.0.1:4001/graphql',
    })
  const target = new URL(url)
  const path = `${target.pathname}${target.search}`
  const readyPath = new URL('/ready', target).pathname
  // Limits of time are kept here, over the whole exchange: the pool's own concern its parts.
  const limits = { connections: maxConnections, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: IDLE_MS }
  const pool = new Pool(target.origin, { ...limits, connect: { ...tls, timeout: timeoutMs } })
  const deadlines = new Deadlines(clock, Math.max(5, Math.min(100, timeoutMs / 10)))

  /** Rejects with SUBGRAPH_UNAVAILABLE. */
  function exchange({ limitMs, signal, ...request }: Exchange): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(unavailable(name, 'aborted'))
      const chunks: Buffer[] = []
      let status = 0
      let started: Dispatcher.DispatchController | undefined
      const ended = () => {
        deadline.clear()
        signal?.removeEventListener('abort', abort)
      }
      const stop = (error: Error) => {
        ended()
        reject(error)
        started?.abort(error)
      }
      const abort = () => stop(unavailable(name, 'aborted'))
      const deadline = deadlines.set(limitMs, () => stop(unavailable(name, 'timeout', { timeoutMs: limitMs })))
      signal?.addEventListener('abort', abort, { once: true })
      pool.dispatch(request, {
        onRequestStart(controller) {
          started = controller
          // What was given up while it waited for a connection is not sent.
          if (signal?.aborted) controller.abort(unavailable(name, 'aborted'))
        },
        onResponseStart(_, code) {
          status = code
        },
        onResponseData(_, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          ended()
          const [only] = chunks
          resolve({ status, body: (chunks.length === 1 ? only! : Buffer.concat(chunks)).toString('utf8') })
        },
        onResponseError(_, cause) {
          ended()
          reject(reasonOf(cause) ? cause : unavailable(name, 'connection', {}, cause))
        },
      })
    })
  }

  async function headersOf(caller: Caller): Promise<Record<string, string>> {
    const headers: Record<string, string> = {
      ...caller.forwarded,
      'content-type': 'application/json',
      accept: 'application/json',
      ...(await callerHeaders(caller)),
      [CALLER_HEADERS.requestId]: caller.requestId,
    }
    if (caller.traceparent) headers[TRACEPARENT_HEADER] = caller.traceparent
    return headers
  }

  return {
    async request(request: SubgraphRequest) {
      const { query, caller, limitMs = timeoutMs } = request
      const post = { path, method: 'POST', headers: await headersOf(caller), body: bodyOf(request) } as const
      const ask = { ...post, limitMs: Math.min(limitMs, timeoutMs), signal: caller.signal }
      const answer = await exchange(ask).catch((error: QuesnayError) => {
        // A kept connection may have been closed by the other side just when it was used again: once more on another one.
        if (wasReset(error) && !isMutation(query)) return exchange(ask)
        throw error
      })
      // Of the gateway, not of who asks: its secret is not that of the subgraph.
      if (answer.status === 401) throw unavailable(name, 'refused')
      if (answer.status === 503) throw unavailable(name, 'busy')
      return resultOf(name, answer.body)
    },
    async ready() {
      const get = { path: readyPath, method: 'GET', limitMs: READY_TIMEOUT_MS } as const
      return exchange(get).then(
        ({ status }) => status === 200,
        () => false,
      )
    },
    close: () => pool.destroy(),
  }
}

const tenantAlone = async ({ tenant }: Caller) => ({ [CALLER_HEADERS.tenant]: tenant })

/** Written by hand, because most of it is there as text already. */
function bodyOf({ query, variables, variablesText, operationName }: SubgraphRequest): string {
  const given = variablesText ?? (variables && JSON.stringify(variables))
  const rest = given === undefined ? '' : `,"variables":${given}`
  const named = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`
  return `{"query":${JSON.stringify(query)}${rest}${named}}`
}

function wasReset({ cause }: QuesnayError): boolean {
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET'
}

function resultOf(name: string, body: string): FormattedExecutionResult {
  try {
    const answer = JSON.parse(body) as FormattedExecutionResult | null
    if (typeof answer === 'object' && answer !== null && ('data' in answer || Array.isArray(answer.errors)))
      return answer
  } catch (cause) {
    throw unavailable(name, 'answer', {}, cause)
  }
  throw unavailable(name, 'answer')
}
