// Links to stored objects that the gateway serves: signed by whoever stored one, for one tenant, until a time.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { QuesnayError } from '../schema/errors.ts'
import { sha256 } from '../schema/hash.ts'
import type { Bus } from './bus/port.ts'

/** Path below the gateway's address under which objects are served. */
export const OBJECTS_PATH = '/objects/'

const KEY = 'links'

/**
 * What links are signed with: made once by whoever signs first, and kept beside the objects. Whoever loses that loses the objects
 * too, so that no link outlives what it leads to; and who can read the bus can read the objects without any link.
 */
export async function linkKey(bus: Bus): Promise<Uint8Array | undefined> {
  return (await bus.bucket('qz_keys')).get(KEY)
}

export async function ensureLinkKey(bus: Bus): Promise<Uint8Array> {
  const bucket = await bus.bucket('qz_keys')
  const there = await bucket.get(KEY)
  if (there) return there
  const made = randomBytes(32)
  return (await bucket.create(KEY, made)) ? made : ((await bucket.get(KEY)) ?? made)
}

/** The name of a tenant's object: tenants are told apart by a hash, which any tenant's name has. */
export function objectName(tenant: string, name: string): string {
  return `${tenantPart(tenant)}/${name}`
}

const tenantPart = (tenant: string) => sha256(`tenant ${tenant}`).slice(0, 24)

/** Path and query of a link. @param expiresAt ms of the clock. */
export function linkTo(key: Uint8Array, name: string, expiresAt: number): string {
  return `${OBJECTS_PATH}${name}?expires=${expiresAt}&signature=${signatureOf(key, name, expiresAt)}`
}

/**
 * The name that a link leads to. FORBIDDEN where its signature is wrong or its time over, NOT_FOUND for another tenant.
 * @param path with its query.
 */
export function nameInLink(key: Uint8Array | undefined, path: string, tenant: string, now: number): string {
  const url = new URL(path, 'http://gateway')
  const name = url.pathname.slice(OBJECTS_PATH.length)
  const expires = url.searchParams.get('expires') ?? ''
  const given = Buffer.from(url.searchParams.get('signature') ?? '', 'base64url')
  const right = key && Buffer.from(signatureOf(key, name, Number(expires)), 'base64url')
  const suggestion = 'ask for the link again: Run.download'
  const isSigned = right && /^\d{1,16}$/.test(expires) && given.length === right.length && timingSafeEqual(given, right)
  if (!isSigned) throw new QuesnayError('FORBIDDEN', 'the link is not signed by this server', { suggestion })
  if (!name.startsWith(`${tenantPart(tenant)}/`)) throw new QuesnayError('NOT_FOUND', 'no such object', { suggestion })
  if (Number(expires) <= now) throw new QuesnayError('FORBIDDEN', 'the link has expired', { suggestion })
  return name
}

function signatureOf(key: Uint8Array, name: string, expiresAt: number): string {
  return createHmac('sha256', key).update(`${name}\n${expiresAt}`).digest('base64url')
}
