// Makes a shard's message: what the outbox holds, and what the sweeper sends again.
import { canonicalJson, sha256 } from '../../schema/hash.ts'
import {
  ENVELOPE_VERSION,
  type KernelRef,
  type LaneRange,
  type Origin,
  type PopulationSpec,
  type ResultSpec,
  type ShardEnvelope,
  type SpecReference,
  subjects,
} from '../../schema/jobs.ts'
import type { JobClass } from '../../schema/terms/run.ts'
import type { JobKey } from './context.ts'

export interface EnvelopeParts {
  readonly tenant: string
  readonly jobId: string
  readonly class: JobClass
  readonly kernel: KernelRef
  readonly parentKey: string
  readonly paramsSha256: string
  readonly seed: string
  readonly spec: ResultSpec
  readonly chunkSteps: number
  readonly submittedAt: number
  readonly deadlineAt: number
  readonly shard: number
  readonly shardKey: string
  readonly range: LaneRange
  readonly attemptEpoch: number
  readonly origin?: Origin
}

export interface Message {
  readonly subject: string
  /** The job is part of it: an equal question asked anew within the bus's window of duplicates is another message. */
  readonly messageId: string
  readonly body: Uint8Array
}

/** What is asked of a population is longer than an envelope may be: it is stored by its hash. */
export function encodeSpec(spec: PopulationSpec): Uint8Array {
  return new TextEncoder().encode(canonicalJson(spec))
}

const specReference = (spec: ResultSpec): SpecReference =>
  spec.kind === 'POPULATION' ? { kind: spec.kind, sha256: sha256(encodeSpec(spec)) } : spec

export function messageOf(parts: EnvelopeParts): Message {
  const { tenant, jobId, shard, attemptEpoch } = parts
  const envelope: ShardEnvelope = {
    v: ENVELOPE_VERSION,
    jobId,
    shard,
    shardKey: parts.shardKey,
    parentKey: parts.parentKey,
    tenant,
    class: parts.class,
    kernel: parts.kernel,
    params: { sha256: parts.paramsSha256 },
    seed: parts.seed,
    range: parts.range,
    chunkSteps: parts.chunkSteps,
    deadlineAt: parts.deadlineAt,
    attemptEpoch,
    submittedAt: parts.submittedAt,
    resultSpec: specReference(parts.spec),
    ...parts.origin,
  }
  return {
    subject: subjects.job(envelope),
    messageId: `${jobId}.${shard}#${attemptEpoch}`,
    body: new TextEncoder().encode(JSON.stringify(envelope)),
  }
}

/**
 * Pattern of a job's queued messages, or of one shard's. Class and bucket stay open on purpose: nats-server 2.9 lets a consumer
 * skip all it has yet to deliver when a part of its own subjects is purged by name.
 */
export function queued({ tenant, jobId }: JobKey, shard?: number): string {
  return `qz.job.*.*.${tenant}.${jobId}.${shard ?? '*'}`
}
