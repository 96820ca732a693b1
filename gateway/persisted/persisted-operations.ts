// The text of an operation that a client asks for by id or hash, and whether its own text is one of those published.
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Metrics } from '../../infra/metrics.ts'
import type { Faults } from '../documents.ts'
import { badRequest, wireError } from '../errors.ts'
import type { PersistedOperation } from './manifest.ts'
import type { PersistedConfig } from './persisted-config.ts'
import { sha256 } from './registry.ts'

/** What a request says of its operation, as it came: nothing of it is checked yet. */
export interface Asked {
  readonly query?: unknown
  readonly documentId?: unknown
  readonly extensions?: unknown
}

export interface PersistedOperations {
  /** The text to answer; undefined where the request names none, which its transport refuses in its own words. */
  resolve(asked: Asked): string | undefined | Faults
  /** Puts other operations in place of those published before. */
  replace(operations: readonly Pick<PersistedOperation, 'id' | 'body'>[]): void
  /** Texts that will be asked for: those published, then those that clients asked for last. */
  known(): Iterable<string>
}

export interface PersistedDeps {
  readonly config: Pick<PersistedConfig, 'mode' | 'keptCharacters'>
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'unpublished'>
}

const HASH = /^[0-9a-f]{64}$/
/** A longer one is answered, and not kept. */
const LONGEST_KEPT = 2 ** 16
/** Of those that clients sent, so many are planned again when the graph is replaced. */
const MOST_KNOWN = 200

export function persistedOperations({ config, log, metrics }: PersistedDeps): PersistedOperations {
  const { mode, keptCharacters } = config
  const sent = new LRUCache<string, string>({ maxSize: Math.max(1, keptCharacters), maxEntrySize: LONGEST_KEPT })
  /** Hashes of texts that were logged. */
  const told = new LRUCache<string, true>({ max: 1_000 })
  let byId = new Map<string, string>()
  let texts = new Set<string>()

  const published = (id: string): string | undefined => byId.get(id)

  function byHash(hash: string): string | Faults {
    return published(hash) ?? (mode === 'enforce' ? undefined : sent.get(hash)) ?? [notFound()]
  }

  function admit(text: string): string | Faults {
    if (mode !== 'log' && mode !== 'enforce') return text
    if (texts.has(text)) return text
    const what = mode === 'log' ? 'answered' : 'refused'
    metrics.unpublished.inc({ what })
    const hash = sha256(text)
    if (!told.has(hash)) log.warn({ sha256: hash, query: text.slice(0, 200), what }, 'an operation is not published')
    told.set(hash, true)
    return mode === 'log' ? text : [notPublished()]
  }

  /** A text that came with its hash. */
  function remember(text: string, hash: string): Faults | undefined {
    // Apollo's own words.
    if (sha256(text) !== hash)
      return [badRequest('provided sha does not match query', { path: 'extensions.persistedQuery' })]
    if (mode !== 'enforce' && !published(hash)) sent.set(hash, text, { size: text.length })
    return undefined
  }

  return {
    resolve({ query, documentId, extensions }) {
      const text = typeof query === 'string' && query !== '' ? query : undefined
      const named = typeof documentId === 'string' ? documentId : undefined
      const hash = hashOf(extensions)
      if (mode === 'off') return text ?? (named || hash ? [notSupported()] : undefined)
      if (hash === null)
        return [badRequest('persistedQuery wants { version: 1, sha256Hash }', { path: 'extensions.persistedQuery' })]
      if (text !== undefined && named !== undefined)
        return [badRequest('give documentId or query, not both', { path: 'documentId' })]
      if (named !== undefined) return byHash(named.replace(/^sha256:/, ''))
      if (text === undefined) return hash === undefined ? undefined : byHash(hash)
      const fault = hash === undefined ? undefined : remember(text, hash)
      return fault ?? admit(text)
    },
    replace(operations) {
      byId = new Map(
        operations.flatMap(({ id, body }) => [
          [sha256(body), body],
          [id.replace(/^sha256:/, ''), body],
        ]),
      )
      texts = new Set(operations.map(({ body }) => body))
    },
    *known() {
      yield* texts
      let more = MOST_KNOWN
      for (const text of sent.values()) {
        if (more-- === 0) return
        yield text
      }
    },
  }
}

/** Of Apollo's extension; null where it is malformed, undefined where it is not there. */
function hashOf(extensions: unknown): string | null | undefined {
  const asked = isObject(extensions) ? extensions['persistedQuery'] : undefined
  if (asked === undefined || asked === null) return undefined
  if (!isObject(asked) || asked['version'] !== 1) return null
  const hash = asked['sha256Hash']
  return typeof hash === 'string' && HASH.test(hash) ? hash : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Apollo's clients know these two by their messages.
const notFound = () =>
  wireError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', { suggestion: 'send the text along with its hash' })
const notSupported = () =>
  wireError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', { suggestion: 'send the text alone' })
const notPublished = () =>
  wireError('OPERATION_NOT_PUBLISHED', 'the operation is not published', {
    path: 'query',
    suggestion: 'publish it with `quesnay operations publish FILE`, and send its text unchanged or its id',
  })
