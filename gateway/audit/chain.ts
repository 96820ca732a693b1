// The rows of the audit and how they are chained: each row's hash holds that of the row before it.
import { canonicalJson, sha256 } from '../../schema/hash.ts'
import type { Versions } from '../versions.ts'

/** The types of operations, and what is none; each tenant has a chain for each. */
export const TYPES = ['query', 'mutation', 'subscription', 'invalid'] as const
export type AuditType = (typeof TYPES)[number]

/** One operation, as it is known when it has ended. */
export interface AuditEntry {
  readonly tenant: string
  readonly type: AuditType
  readonly id: string
  /** When it came, in milliseconds since 1970. */
  readonly at: number
  readonly subject: string
  readonly proof: string
  readonly requestId: string
  readonly traceId: string | null
  readonly operationName: string | null
  /** SHA-256 of the normalised text; of what is no operation, of the text as it came. */
  readonly operationHash: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Paths of what the variables leave out, by why. */
  readonly withheld: Readonly<Record<string, string>>
  readonly versions: Versions
  /** SHA-256 of the answer; null where there was none, and of subscriptions. */
  readonly resultHash: string | null
  readonly cost: unknown
  readonly durationMs: number
  /** `ok`, `started`, or the code of the first error. */
  readonly outcome: string
  /** Of the row that ends a subscription, or tells of the same once more: the id of the one before it. */
  readonly completes: string | null
  /** How many requests the row stands for; absent: one. */
  readonly times?: number
}

/** Place of a row in its chain; the first row is 1. */
export interface Link {
  readonly seq: number
  readonly hash: string
}

/** What stands before the first row of a chain. */
export const genesis = (tenant: string, type: AuditType): string => sha256(`quesnay audit ${tenant} ${type}`)

/** The row that follows `before`. Equal entries after equal rows give equal hashes. */
export function linkAfter(before: Link, entry: AuditEntry): Link {
  const seq = before.seq + 1
  return { seq, hash: sha256(`${before.hash}\n${canonicalJson({ ...entry, seq })}`) }
}
