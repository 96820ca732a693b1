// quesnay key: API keys of the gateway, on the database itself.
import { type ApiKey, createKey, listKeys, revokeKey } from '../../gateway/auth/api-keys.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import type { Store } from '../../infra/store/port.ts'
import type { Tier } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { table } from '../output/table.ts'
import { assertTenant } from './tenant.ts'

export interface KeyOptions {
  readonly label: string
  readonly tenant?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly roles?: readonly string[] | undefined
  readonly tier: Tier
  readonly seconds?: number | undefined
  readonly json?: boolean | undefined
}

/** Errors: BAD_INPUT. */
export async function makeKey(store: Store, config: Config, options: KeyOptions): Promise<void> {
  const { label, tenant = config.tenant, scopes = [], roles = [], tier, seconds, json } = options
  assertTenant(tenant)
  if (!/^[\w.:-]{1,64}$/.test(label))
    throw new QuesnayError('BAD_INPUT', `"${label}" is no label`, {
      path: 'label',
      suggestion: 'use letters, digits, points, colons and hyphens, at most 64',
    })
  const expiresAt = seconds === undefined ? null : clock.now() + seconds * 1000
  const { id, text } = await createKey(store, { tenant, label, scopes, roles, tier, expiresAt }, clock)
  if (json)
    process.stdout.write(
      `${JSON.stringify({ id, key: text, tenant, label, scopes, roles, tier, expiresAt: iso(expiresAt) })}\n`,
    )
  else process.stdout.write(`${text}\n`)
}

export async function showKeys(store: Store, tenant: string | undefined, json: boolean): Promise<void> {
  if (tenant !== undefined) assertTenant(tenant)
  const keys = (await listKeys(store, tenant)).map(shown)
  if (json) return void process.stdout.write(`${JSON.stringify(keys)}\n`)
  const rows = keys.map((key) => [
    key.id,
    key.tenant,
    key.label,
    key.scopes.join(' '),
    key.roles.join(' '),
    key.tier,
    key.state,
    key.lastUsedAt,
  ])
  process.stdout.write(`${table(['id', 'tenant', 'label', 'scopes', 'roles', 'tier', 'state', 'last used'], rows)}\n`)
}

/** Errors: NOT_FOUND. */
export async function endKey(store: Store, id: string, json: boolean): Promise<void> {
  await revokeKey(store, id, clock)
  process.stdout.write(json ? `${JSON.stringify({ id, revoked: true })}\n` : `${id} is revoked\n`)
}

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())

function shown({ createdAt, expiresAt, revokedAt, lastUsedAt, ...key }: ApiKey) {
  const ended = expiresAt !== null && expiresAt <= clock.now()
  const state =
    revokedAt !== null
      ? 'revoked'
      : ended
        ? 'expired'
        : expiresAt === null
          ? 'valid'
          : `until ${iso(expiresAt)!.slice(0, 10)}`
  const times = {
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    revokedAt: iso(revokedAt),
    lastUsedAt: iso(lastUsedAt),
  }
  return { ...key, state, ...times }
}
