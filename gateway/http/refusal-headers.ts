// What a refused request is told in headers: how to authenticate, when to come again.
import type { WireError } from '../../schema/errors.ts'

export function refusalHeaders({ code, detail }: Pick<WireError, 'code' | 'detail'>): Readonly<Record<string, string>> {
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': challenge(detail['reason']) }
  const { retryAfterSeconds } = detail
  return typeof retryAfterSeconds === 'number' ? { 'retry-after': String(retryAfterSeconds) } : {}
}

/** What to send instead, as RFC 6750, section 3, says it. */
const challenge = (reason: unknown): string =>
  `Bearer realm="quesnay"${reason === 'TOKEN_EXPIRED' ? ', error="invalid_token", error_description="the token has expired"' : ''}`
