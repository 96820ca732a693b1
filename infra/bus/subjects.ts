// Subjects and patterns of the bus, as NATS defines them: dotted tokens, `*` for one token, a trailing `>` for the rest.
import { QuesnayError } from '../../schema/errors.ts'
import { BUCKETS } from '../../schema/jobs.ts'
import { JOB_CLASSES } from './limits.ts'

export const QUEUE_PATTERN = 'qz.job.>'
export const EVENTS_PATTERN = 'qz.ev.>'

const TOKEN = /^[^\s.*>]+$/

/** Throws BAD_INPUT where the subject has an empty token, white space or a wildcard. */
export function assertSubject(subject: string): void {
  if (subject.length <= 255 && subject.split('.').every((token) => TOKEN.test(token))) return
  throw new QuesnayError('BAD_INPUT', `"${subject}" is no subject`, { path: 'subject' })
}

/** Throws BAD_INPUT where the pattern is malformed: `*` and `>` stand alone, `>` only at the end. */
export function assertPattern(pattern: string): void {
  const tokens = pattern.split('.')
  const good = tokens.every((t, i) => TOKEN.test(t) || t === '*' || (t === '>' && i === tokens.length - 1))
  if (pattern.length <= 255 && good) return
  throw new QuesnayError('BAD_INPUT', `"${pattern}" is no pattern of subjects`, { path: 'pattern' })
}

/** True where the subject matches the pattern; a trailing `>` takes one token or more. */
export function matches(pattern: string, subject: string): boolean {
  if (pattern === subject) return true
  const want = pattern.split('.')
  const have = subject.split('.')
  for (let i = 0; i < want.length; i++) {
    if (want[i] === '>') return have.length > i
    if (i >= have.length || (want[i] !== '*' && want[i] !== have[i])) return false
  }
  return want.length === have.length
}

/** True where some subject matches both patterns. */
export function overlap(a: string, b: string): boolean {
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; ; i++) {
    const l = left[i]
    const r = right[i]
    if (l === undefined || r === undefined) return l === r
    if (l === '>' || r === '>') return true
    if (l !== r && l !== '*' && r !== '*') return false
  }
}

/** Throws BAD_INPUT unless everything the pattern matches lies below the stream's own pattern (`qz.ev.>`). */
export function assertBelow(pattern: string, stream: string): void {
  assertPattern(pattern)
  if (pattern.startsWith(stream.slice(0, -1))) return
  throw new QuesnayError('BAD_INPUT', `"${pattern}" does not lie below ${stream}`, { path: 'pattern' })
}

/** Throws BAD_INPUT where the pattern reaches into the work queue or the event stream, which are not published to. */
export function assertPlain(pattern: string): void {
  assertPattern(pattern)
  for (const stream of [QUEUE_PATTERN, EVENTS_PATTERN])
    if (overlap(pattern, stream))
      throw new QuesnayError(
        'BAD_INPUT',
        `"${pattern}" reaches into ${stream}: use enqueue and pull, emit and listen`,
        {
          path: 'pattern',
        },
      )
}

export interface JobRoute {
  readonly jobClass: string
  readonly bucket: number
  readonly jobId: string
}

/** Reads `qz.job.<class>.<bucket>.<tenant>.<jobId>.<shard>`; throws BAD_INPUT where it is not of that form. */
export function routeOf(subject: string): JobRoute {
  assertSubject(subject)
  const [root, kind, jobClass = '', digits = '', , jobId = '', shard, more] = subject.split('.')
  const bucket = /^\d{1,2}$/.test(digits) ? Number(digits) : Number.NaN
  const known = root === 'qz' && kind === 'job' && JOB_CLASSES.includes(jobClass) && bucket < BUCKETS
  if (known && String(bucket) === digits && shard !== undefined && more === undefined)
    return { jobClass, bucket, jobId }
  throw new QuesnayError('BAD_INPUT', `"${subject}" is not qz.job.<class>.<bucket>.<tenant>.<jobId>.<shard>`, {
    path: 'subject',
  })
}
