// The step of the edge that counts: a bucket of tokens for whoever asks, a quota of the day for their tenant.
import type { GraphQLError } from 'graphql'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Caller } from '../../schema/caller.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import type { EdgeStep, Operation } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import { type Leases, type Outcome, openLeases } from './leases.ts'
import type { RateStore, TakenOfDay } from './port.ts'
import type { Rates, TierRates } from './rates-config.ts'

export interface RatesStepDeps {
  readonly rates: Rates
  readonly store: RateStore
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'rateLimited'>
}

export interface RatesStep extends EdgeStep {
  /** Gives back what was taken and is not used. */
  close(): Promise<void>
}

/** A lease that nobody uses goes back after this time. */
const IDLE_MS = 5_000
/** In idle times. */
const SWEEP_EVERY = 720

type Policy = 'burst' | 'day'

export function ratesStep({ rates, store, clock, metrics }: RatesStepDeps): RatesStep {
  const bursts = openLeases(clock, rates.lease)
  const days = openLeases(clock, rates.lease)
  const closing = new AbortController()
  void tidy(closing.signal, clock, store, [bursts, days])

  const fromBucket = (key: string, { burst, perSecond }: TierRates, points: number): Promise<Outcome> => {
    const rule = { capacity: burst, perSecond }
    return bursts.take(key, Math.min(points, burst), {
      capacity: burst,
      take: (needed, wanted) => store.takeFromBucket(key, rule, needed, wanted),
      give: (_, tokens) => store.giveToBucket(key, rule, tokens),
    })
  }
  const fromDay = (tenant: string, perDay: number): Promise<Outcome> =>
    days.take(tenant, 1, {
      capacity: perDay,
      take: (needed, wanted) => store.takeFromDay(tenant, perDay, needed, wanted),
      give: (taken, tokens) => store.giveToDay(tenant, (taken as TakenOfDay).day, tokens),
    })

  function refuse({ reply }: Operation, policy: Policy, { waitSeconds }: Outcome, tier: TierRates): GraphQLError[] {
    metrics.rateLimited.inc({ policy })
    const seconds = Math.max(1, Math.ceil(waitSeconds))
    reply.headers.set('retry-after', String(seconds))
    const limit = policy === 'day' ? tier.perDay : tier.burst
    const what = policy === 'day' ? `${limit} operations a day` : `${tier.perSecond} points a second, ${limit} at once`
    return [
      wireError('RATE_LIMITED', `more than ${what} was asked; try again in ${seconds} s`, {
        policy,
        limit,
        retryAfterSeconds: seconds,
        suggestion:
          policy === 'day' ? 'wait for the next day of UTC, or ask for a higher tier' : 'wait, and ask less often',
      }),
    ]
  }

  return {
    name: 'rates',
    async admit(operation) {
      const { caller, reply, notes } = operation
      const { principal, tenant } = caller
      if (principal.proof === 'process' || (principal.proof === 'demo' && !rates.demo)) return operation
      const tier = rates.tiers[principal.tier]
      const points = rates.points === 'cost' ? Math.max(1, Math.ceil(notes.cost?.points ?? 1)) : 1
      try {
        const burst = await fromBucket(bucketOf(caller, rates.per), tier, points)
        if (!burst.allowed) return refuse(operation, 'burst', burst, tier)
        const day = await fromDay(tenant, tier.perDay)
        tell(reply.headers, tier, burst, day)
        return day.allowed ? operation : refuse(operation, 'day', day, tier)
      } catch (error) {
        if (!isQuesnayError(error)) throw error
        return [wireError(error.code, error.message, error.detail)]
      }
    },
    async close() {
      closing.abort()
      await Promise.allSettled([bursts.giveBack(), days.giveBack()])
    },
  }
}

/** The anonymous are told apart by where they ask from. */
function bucketOf({ principal, tenant, remoteAddress }: Caller, per: Rates['per']): string {
  if (principal.proof === 'demo') return `address ${remoteAddress ?? 'unknown'}`
  // A tenant's name has no white space: no subject can pretend to be another tenant's.
  return per === 'tenant' ? `tenant ${tenant}` : `subject ${tenant} ${principal.subject}`
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (10): q and w of each policy, r left and t seconds. */
function tell(headers: Map<string, string>, { burst, perSecond, perDay }: TierRates, now: Outcome, day: Outcome): void {
  const seconds = Math.ceil(burst / perSecond)
  headers.set('ratelimit-policy', `"burst";q=${burst};w=${seconds}, "day";q=${perDay};w=86400`)
  const full = Math.ceil((burst - now.left) / perSecond)
  headers.set(
    'ratelimit',
    `"burst";r=${now.left};t=${Math.max(0, full)}, "day";r=${day.left};t=${Math.ceil(day.waitSeconds)}`,
  )
}

async function tidy(signal: AbortSignal, clock: Clock, store: RateStore, all: readonly Leases[]): Promise<void> {
  for (let round = 1; ; round++) {
    await clock.sleep(IDLE_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    for (const leases of all) await leases.giveBack(IDLE_MS).catch(() => undefined)
    if (round % SWEEP_EVERY === 0) await store.sweep().catch(() => undefined)
  }
}
