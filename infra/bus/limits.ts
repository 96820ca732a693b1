// What every adapter of the bus holds to: sizes, times and counts.
import { QuesnayError } from '../../schema/errors.ts'
import type { ObjectBucketName, PullOptions } from './port.ts'

/** Classes of jobs, most urgent first (see JobClass), each with BUCKETS queues of its own. */
export const JOB_CLASSES: readonly string[] = ['p0', 'p1', 'p2']

/** NATS takes 1 MiB by default for subject headers and payload together; 4 KiB are left for headers and subject. */
export const MAX_MESSAGE_BYTES = 1024 * 1024 - 4096

export interface BusLimits {
  /** A delivery not settled within this time is delivered again. */
  readonly ackWaitMs: number
  /** After so many deliveries a message goes to the dead letters (`qz.dlq.<jobId>`). */
  readonly maxDeliver: number
  /** The same messageId within this time is stored once, also when the message is already done. */
  readonly duplicateWindowMs: number
  /** Messages the work queue holds before it answers OVERLOADED. */
  readonly maxQueued: number
  readonly eventAgeMs: number
  /** The oldest events go first. */
  readonly maxEvents: number
  /** How long an entry of qz_jobs lives: as long as a message of the work queue does. */
  readonly jobsTtlMs: number
  /** How long an entry of qz_workers lives without being put again. */
  readonly workersTtlMs: number
  /** How long an object of qz_blobs lives. */
  readonly blobsTtlMs: number
  /** Of one object. */
  readonly maxObjectBytes: number
  /** Of all objects of qz_blobs. */
  readonly blobsBytes: number
}

export const BUS_LIMITS: BusLimits = {
  ackWaitMs: 20_000,
  maxDeliver: 6,
  duplicateWindowMs: 120_000,
  maxQueued: 200_000,
  eventAgeMs: 3_600_000,
  maxEvents: 50_000,
  jobsTtlMs: 86_400_000,
  workersTtlMs: 15_000,
  blobsTtlMs: 86_400_000,
  maxObjectBytes: 512 * 1024 * 1024,
  blobsBytes: 1024 * 1024 * 1024,
}

/** Of the objects of a bucket: bytes of all of them, and how long each lives; 0 for ever. */
export function objectLimits(name: ObjectBucketName, limits: BusLimits): { maxBytes: number; ttlMs: number } {
  if (name === 'qz_blobs') return { maxBytes: limits.blobsBytes, ttlMs: limits.blobsTtlMs }
  return { maxBytes: 64 * 1024 * 1024, ttlMs: 0 }
}

/** Throws LIMIT_EXCEEDED where the payload is larger than MAX_MESSAGE_BYTES. */
export function assertSize(subject: string, data: Uint8Array): void {
  if (data.byteLength <= MAX_MESSAGE_BYTES) return
  throw new QuesnayError('LIMIT_EXCEEDED', `a message of ${data.byteLength} bytes is larger than the bus takes`, {
    path: subject,
    limit: MAX_MESSAGE_BYTES,
    suggestion: 'store large data by content and send its hash',
  })
}

/** Throws BAD_INPUT naming the option that is out of its range. */
export function assertPull({ classes, max, expiresMs }: PullOptions): void {
  const bad =
    classes.length === 0 || classes.some((name) => !JOB_CLASSES.includes(name))
      ? 'classes'
      : !Number.isSafeInteger(max) || max < 1
        ? 'max'
        : !(expiresMs >= 1000 && expiresMs <= 3_600_000)
          ? 'expiresMs'
          : undefined
  if (bad) throw new QuesnayError('BAD_INPUT', `pull: ${bad} is out of its range`, { path: bad })
}

/** Throws BAD_INPUT where a cursor of the event stream is not a whole number from 0. */
export function assertCursor(after: number | undefined): void {
  if (after === undefined || (Number.isSafeInteger(after) && after >= 0)) return
  throw new QuesnayError('BAD_INPUT', `listen: ${after} is no sequence of the event stream`, { path: 'after' })
}

/** Throws BAD_INPUT where a key is not made of letters, digits and `-_=./`, or begins or ends with a dot. */
export function assertKey(key: string): void {
  if (/^[\w=/-]+(\.[\w=/-]+)*$/.test(key)) return
  throw new QuesnayError('BAD_INPUT', `"${key}" is no key of a bucket`, { path: 'key' })
}

/** Throws BAD_INPUT where a name is not made of 1 to 255 letters, digits and `-_=.@/`. */
export function assertObjectName(name: string): void {
  if (/^[\w=.@/-]{1,255}$/.test(name)) return
  throw new QuesnayError('BAD_INPUT', `"${name}" is no name of an object`, { path: 'name' })
}

/** What every call answers after `close` and while the broker is away. */
export function unavailable(why: string, cause?: unknown): QuesnayError {
  return new QuesnayError('BUS_UNAVAILABLE', `the message bus ${why}`, {}, { cause })
}
