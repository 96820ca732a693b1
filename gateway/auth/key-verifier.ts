// Requests with an API key: looked up at most every few seconds, its use written down at most once a minute.
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Sql } from '../../infra/store/port.ts'
import type { Identity } from '../edge/authenticator.ts'
import { loadKey, matches, noteUse, partsOf, type StoredKey } from './api-keys.ts'
import { expired, unauthenticated } from './unauthenticated.ts'

export interface KeyVerifier {
  /** Errors: UNAUTHENTICATED, with detail.reason KEY_EXPIRED where it is only that; STORE_UNAVAILABLE. */
  verify(text: string): Promise<Identity>
  /** Waits until the last uses are written down. */
  close(): Promise<void>
}

export interface KeyVerifierOptions {
  /** Without one, no key holds. */
  readonly store: Sql | undefined
  readonly clock: Clock
  readonly log: Logger
}

const MAX_KEPT = 10_000
/** A key that is revoked holds no longer than this. */
const KEEP_MS = 5_000
const USE_MS = 60_000

interface Kept {
  readonly key: StoredKey
  readonly until: number
}

export function keyVerifier({ store, clock, log }: KeyVerifierOptions): KeyVerifier {
  const kept = new LRUCache<string, Kept>({ max: MAX_KEPT })
  const noted = new LRUCache<string, number>({ max: MAX_KEPT })
  const writing = new Set<Promise<void>>()

  async function keyOf(sql: Sql, id: string): Promise<StoredKey | undefined> {
    const before = kept.get(id)
    if (before && clock.now() < before.until) return before.key
    const key = await loadKey(sql, id)
    if (key) kept.set(id, { key, until: clock.now() + KEEP_MS })
    return key
  }

  /** An answer does not wait for it, nor fail with it. */
  function note(sql: Sql, id: string): void {
    const now = clock.now()
    if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < USE_MS) return
    noted.set(id, now)
    const written = noteUse(sql, id, now)
      .catch((error) => log.warn({ err: error, key: id }, 'the use of a key could not be written down'))
      .finally(() => writing.delete(written))
    writing.add(written)
  }

  return {
    async verify(text) {
      const parts = partsOf(text)
      const key = parts && store && (await keyOf(store, parts.id))
      if (!key || !matches(parts.secret, key) || key.revokedAt !== null) throw unauthenticated()
      if (key.expiresAt !== null && key.expiresAt <= clock.now()) throw expired('key')
      note(store, key.id)
      return identityOf(key)
    },
    close: async () => void (await Promise.all(writing)),
  }
}

function identityOf({ id, tenant, label, scopes, roles, tier, expiresAt }: StoredKey): Identity {
  const ends = expiresAt === null ? {} : { expiresAt }
  return { tenant, principal: { subject: `${label} (key ${id})`, proof: 'key', scopes, roles, tier, ...ends } }
}
