// What passes between clients and subgraphs beside operations and their answers: headers on the way in, errors on the way out.
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Authenticator } from './authenticator.ts'
import type { EdgeConfig } from './edge-config.ts'

/** Names of a connection or of one message (RFC 9110, 7.6.1), and those by which this server speaks for itself. */
const RESERVED =
  /^(connection|content-.*|expect|host|keep-alive|proxy-.*|sec-.*|te|trailer|transfer-encoding|upgrade|accept|accept-encoding|x-request-id|traceparent|x-quesnay-.*)$/

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/

const headerName = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine((name) => TOKEN.test(name), 'is no name of a header')
  .refine((name) => !RESERVED.test(name), 'is a header that the gateway writes itself; leave it out')

/** The section `headers` of the gateway's configuration. */
export const HEADERS = z
  .strictObject({
    /** Headers of the client's that subgraphs get too, such as authorization; x-request-id and traceparent always pass. */
    propagate: z.array(headerName).max(32).default([]),
  })
  .default({ propagate: [] })

/**
 * The entry `errors` of the gateway's configuration. `mask`: of what a subgraph says only codes of ours pass, everything else is
 * INTERNAL. `pass`: messages and extensions of subgraphs reach the client, but for stack traces; faults of this server stay masked.
 */
export const ERRORS_SHOWN = z.enum(['mask', 'pass']).default('mask')
export type ErrorsShown = z.infer<typeof ERRORS_SHOWN>

/**
 * An authenticator that leaves alone what is meant for subgraphs: where `authorization` passes to them and no issuer of tokens is known
 * here, it is not for this server to judge it. Keys in x-api-key still count.
 */
export function leavingToSubgraphs(
  inner: Authenticator,
  { headers: { propagate }, auth: { issuers } }: Pick<EdgeConfig, 'headers' | 'auth'>,
): Authenticator {
  if (!propagate.includes('authorization') || issuers.length > 0) return inner
  return {
    authenticate: ({ headers: { authorization: _, ...headers }, ...credentials }) =>
      inner.authenticate({ ...credentials, headers }),
  }
}

/** Those of the headers that pass; undefined where there are none. */
export function propagated(
  headers: IncomingHttpHeaders,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found = names.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const]
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}
