// Where a subscriber stands in the stream of events, as a text that it gives back to go on from there.
import { createHash } from 'node:crypto'
import { QuesnayError } from '../../schema/errors.ts'

const FORM = /^1\.([0-9a-z]{1,11})\.([\w-]{16})$/

/**
 * The sequence and what it belongs to: 96 bits of the SHA-256 of the pattern, which begins with the tenant. It is no secret: whoever
 * makes one up is told no more than events of its own tenant and subject, which it may have anyway.
 */
export function cursorOf(pattern: string, sequence: number): string {
  return Buffer.from(`1.${sequence.toString(36)}.${belongingOf(pattern)}`).toString('base64url')
}

/** The sequence of a cursor. BAD_INPUT where it is none, or of another subscription or tenant. */
export function sequenceOf(cursor: string, pattern: string): number {
  const [, digits = '', belonging] = FORM.exec(Buffer.from(cursor.slice(0, 100), 'base64url').toString('latin1')) ?? []
  const sequence = Number.parseInt(digits, 36)
  if (belonging === belongingOf(pattern) && Number.isSafeInteger(sequence)) return sequence
  throw new QuesnayError('BAD_INPUT', 'the cursor is not of this subscription', {
    path: 'extensions.cursor',
    suggestion:
      'give a cursor that came with the same field, arguments and tenant, or none: then the state now comes first',
  })
}

const belongingOf = (pattern: string) => createHash('sha256').update(pattern).digest('base64url').slice(0, 16)
