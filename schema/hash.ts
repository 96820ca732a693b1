// Canonical JSON (RFC 8785) and its SHA-256: the one way an input gets its identity.
import { createHash } from 'node:crypto'
import canonicalizeModule from 'canonicalize'

// The package is CommonJS with a default export; under nodenext the callable is the module itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined

/** Canonical JSON text of a value: sorted keys, no white space. NaN and infinities throw. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('undefined has no canonical JSON')
  return text
}

/** Lower-case hex SHA-256 of bytes or UTF-8 text. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

/** SHA-256 of a value's canonical JSON. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
