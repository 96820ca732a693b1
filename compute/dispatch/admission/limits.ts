// What a tenant may use: its row of fleet.tenant_limit, and the defaults where that says nothing.
import type { Sql } from '../../../infra/store/port.ts'
import type { Capacity } from './capacity.ts'

export interface TenantLimits {
  /** Shards of each class that are on the bus and not finished. null: by the size of the fleet, see flowCap. */
  readonly shardsInFlight: number | null
  /** Shards that are not finished, in flight or not; beyond, OVERLOADED. */
  readonly shardsWaiting: number
  /** Jobs with shards in flight; further ones wait QUEUED. null: as many as the shards allow. */
  readonly jobsRunning: number | null
  /** Computed and reserved seconds of a day (UTC); beyond, BUDGET_EXHAUSTED. null: no budget. */
  readonly computeSecondsPerDay: number | null
  /** Estimated seconds of one question; beyond, LIMIT_EXCEEDED. */
  readonly secondsPerQuestion: number
  /** Share in admission, in proportion to other tenants'. */
  readonly weight: number
}

export const DEFAULT_LIMITS: TenantLimits = {
  shardsInFlight: null,
  shardsWaiting: 20_000,
  jobsRunning: null,
  computeSecondsPerDay: null,
  secondsPerQuestion: 36_000,
  weight: 1,
}

/** Column of each limit. */
export const LIMIT_COLUMNS: Readonly<Record<keyof TenantLimits, string>> = {
  shardsInFlight: 'shards_in_flight',
  shardsWaiting: 'shards_waiting',
  jobsRunning: 'jobs_running',
  computeSecondsPerDay: 'compute_seconds_per_day',
  secondsPerQuestion: 'seconds_per_question',
  weight: 'weight',
}

/** Select list of a row, under the names of TenantLimits. */
export const LIMITS_OF_ROW = Object.entries(LIMIT_COLUMNS)
  .map(([name, column]) => `l.${column} as "${name}"`)
  .join(', ')

export type LimitsRow = { readonly [Name in keyof TenantLimits]: TenantLimits[Name] | null }

/** The limits that hold: of the row, or by default. */
export function limitsOf(row: LimitsRow, defaults: TenantLimits = DEFAULT_LIMITS): TenantLimits {
  const entries = Object.keys(LIMIT_COLUMNS).map((name) => {
    const key = name as keyof TenantLimits
    return [key, row[key] ?? defaults[key]]
  })
  return Object.fromEntries(entries) as unknown as TenantLimits
}

/**
 * Shards of one tenant and class that may be on the bus by default: enough to keep every thread at work while more are admitted, and so few
 * that a tenant whose queue on the bus is the same waits for no more than these.
 */
export function flowCap({ slots }: Capacity): number {
  return Math.max(32, 4 * slots)
}

/** Shards of all tenants that may be on the bus: beyond, the order in the database decides and not that of the bus. */
export function busCap({ slots }: Capacity): number {
  return Math.max(1024, 16 * slots)
}

export interface TenantLimitsRow extends LimitsRow {
  readonly tenant: string
}

/** Rows of one tenant, or of all, by name. */
export function loadLimits(sql: Sql, tenant?: string): Promise<TenantLimitsRow[]> {
  return sql.query<TenantLimitsRow>(
    `select l.tenant, ${LIMITS_OF_ROW} from fleet.tenant_limit l where $1::text is null or l.tenant = $1 order by l.tenant`,
    [tenant ?? null],
  )
}

/** Sets limits of a tenant; null brings the default back, what is not named stays. */
export async function saveLimits(sql: Sql, tenant: string, limits: Partial<LimitsRow>): Promise<void> {
  const names = Object.keys(limits) as (keyof TenantLimits)[]
  const columns = names.map((name) => LIMIT_COLUMNS[name])
  const values = names.map((_, i) => `$${i + 2}`)
  const sets = [...columns.map((column) => `${column} = excluded.${column}`), 'updated_at = now()']
  await sql.query(
    `insert into fleet.tenant_limit (${['tenant', ...columns].join(', ')}) values (${['$1', ...values].join(', ')})
     on conflict (tenant) do update set ${sets.join(', ')}`,
    [tenant, ...names.map((name) => limits[name] ?? null)],
  )
}
