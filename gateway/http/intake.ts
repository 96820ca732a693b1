// What comes in over every transport: how much of it, and how a request names its operation.
import type { Caller } from '../../schema/caller.ts'
import type { Faults } from '../documents.ts'
import { type InvalidRequest, invalidRequest } from '../edge/step.ts'
import type { PersistedOperations } from '../persisted/persisted-operations.ts'

export interface Intake {
  readonly maxBodyBytes: number
  /** Most operations of one request. */
  readonly batch: number
  readonly persisted: Pick<PersistedOperations, 'resolve'>
}

/** The parameters of a GraphQL request as they came. */
export type Params = Readonly<Record<string, unknown>>

export const isParams = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every operation is its text. */
export const NOTHING_PERSISTED: Intake['persisted'] = {
  resolve: ({ query }) => (typeof query === 'string' ? query : undefined),
}

/** With the text that an id or a hash stands for; what is wrong with it otherwise. */
export function withText<T extends Params>(persisted: Intake['persisted'], params: T): T | Faults {
  const text = persisted.resolve(params)
  if (text === undefined || text === params['query']) return params
  return typeof text === 'string' ? { ...params, query: text } : text
}

/** The same of a GET; the path is kept. */
export function urlWithText(persisted: Intake['persisted'], url: string): string | Faults {
  const params = paramsOf(url)
  const text = persisted.resolve(params)
  if (text === undefined || text === params['query']) return url
  if (typeof text !== 'string') return text
  const [path, search = ''] = url.split('?', 2)
  const given = new URLSearchParams(search)
  given.set('query', text)
  return `${path}?${given}`
}

/** What the URL of a GET says of its operation. */
export function paramsOf(url: string): Params {
  const given = new URLSearchParams(url.split('?', 2)[1])
  const params: Record<string, unknown> = {}
  for (const name of ['query', 'documentId']) if (given.has(name)) params[name] = given.get(name)
  if (given.has('extensions')) params['extensions'] = jsonOf(given.get('extensions')!)
  return params
}

/** A request whose id, hash or text is none of an operation that may be asked, as it is noted. */
export function unknownOperation(params: unknown, caller: Caller): InvalidRequest {
  const { query, documentId, extensions } = isParams(params) ? params : {}
  return invalidRequest(String(query ?? documentId ?? JSON.stringify(extensions) ?? ''), caller)
}

/** undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
