// What becomes of a shard that did not succeed: the job fails, the shard is tried again, or it was given up.
import { type ErrorCode, isQuesnayError, toWireError, type WireError } from '../../schema/errors.ts'
import { TaskCancelled, ThreadDied } from './thread-pool.ts'

export type Failure =
  /** Trying again would end the same: the job fails on the first attempt. */
  | { readonly kind: 'DETERMINISTIC'; readonly error: WireError }
  /** The surroundings failed: given back, to be tried again later. */
  | { readonly kind: 'TRANSIENT'; readonly error: WireError }
  /** The thread died or hung: tried again once, then it is the shard's fault. */
  | { readonly kind: 'DEATH' }
  | { readonly kind: 'CANCELLED' }

/** Codes that say something of the question or of the kernel, and not of the moment. */
const DETERMINISTIC: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_INPUT',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
  'MODEL_INVALID',
  'CONSTRUCT_UNSUPPORTED',
  'NOT_A_NUMBER',
  'NOT_CONVERGED',
  'ASSERTION_FAILED',
  'KERNEL_REFUSED',
  'KERNEL_FAILED',
  'ENVELOPE_REFUSED',
  'DETERMINISM_ALARM',
])
/** A fault that we have no name for may pass; after so many deliveries it is held to stay. */
const UNKNOWN_ATTEMPTS = 3
const MAX_DELAY_MS = 60_000

export function classify(error: unknown, attempt: number): Failure {
  if (error instanceof TaskCancelled) return { kind: 'CANCELLED' }
  if (error instanceof ThreadDied) return { kind: 'DEATH' }
  const wire = toWireError(error)
  if (DETERMINISTIC.has(wire.code)) return { kind: 'DETERMINISTIC', error: wire }
  const unknown = !isQuesnayError(error) || wire.code === 'INTERNAL'
  if (unknown && attempt >= UNKNOWN_ATTEMPTS)
    return { kind: 'DETERMINISTIC', error: { ...wire, message: 'Something failed inside.' } }
  return { kind: 'TRANSIENT', error: wire }
}

/** min(60 s, first * 2^(attempt - 1)) and up to a quarter more, so that what failed together does not come back together. */
export function backoffMs(firstMs: number, attempt: number, jitter: number): number {
  return Math.round(Math.min(MAX_DELAY_MS, firstMs * 2 ** Math.min(attempt - 1, 10)) * (1 + jitter / 4))
}
