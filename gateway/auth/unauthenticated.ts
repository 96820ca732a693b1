// The one way to say that credentials do not hold: what was wrong with them is told only where it helps their owner.
import { QuesnayError } from '../../schema/errors.ts'

/** The suggestion is for whoever has credentials; the cause goes nowhere but into a log. */
export function unauthenticated(cause?: unknown): QuesnayError {
  return new QuesnayError(
    'UNAUTHENTICATED',
    'the credentials do not hold',
    { suggestion: 'send a valid token (Authorization: Bearer TOKEN) or key (X-Api-Key: KEY)' },
    { cause },
  )
}

export function expired(what: 'token' | 'key'): QuesnayError {
  const suggestion = what === 'token' ? 'ask your issuer for a new token' : 'ask for a new key: `quesnay key create`'
  const reason = what === 'token' ? 'TOKEN_EXPIRED' : 'KEY_EXPIRED'
  return new QuesnayError('UNAUTHENTICATED', `the ${what} has expired`, { reason, suggestion })
}

/** Nobody's fault who sent the token. */
export function unverifiable(cause: unknown): QuesnayError {
  return new QuesnayError(
    'UNAUTHENTICATED',
    'the token cannot be verified now: its issuer does not answer',
    { reason: 'ISSUER_UNAVAILABLE', suggestion: 'try again in a minute' },
    { cause },
  )
}

export function anonymous(): QuesnayError {
  return new QuesnayError('UNAUTHENTICATED', 'the request carries no credentials', {
    suggestion: 'send a token (Authorization: Bearer TOKEN) or a key (X-Api-Key: KEY)',
  })
}
