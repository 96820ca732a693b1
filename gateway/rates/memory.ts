// Rates kept in this process: for a gateway without a database, and while a database does not answer.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../infra/clock.ts'
import type { RateStore } from './port.ts'

const DAY_MS = 86_400_000
/** The least used is forgotten, and begins anew. */
const MAX_KEYS = 50_000

export function memoryRates(clock: Clock): RateStore {
  const buckets = new LRUCache<string, { tokens: number; atMs: number }>({ max: MAX_KEYS })
  const days = new LRUCache<string, { day: number; used: number }>({ max: MAX_KEYS })
  const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)

  return {
    async takeFromBucket(key, { capacity, perSecond }, needed, wanted) {
      const now = clock.now()
      const bucket = buckets.get(key) ?? { tokens: capacity, atMs: now }
      const filled = Math.min(capacity, bucket.tokens + (Math.max(0, now - bucket.atMs) / 1000) * perSecond)
      const granted = filled >= needed ? Math.max(needed, Math.min(wanted, Math.floor(filled))) : 0
      buckets.set(key, { tokens: filled - granted, atMs: now })
      const waitSeconds = granted > 0 ? 0 : (needed - filled) / perSecond
      return { granted, left: filled - granted, waitSeconds }
    },
    async takeFromDay(tenant, perDay, needed, wanted) {
      const now = clock.now()
      const day = Math.floor(now / DAY_MS)
      const known = days.get(tenant)
      const used = known?.day === day ? known.used : 0
      const rest = Math.max(0, perDay - used)
      const granted = rest >= needed ? Math.max(needed, Math.min(wanted, rest)) : 0
      days.set(tenant, { day, used: used + granted })
      return { granted, left: rest - granted, waitSeconds: ((day + 1) * DAY_MS - now) / 1000, day: dayText(day) }
    },
    async giveToBucket(key, { capacity }, tokens) {
      const bucket = buckets.get(key)
      if (bucket) bucket.tokens = Math.min(capacity, bucket.tokens + tokens)
    },
    async giveToDay(tenant, day, tokens) {
      const known = days.get(tenant)
      if (known && dayText(known.day) === day) known.used = Math.max(0, known.used - tokens)
    },
    sweep: async () => {},
  }
}
