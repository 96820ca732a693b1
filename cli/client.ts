// A client of the graph: what every command but the servers is. Adapters: over HTTP here, in process in embedded.ts.
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { createClient } from 'graphql-sse'
import { isErrorCode, QuesnayError } from '../schema/errors.ts'

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

/** The data of an answer; the first error is thrown with its code. */
export function dataOf<T>(result: FormattedExecutionResult): T {
  if (result.errors?.[0]) throw errorOf(result.errors[0])
  return result.data as T
}

export async function ask<T>(client: GraphClient, query: string, variables?: Variables): Promise<T> {
  return dataOf<T>(await client.execute(query, variables))
}

function errorOf(error: GraphQLFormattedError): QuesnayError {
  const { code, detail } = (error.extensions ?? {}) as { code?: unknown; detail?: Record<string, unknown> }
  return new QuesnayError(isErrorCode(code) ? code : 'INTERNAL', error.message, {
    ...detail,
    ...(error.path ? { field: error.path.join('.') } : {}),
  })
}

/** A client of a gateway elsewhere; `url` is its GraphQL endpoint, /graphql where only a host is given. */
export function httpClient(url: string): GraphClient {
  const endpoint = endpointOf(url)
  const stream = createClient({ url: `${endpoint}/stream`, retryAttempts: 3 })
  return {
    endpoint,
    async execute(query, variables = {}) {
      const response = await reach(endpoint, { query, variables })
      return (await response.json()) as FormattedExecutionResult
    },
    async *subscribe(query, variables, signal) {
      const results = stream.iterate({ query, variables: { ...variables } })
      const stop = () => void results.return?.(undefined)
      signal?.addEventListener('abort', stop, { once: true })
      for await (const result of results) yield result as FormattedExecutionResult
    },
    close: async () => stream.dispose(),
  }
}

function endpointOf(url: string): string {
  if (!URL.canParse(url))
    throw new QuesnayError('BAD_INPUT', `"${url}" is not a URL`, { path: '--endpoint', suggestion: 'http://host:4000' })
  const parsed = new URL(url)
  if (parsed.pathname === '/') parsed.pathname = '/graphql'
  return parsed.href.replace(/\/$/, '')
}

async function reach(endpoint: string, body: object): Promise<Response> {
  try {
    return await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    })
  } catch (cause) {
    throw new QuesnayError(
      'SUBGRAPH_UNAVAILABLE',
      `no answer from ${endpoint}`,
      {
        suggestion: 'start a server with `npm start`, or leave --endpoint out',
      },
      { cause },
    )
  }
}
