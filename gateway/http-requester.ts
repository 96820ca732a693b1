// Asks a subgraph over HTTP, on connections that are kept.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import type { FormattedExecutionResult } from 'graphql'
import { CALLER_HEADERS, type Caller } from '../schema/caller.ts'
import { QuesnayError } from '../schema/errors.ts'
import type { SubgraphRequest, SubgraphRequester } from './requester.ts'

export interface HttpRequesterOptions {
  readonly name: string
  /** Of its GraphQL endpoint, such as http://127.0.0.1:4001/graphql; /ready lies beside it. */
  readonly url: string
  /** How long an answer may take; a field may wait for the fleet. Default 60 s. */
  readonly timeoutMs?: number
}

/** Below the 65 s after which a subgraph closes an idle connection: it is the gateway that closes it. */
const IDLE_MS = 30_000
const READY_TIMEOUT_MS = 2_000
const MAX_SOCKETS = 128

/** CONFIG_INVALID where the URL is none. */
export function httpRequester({ name, url, timeoutMs = 60_000 }: HttpRequesterOptions): SubgraphRequester {
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new QuesnayError('CONFIG_INVALID', `the subgraph ${name} has no URL`, {
      path: `QUESNAY_SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL`,
      suggestion: 'set it to the URL of its GraphQL endpoint, such as http://127.0.0.1:4001/graphql',
    })
  const target = new URL(url)
  const secure = target.protocol === 'https:'
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_MS }
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const send = secure ? httpsRequest : httpRequest

  function ask(to: URL, method: string, headers: Record<string, string | number>, body: string, limitMs: number) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(limitMs)
      const request = send(to, { method, headers, agent, signal }, resolve)
      request.on('error', (error) => reject(Object.assign(error, { reused: request.reusedSocket })))
      request.end(body)
    })
  }

  async function post(body: string, caller: Caller, mayRepeat: boolean): Promise<IncomingMessage> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      [CALLER_HEADERS.tenant]: caller.tenant,
      [CALLER_HEADERS.requestId]: caller.requestId,
    }
    try {
      return await ask(target, 'POST', headers, body, timeoutMs)
    } catch (error) {
      // A kept connection may have been closed by the other side just when it was used again: once more on a new one.
      if (mayRepeat && (error as { reused?: boolean }).reused && (error as NodeJS.ErrnoException).code === 'ECONNRESET')
        return ask(target, 'POST', headers, body, timeoutMs)
      throw error
    }
  }

  return {
    async request({ query, variables, operationName, caller }: SubgraphRequest) {
      const body = JSON.stringify({ query, variables, operationName })
      try {
        const response = await post(body, caller, !/^\s*mutation\b/.test(query))
        return parseAnswer(await text(response))
      } catch (cause) {
        const message = `the subgraph ${name} does not answer`
        throw new QuesnayError('SUBGRAPH_UNAVAILABLE', message, { subgraph: name }, { cause })
      }
    },
    async ready() {
      try {
        const response = await ask(new URL('/ready', target), 'GET', {}, '', READY_TIMEOUT_MS)
        response.resume()
        return response.statusCode === 200
      } catch {
        return false
      }
    },
    async close() {
      agent.destroy()
    },
  }
}

function parseAnswer(body: string): FormattedExecutionResult {
  const answer = JSON.parse(body) as FormattedExecutionResult | null
  if (typeof answer === 'object' && answer !== null && ('data' in answer || Array.isArray(answer.errors))) return answer
  throw new Error('the answer is no GraphQL result')
}
