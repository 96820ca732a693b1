// Conditional GET (RFC 9110, 13.1.2): who has the answer already is told so in place of getting it again.
import type { IncomingHttpHeaders } from 'node:http'
import { sha256 } from '../../schema/hash.ts'

/** A strong validator: equal for equal bytes alone. */
export const etagOf = (body: string): string => `"${sha256(body)}"`

/** Whether If-None-Match names the answer; compared weakly, because whoever compresses in between weakens it. */
export function isKnown({ 'if-none-match': given }: IncomingHttpHeaders, etag: string): boolean {
  if (given === undefined) return false
  if (given.trim() === '*') return true
  return given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}
