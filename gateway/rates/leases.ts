// Tokens taken several at once and spent here one by one, so that most requests ask nobody.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../infra/clock.ts'
import type { Taken } from './port.ts'

export interface Outcome {
  readonly allowed: boolean
  /** What is left, here and there, as far as it is known here. */
  readonly left: number
  /** As the store says it: of what was refused until it is there, of a day until it ends. */
  readonly waitSeconds: number
}

/** Where the tokens of one key come from. */
export interface Source {
  readonly capacity: number
  take(needed: number, wanted: number): Promise<Taken>
  give(taken: Taken, tokens: number): Promise<void>
}

export interface Leases {
  /** Errors: those of the source. */
  take(key: string, needed: number, source: Source): Promise<Outcome>
  /** Gives back what nobody has asked for since this time; all of it where that is absent. */
  giveBack(idleMs?: number): Promise<void>
}

interface Lease {
  tokens: number
  taken: Taken
  /** When `taken` was told. */
  toldAtMs: number
  usedAtMs: number
  refusedUntilMs: number
  source: Source
  asking: Promise<void> | undefined
}

const MAX_KEYS = 50_000
/** A key that was refused asks again after this time at the latest: another gateway may have given tokens back. */
const MAX_REFUSED_MS = 1_000

/** @param most tokens of one lease; near the end of what there is they become fewer, so that little lies unused elsewhere */
export function openLeases(clock: Clock, most: number): Leases {
  const leases = new LRUCache<string, Lease>({ max: MAX_KEYS })

  function leaseOf(key: string, source: Source): Lease {
    const known = leases.get(key)
    if (known) return known
    const taken = { granted: 0, left: source.capacity, waitSeconds: 0 }
    const idle = { toldAtMs: clock.now(), usedAtMs: clock.now(), refusedUntilMs: 0, asking: undefined }
    const lease: Lease = { tokens: 0, taken, source, ...idle }
    leases.set(key, lease)
    return lease
  }

  async function refill(lease: Lease, needed: number): Promise<void> {
    const missing = needed - lease.tokens
    const wanted = Math.max(missing, Math.min(most, Math.floor(lease.taken.left / 10)))
    const taken = await lease.source.take(missing, wanted)
    lease.tokens += taken.granted
    lease.taken = taken
    lease.toldAtMs = clock.now()
    if (taken.granted > 0) return
    lease.refusedUntilMs = clock.now() + Math.min(MAX_REFUSED_MS, taken.waitSeconds * 1000)
  }

  function outcome(lease: Lease, allowed: boolean): Outcome {
    const { taken, toldAtMs, tokens } = lease
    const waitSeconds = Math.max(0, taken.waitSeconds - (clock.now() - toldAtMs) / 1000)
    return { allowed, left: Math.max(0, Math.floor(taken.left + tokens)), waitSeconds }
  }

  return {
    async take(key, needed, source) {
      const lease = leaseOf(key, source)
      lease.source = source
      lease.usedAtMs = clock.now()
      for (;;) {
        if (lease.tokens >= needed) {
          lease.tokens -= needed
          return outcome(lease, true)
        }
        if (clock.now() < lease.refusedUntilMs) return outcome(lease, false)
        if (lease.asking) {
          await lease.asking.catch(() => undefined)
          continue
        }
        lease.asking = refill(lease, needed)
        try {
          await lease.asking
        } finally {
          lease.asking = undefined
        }
        if (lease.tokens < needed) return outcome(lease, false)
      }
    },
    async giveBack(idleMs = -1) {
      for (const lease of leases.values()) {
        const { tokens, taken, source } = lease
        if (tokens === 0 || lease.asking || clock.now() - lease.usedAtMs <= idleMs) continue
        lease.tokens = 0
        lease.taken = { ...taken, left: taken.left + tokens }
        await source.give(taken, tokens)
      }
    },
  }
}
