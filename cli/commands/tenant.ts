// quesnay tenant: what tenants may use, and what they have used; for operators, on the database itself.
import { type Account, loadAccount } from '../../compute/dispatch/admission/account.ts'
import {
  DEFAULT_LIMITS,
  type LimitsRow,
  loadLimits,
  saveLimits,
  type TenantLimits,
} from '../../compute/dispatch/admission/limits.ts'
import { systemClock } from '../../infra/clock.ts'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { type Cell, table } from '../output/table.ts'

interface TenantReport extends Omit<Account, 'limits'> {
  readonly tenant: string
  readonly limits: TenantLimits
}

const DEFAULT_NAME = '(default)'

/** Prints the limits of one tenant and what it uses, or those of all that have a row and the defaults. */
export async function showLimits(store: Store, tenant: string | undefined, json: boolean): Promise<void> {
  if (tenant !== undefined) assertTenant(tenant)
  const tenants = tenant === undefined ? (await loadLimits(store)).map((row) => row.tenant) : [tenant]
  const reports = await Promise.all(tenants.map((name) => reportOf(store, name)))
  print(reports, json, tenant === undefined)
}

/** Sets limits of a tenant and prints them all. BAD_INPUT where nothing is set or a value is out of its range. */
export async function setLimits(
  store: Store,
  tenant: string,
  limits: Partial<LimitsRow>,
  json: boolean,
): Promise<void> {
  assertTenant(tenant)
  if (Object.keys(limits).length === 0)
    throw new QuesnayError('BAD_INPUT', 'nothing to set', {
      path: 'tenant set',
      suggestion: 'name a limit, as in --in-flight 64',
    })
  for (const [name, value] of Object.entries(limits)) assertLimit(name as keyof TenantLimits, value)
  await saveLimits(store, tenant, limits)
  print([await reportOf(store, tenant)], json, false)
}

async function reportOf(store: Store, tenant: string): Promise<TenantReport> {
  return { tenant, ...(await loadAccount(store, tenant, systemClock.now())) }
}

/** Errors: BAD_INPUT. */
export function assertTenant(tenant: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenant)) return
  throw new QuesnayError('BAD_INPUT', `"${tenant}" is no tenant`, {
    path: 'tenant',
    suggestion: 'use lower-case letters, digits and hyphens, at most 63',
  })
}

/** Limits that count shards or jobs. */
const WHOLE: ReadonlySet<keyof TenantLimits> = new Set(['shardsInFlight', 'shardsWaiting', 'jobsRunning'])

function assertLimit(name: keyof TenantLimits, value: number | null): void {
  if (value === null) return
  const good = WHOLE.has(name)
    ? Number.isSafeInteger(value) && value >= 1
    : Number.isFinite(value) && (value > 0 || (value === 0 && name === 'computeSecondsPerDay'))
  if (good) return
  const must = WHOLE.has(name) ? 'a whole number from 1' : 'a number above 0'
  throw new QuesnayError('BAD_INPUT', `${name} must be ${must}, and is ${value}`, { path: name })
}

function print(reports: readonly TenantReport[], json: boolean, withDefaults: boolean): void {
  if (json) {
    const tenants = reports.map(({ costSeconds: _cost, ...report }) => report)
    return void process.stdout.write(
      `${JSON.stringify(withDefaults ? { defaults: DEFAULT_LIMITS, tenants } : tenants[0])}\n`,
    )
  }
  const rows = reports.map(({ tenant, limits, ...used }) => row(tenant, limits, used))
  if (withDefaults) rows.unshift(row(DEFAULT_NAME, DEFAULT_LIMITS))
  process.stdout.write(`${table(HEADER, rows, [1, 2, 3, 4, 5, 6, 7, 8, 9])}\n`)
}

const HEADER = [
  ...['tenant', 'in flight', 'waiting', 'jobs', 's/question', 's/day', 'weight'],
  ...['waits now', 'used today', 'reserved'],
]

function row(tenant: string, limits: TenantLimits, used?: Omit<Account, 'limits'>): Cell[] {
  const seconds = (value: number | undefined) => (value === undefined ? '' : value.toFixed(1))
  return [
    tenant,
    limits.shardsInFlight ?? 'by fleet',
    limits.shardsWaiting,
    limits.jobsRunning ?? 'any',
    limits.secondsPerQuestion,
    limits.computeSecondsPerDay ?? 'any',
    limits.weight,
    used ? String(used.shards) : '',
    seconds(used?.usedSeconds),
    seconds(used?.reservedSeconds),
  ]
}
