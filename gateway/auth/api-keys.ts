// API keys: made, listed, revoked and verified; of each the database keeps a hash only.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../infra/clock.ts'
import type { Sql } from '../../infra/store/port.ts'
import type { Tier } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'

export interface NewKey {
  readonly tenant: string
  /** What it is for, such as nightly-import; the subject of what it asks. */
  readonly label: string
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly tier: Tier
  /** In milliseconds since 1970; null: never. */
  readonly expiresAt: number | null
}

export interface ApiKey extends NewKey {
  readonly id: string
  readonly createdAt: number
  readonly revokedAt: number | null
  /** To the minute. */
  readonly lastUsedAt: number | null
}

/** A row with what the secret is compared with. */
export interface StoredKey extends ApiKey {
  readonly hash: Buffer
}

const KEY = /^qz_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

const instant = (column: string, name: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${name}"`
const COLUMNS = [
  ...['id', 'tenant', 'label', 'hash', 'scopes', 'roles', 'tier'],
  instant('created_at', 'createdAt'),
  instant('expires_at', 'expiresAt'),
  instant('revoked_at', 'revokedAt'),
  instant('last_used_at', 'lastUsedAt'),
].join(', ')

/**
 * SHA-256, with neither salt nor stretching: the secret is 256 random bits, which nobody finds by guessing, however fast. What people
 * choose for themselves would need a slow hash.
 */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Id and secret of a text that has the form of a key. */
export function partsOf(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = KEY.exec(text) ?? []
  return id !== undefined && secret !== undefined ? { id, secret } : undefined
}

export const matches = (secret: string, { hash }: StoredKey): boolean => timingSafeEqual(hashOf(secret), hash)

/** Makes a key. Its text, `qz_ID_SECRET`, is given this once and never again. */
export async function createKey(
  sql: Sql,
  key: NewKey,
  clock: Clock,
): Promise<{ readonly id: string; readonly text: string }> {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  await sql.query(
    `insert into gateway.api_key (id, tenant, label, hash, scopes, roles, tier, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), to_timestamp($9::float8 / 1000.0))`,
    [id, key.tenant, key.label, hashOf(secret), key.scopes, key.roles, key.tier, clock.now(), key.expiresAt],
  )
  return { id, text: `qz_${id}_${secret}` }
}

export async function loadKey(sql: Sql, id: string): Promise<StoredKey | undefined> {
  const [row] = await sql.query<StoredKey>(`select ${COLUMNS} from gateway.api_key where id = $1`, [id])
  return row
}

/** Keys of one tenant, or of all, the newest first. */
export async function listKeys(sql: Sql, tenant?: string): Promise<ApiKey[]> {
  const rows = await sql.query<StoredKey>(
    `select ${COLUMNS} from gateway.api_key where $1::text is null or tenant = $1 order by created_at desc, id`,
    [tenant ?? null],
  )
  return rows.map(({ hash: _, ...key }) => key)
}

/** From now on, it holds nowhere that has not seen it within seconds. NOT_FOUND where there is no such key. */
export async function revokeKey(sql: Sql, id: string, clock: Clock): Promise<void> {
  const rows = await sql.query(
    `update gateway.api_key set revoked_at = coalesce(revoked_at, to_timestamp($2 / 1000.0)) where id = $1 returning id`,
    [id, clock.now()],
  )
  if (rows.length > 0) return
  throw new QuesnayError('NOT_FOUND', `no key ${id}`, { path: 'id', suggestion: 'quesnay key list names them' })
}

export async function noteUse(sql: Sql, id: string, now: number): Promise<void> {
  await sql.query(
    `update gateway.api_key set last_used_at = to_timestamp($2 / 1000.0)
     where id = $1 and (last_used_at is null or last_used_at <= to_timestamp($2 / 1000.0) - interval '1 minute')`,
    [id, now],
  )
}
