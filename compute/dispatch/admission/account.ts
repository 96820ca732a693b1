// What a tenant has asked for and used, held against its limits before a question is stored.
import { PREPARED, type Sql } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import type { Capacity } from './capacity.ts'
import { LIMITS_OF_ROW, type LimitsRow, limitsOf, type TenantLimits } from './limits.ts'

export interface Account {
  readonly limits: TenantLimits
  /** Shards that are not finished, and what they are estimated to cost. */
  readonly shards: number
  readonly costSeconds: number
  /** Seconds computed by jobs that ended since midnight (UTC). */
  readonly usedSeconds: number
  /** Of jobs that go on: what they are estimated to take, or have taken where that is more. */
  readonly reservedSeconds: number
}

const DAY_MS = 86_400_000
const SHORTEST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 600_000

/** The day (UTC) that a time is in: when it began. */
export const dayOf = (now: number): Date => new Date(Math.floor(now / DAY_MS) * DAY_MS)

export type AccountRow = LimitsRow & Omit<Account, 'limits'>

/** One row, of the tenant $1 since the instant $2. */
export const ACCOUNT = `select ${LIMITS_OF_ROW}, live.*,
    (select coalesce(sum(j.compute_seconds), 0) from fleet.job j where j.tenant = $1 and j.finished_at >= $2) as "usedSeconds"
  from (select coalesce(sum(shards_total - shards_done - shards_failed), 0)::int as shards,
          coalesce(sum(estimated_seconds * (shards_total - shards_done) / shards_total), 0) as "costSeconds",
          coalesce(sum(greatest(estimated_seconds, compute_seconds)), 0) as "reservedSeconds"
        from fleet.job where tenant = $1 and status in ('QUEUED', 'RUNNING', 'MERGING')) live
    left join fleet.tenant_limit l on l.tenant = $1`

export function accountOf(row: AccountRow, defaults?: TenantLimits): Account {
  const { shards, costSeconds, usedSeconds, reservedSeconds } = row
  return { limits: limitsOf(row, defaults), shards, costSeconds, usedSeconds, reservedSeconds }
}

export async function loadAccount(sql: Sql, tenant: string, now: number, defaults?: TenantLimits): Promise<Account> {
  const [row] = await sql.query<AccountRow>(ACCOUNT, [tenant, dayOf(now)], PREPARED)
  return accountOf(row!, defaults)
}

/** A question that is about to be stored. */
export interface Asked {
  readonly lanes: number
  readonly estimatedSeconds: number
}

/**
 * LIMIT_EXCEEDED where the question alone is more than its tenant may ever ask; BUDGET_EXHAUSTED where the day's seconds do not hold it any
 * more; OVERLOADED where too much of the tenant waits already. The last two say when to come again.
 */
export function assertAffordable(account: Account, asked: Asked, { slots }: Capacity, now: number): void {
  assertQuestion(account.limits, asked)
  assertBudget(account, asked, slots, now)
  const { shards, costSeconds, limits } = account
  if (shards < limits.shardsWaiting) return
  const excess = (shards - limits.shardsWaiting + 1) / shards
  throw new QuesnayError('OVERLOADED', `${shards} shards of this tenant wait already`, {
    limit: limits.shardsWaiting,
    waiting: shards,
    retryAfterMs: within((excess * costSeconds * 1000) / Math.max(1, slots)),
    suggestion: 'wait for runs to end, or cancel some',
  })
}

function assertQuestion({ secondsPerQuestion, computeSecondsPerDay }: TenantLimits, asked: Asked): void {
  const { lanes, estimatedSeconds } = asked
  const limit = Math.min(secondsPerQuestion, computeSecondsPerDay ?? Number.POSITIVE_INFINITY)
  if (estimatedSeconds <= limit) return
  const fit = Math.floor((lanes * limit) / estimatedSeconds)
  const message = `the question is estimated to compute ${rounded(estimatedSeconds)} s; the limit is ${rounded(limit)} s`
  throw new QuesnayError('LIMIT_EXCEEDED', message, {
    path: 'lanes',
    limit,
    estimatedSeconds,
    suggestion:
      fit > 0 ? `ask for ${fit} lanes or fewer, or for fewer steps` : 'ask for fewer steps or a smaller model',
  })
}

function assertBudget(account: Account, { estimatedSeconds }: Asked, slots: number, now: number): void {
  const { limits, usedSeconds, reservedSeconds, costSeconds } = account
  const limit = limits.computeSecondsPerDay
  if (limit === null || usedSeconds + reservedSeconds + estimatedSeconds <= limit) return
  const midnight = dayOf(now).getTime() + DAY_MS - now
  // What is reserved may turn out to be enough once the runs that go on have ended.
  const sooner = usedSeconds + estimatedSeconds <= limit
  const retryAfterMs = sooner ? Math.min(midnight, within((costSeconds * 1000) / Math.max(1, slots))) : midnight
  const message = `of ${rounded(limit)} s a day ${rounded(usedSeconds)} s are used and ${rounded(reservedSeconds)} s reserved; the question is estimated at ${rounded(estimatedSeconds)} s`
  throw new QuesnayError('BUDGET_EXHAUSTED', message, {
    ...{ limit, usedSeconds, reservedSeconds, estimatedSeconds },
    retryAfterMs: Math.ceil(retryAfterMs),
    suggestion: sooner ? 'wait for runs to end, or cancel some' : 'ask again after midnight (UTC), or ask for less',
  })
}

const within = (ms: number) => Math.ceil(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, ms)))
const rounded = (seconds: number) => (seconds < 10 ? Number(seconds.toPrecision(3)) : Math.round(seconds))
