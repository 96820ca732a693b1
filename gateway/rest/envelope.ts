// The envelope of every answer: what it is, the data or the error, how it came about, and where to go on.
import type { GraphQLError } from 'graphql'
import { packageVersion } from '../../infra/version.ts'
import { ERRORS, type ErrorCode, isErrorCode, type WireError } from '../../schema/errors.ts'
import type { Links } from './route.ts'

interface Metadata {
  readonly request_id: string
  /** When it was answered: ISO 8601, UTC. */
  readonly timestamp: string
  /** Of the server. */
  readonly version: string
  readonly computation_time_ms: number
}

export interface Envelope {
  /** `partial`: data, and beside them errors of what could not be had. */
  readonly status: 'ok' | 'partial' | 'error'
  readonly data?: unknown
  readonly error?: WireError
  readonly errors?: readonly WireError[]
  readonly metadata: Metadata
  readonly links: Links
}

export const metadataOf = (requestId: string, startMs: number, nowMs: number): Metadata => ({
  request_id: requestId,
  timestamp: new Date(nowMs).toISOString(),
  version: packageVersion,
  computation_time_ms: nowMs - startMs,
})

/** Of an error of the graph, which speaks of variables: here these are parameters. */
export function wireOf({ message, extensions }: GraphQLError): WireError {
  const { code, detail } = extensions as { code?: unknown; detail?: Record<string, unknown> }
  const path = detail?.['path']
  const own = typeof path === 'string' ? { ...detail, path: placeOf(path) } : (detail ?? {})
  return { code: isErrorCode(code) ? code : 'INTERNAL', message, detail: own }
}

const placeOf = (path: string): string =>
  path === 'variables.input' ? 'body' : path.replace(/^variables\.(input\.)?|^input\./, '')

/** What HTTP itself has a word for, by the place of the fault; else as the table of errors says. */
export function statusOf(code: ErrorCode, { path }: WireError['detail']): number {
  if (code === 'LIMIT_EXCEEDED' && path === 'body') return 413
  if (code === 'BAD_INPUT' && path === 'method') return 405
  if (code === 'BAD_INPUT' && path === 'content-type') return 415
  return ERRORS[code].status
}
