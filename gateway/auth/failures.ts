// Bounds how often one address may show credentials that do not hold, so that nobody finds any by trying.
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import type { Identity } from '../edge/authenticator.ts'
import type { AuthConfig } from './auth-config.ts'

export interface FailuresOptions {
  readonly limits: AuthConfig['failures']
  readonly clock: Clock
  readonly log: Logger
  readonly metrics?: Pick<Metrics, 'rateLimited'> | undefined
}

/** Verifies what an address shows, unless it has failed too often: RATE_LIMITED, before anything is looked at. */
export type Bounded = (
  address: string | undefined,
  carried: string,
  verify: () => Promise<Identity>,
) => Promise<Identity>

/** Addresses that have failed; the least recent is forgotten. */
const MAX_ADDRESSES = 50_000
const MAX_HELD = 50_000
/** What has held at an address is let through there for so long, whatever else fails there: many may share one address. */
const HELD_MS = 600_000

/**
 * Each address has a bucket of failures that empties at a constant rate. Requests that fail at the same time all count, also beyond its
 * brim, so that no crowd of them gets more tries than the rate allows. What holds, and what has merely expired, costs nothing.
 */
export function boundFailures({ limits: { burst, perMinute }, clock, log, metrics }: FailuresOptions): Bounded {
  const failed = new LRUCache<string, { count: number; atMs: number }>({ max: MAX_ADDRESSES })
  const held = new LRUCache<string, number>({ max: MAX_HELD })
  const perMs = perMinute / 60_000

  const countAt = (address: string): number => {
    const bucket = failed.get(address)
    return bucket ? Math.max(0, bucket.count - (clock.now() - bucket.atMs) * perMs) : 0
  }
  const note = (address: string): void => {
    const count = countAt(address) + 1
    failed.set(address, { count, atMs: clock.now() })
    if (count >= burst && count - 1 < burst) log.warn({ address }, 'an address fails to authenticate again and again')
  }

  return async (from, carried, verify) => {
    const address = networkOf(from)
    const name = `${address} ${createHash('sha256').update(carried).digest('base64url')}`
    const isKnown = (held.get(name) ?? 0) > clock.now()
    const over = countAt(address) - burst + 1
    if (over > 0 && !isKnown) {
      metrics?.rateLimited.inc({ policy: 'authentication' })
      throw tooMany(Math.max(1, Math.ceil(over / perMs / 1000)))
    }
    try {
      const identity = await verify()
      held.set(name, clock.now() + HELD_MS)
      return identity
    } catch (error) {
      if (isQuesnayError(error) && error.code === 'UNAUTHENTICATED' && !error.detail['reason']) note(address)
      throw error
    }
  }
}

/** Of IPv6 the /64, which is what one subscriber has; of IPv4 the address. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const bare = address.replace(/%.*$/, '').toLowerCase()
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/.exec(bare)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = bare.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  // Two groups of an address of IPv4 at its end are in one piece: they lie in the last 32 bits, which do not matter here.
  const missing = 8 - left.length - right.length - (right.at(-1)?.includes('.') ? 1 : 0)
  const groups = [...left, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

function tooMany(seconds: number): QuesnayError {
  return new QuesnayError(
    'RATE_LIMITED',
    `too many credentials from this address did not hold; try again in ${seconds} s`,
    {
      policy: 'authentication',
      retryAfterSeconds: seconds,
      suggestion: 'mend the token or key that is sent, and wait',
    },
  )
}
