// A shard's message made anew from the database.
import type { KernelRef, Origin, ResultSpec } from '../../schema/jobs.ts'
import type { JobClass } from '../../schema/terms/run.ts'
import { type Message, messageOf } from './envelope.ts'

/** A row of CLAIMED. */
export interface ClaimedShard {
  readonly tenant: string
  readonly job_id: string
  readonly shard: number
  readonly shard_key: string
  readonly lane_from: number
  readonly lane_to: number
  readonly attempt_epoch: number
  readonly class: JobClass
  readonly kernel_name: string
  readonly kernel_sha256: string
  readonly abi: number
  readonly parent_key: string
  readonly params_sha256: string
  readonly seed: string
  readonly result_spec: ResultSpec
  readonly chunk_steps: number
  readonly created_at: Date
  readonly deadline_at: Date | null
  readonly origin: Origin
}

/** Select list over fleet.shard s and fleet.job j. */
export const CLAIMED = `s.tenant, s.job_id, s.shard, s.shard_key, s.lane_from, s.lane_to, s.attempt_epoch, j.class, j.kernel_name,
  j.kernel_sha256, j.abi, j.parent_key, j.params_sha256, j.seed, j.result_spec, j.chunk_steps, j.created_at, j.deadline_at, j.origin`

/** Of the attempt that the row says. */
export function messageFor(s: ClaimedShard): Message {
  const kernel: KernelRef = { name: s.kernel_name, sha256: s.kernel_sha256, abi: s.abi }
  return messageOf({
    tenant: s.tenant,
    jobId: s.job_id,
    class: s.class,
    kernel,
    parentKey: s.parent_key,
    paramsSha256: s.params_sha256,
    seed: s.seed,
    spec: s.result_spec,
    chunkSteps: s.chunk_steps,
    submittedAt: s.created_at.getTime(),
    deadlineAt: s.deadline_at?.getTime() ?? Number.MAX_SAFE_INTEGER,
    shard: s.shard,
    shardKey: s.shard_key,
    range: { from: s.lane_from, to: s.lane_to },
    attemptEpoch: s.attempt_epoch,
    origin: s.origin,
  })
}
