// A client of the graph: what every command but the servers is. Adapters: over HTTP here, in process in embedded.ts.
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { type Clock, systemClock } from '../infra/clock.ts'
import { isErrorCode, isQuesnayError, QuesnayError } from '../schema/errors.ts'

export type Variables = Readonly<Record<string, unknown>>

export interface GraphClient {
  /** Where it asks: a URL, or "in process". */
  readonly endpoint: string
  /** The whole answer, errors included. */
  execute(query: string, variables?: Variables): Promise<FormattedExecutionResult>
  /** Answers of a subscription as they come; ends when the server completes or the signal aborts. */
  subscribe(query: string, variables: Variables, signal?: AbortSignal): AsyncIterable<FormattedExecutionResult>
  close(): Promise<void>
}

/** The data of an answer; where it has errors, the one that faultOf finds is thrown. */
export function dataOf<T>(result: FormattedExecutionResult): T {
  const fault = faultOf(result)
  if (fault) throw fault
  return result.data as T
}

/** The first error of an answer that says why; what failed only because something else did comes last. */
export function faultOf({ errors }: FormattedExecutionResult): QuesnayError | undefined {
  const fault = errors?.find(({ extensions }) => extensions?.['code'] !== 'INPUT_FAILED') ?? errors?.[0]
  return fault && errorOf(fault)
}

export async function ask<T>(client: GraphClient, query: string, variables?: Variables): Promise<T> {
  return dataOf<T>(await client.execute(query, variables))
}

/** An error of an answer as one of ours: its code, its place in the document or the answer, its fix. */
export function errorOf(error: GraphQLFormattedError): QuesnayError {
  const { code, detail } = (error.extensions ?? {}) as { code?: unknown; detail?: Record<string, unknown> }
  // Of a variable the message names the member; where the operation declares it helps nobody.
  const [at] = error.path || error.message.startsWith('Variable "') ? [] : (error.locations ?? [])
  const where = at ? `line ${at.line}, column ${at.column}: ` : ''
  return new QuesnayError(isErrorCode(code) ? code : 'INTERNAL', `${where}${error.message}`, {
    ...(at ? { suggestion: 'mend the operation at this place' } : {}),
    ...detail,
    ...(error.path ? { field: error.path.join('.') } : {}),
  })
}

/** How often a lost subscription is opened again before the command gives up. */
const ATTEMPTS = 3
const FIRST_PAUSE_MS = 500

export interface HttpClientOptions {
  readonly clock?: Clock
  /** Token or API key to send. */
  readonly token?: string | undefined
}

/** A client of a gateway elsewhere; `url` is its GraphQL endpoint, /graphql where only a host is given. */
export function httpClient(url: string, { clock = systemClock, token }: HttpClientOptions = {}): GraphClient {
  const endpoint = endpointOf(url)
  const credentials: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    endpoint,
    async execute(query, variables = {}) {
      return answerOf(endpoint, await reach(endpoint, { query, variables }, credentials))
    },
    async *subscribe(query, variables, signal) {
      const { createClient } = await import('graphql-sse')
      let refusal: Response | undefined
      const stream = createClient({
        url: `${endpoint}/stream`,
        headers: credentials,
        retryAttempts: ATTEMPTS,
        async fetchFn(...request: Parameters<typeof fetch>) {
          const response = await fetch(...request)
          refusal = response.ok ? undefined : response
          return response
        },
        async retry(retries) {
          // A question that was refused once is refused again: only a lost connection is worth another attempt.
          if (refusal) throw new Error(refusal.statusText)
          await clock.sleep(FIRST_PAUSE_MS * 2 ** retries)
        },
      })
      const stop = () => stream.dispose()
      signal?.addEventListener('abort', stop, { once: true })
      try {
        for await (const result of stream.iterate({ query, variables: { ...variables } })) {
          yield result as FormattedExecutionResult
        }
      } catch (cause) {
        if (refusal) yield await answerOf(endpoint, refusal)
        else throw isQuesnayError(cause) ? cause : unreachable(endpoint, cause)
      } finally {
        signal?.removeEventListener('abort', stop)
        stream.dispose()
      }
    },
    close: async () => {},
  }
}

function endpointOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new QuesnayError('BAD_INPUT', `"${url}" is not a URL`, { path: '--endpoint', suggestion: 'http://host:4000' })
  const parsed = new URL(url)
  if (parsed.pathname === '/') parsed.pathname = '/graphql'
  return parsed.href.replace(/\/$/, '')
}

/** A query may be asked twice; what a mutation had done before its connection was cut, nobody knows. */
const isQuery = (text: string) => /^\s*(query\b|\{)/.test(text)

/** Codes of a connection that was cut, such as one that the server closed as idle while the question was on its way. */
const CUT: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const wasCut = (error: unknown) => CUT.has(((error as Error).cause as { code?: string } | undefined)?.code)

async function reach(
  endpoint: string,
  body: { query: string; variables: Variables },
  credentials: Readonly<Record<string, string>>,
  again = isQuery(body.query),
): Promise<Response> {
  try {
    return await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...credentials },
      body: JSON.stringify(body),
    })
  } catch (cause) {
    if (again && wasCut(cause)) return reach(endpoint, body, credentials, false)
    throw unreachable(endpoint, cause)
  }
}

/** The answer of a graph; what is at the URL may be something else. */
async function answerOf(endpoint: string, response: Response): Promise<FormattedExecutionResult> {
  const text = await response.text()
  try {
    const answer = JSON.parse(text) as FormattedExecutionResult
    // No graph answers 404: nothing is at this path.
    if (response.status !== 404 && (answer.data !== undefined || answer.errors)) return answer
  } catch {
    // Below.
  }
  throw new QuesnayError('BAD_INPUT', `${endpoint} answers ${response.status}, and not as a graph does`, {
    path: '--endpoint',
    suggestion: 'give the URL that `quesnay serve` prints',
  })
}

function unreachable(endpoint: string, cause: unknown): QuesnayError {
  const suggestion = 'start a server with `npm start`, or leave --endpoint out'
  return new QuesnayError('SUBGRAPH_UNAVAILABLE', `no answer from ${endpoint}`, { suggestion }, { cause })
}
