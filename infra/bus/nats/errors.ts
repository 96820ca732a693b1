// Errors of the NATS client, told in our codes.
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { QuesnayError } from '../../../schema/errors.ts'
import { unavailable } from '../limits.ts'

/** JSStreamStoreFailedF and the resource errors of nats-server's errors.json: the stream or the disk is full. */
const FULL: readonly number[] = [10023, 10047, 10077]
const MISSING: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound]

/** True where a message was to follow another one of its subject, and somebody else's came between: JSStreamWrongLastSequenceErrF. */
export function isWrongSequence(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence
}

/** True where nobody listens on the subject: the stream or consumer behind it does not exist. */
export function isNoResponders(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e instanceof errors.NoRespondersError) return true
  return false
}

/** True where a stream or consumer that we made is not there any more. */
export function isMissing(error: unknown): boolean {
  return (error instanceof JetStreamApiError && MISSING.includes(error.code)) || isNoResponders(error)
}

export function toBusError(error: unknown): QuesnayError {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof JetStreamApiError && FULL.includes(error.code))
    return new QuesnayError('OVERLOADED', `the message bus is full: ${text}`, { retryAfterMs: 1000 }, { cause: error })
  return unavailable(`does not answer: ${text}`, error)
}
