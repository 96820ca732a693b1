// The job envelope (JSON, under 8 kB), its subjects and its keys: what dispatch and workers say to each other.
import { QuesnayError } from './errors.ts'
import { hashOf } from './hash.ts'
import type { JobClass, RunStatus } from './terms/run.ts'

export const ENVELOPE_VERSION = 1
/** Shards start at multiples of this many lanes, whatever the fleet's size. */
export const LANE_ALIGNMENT = 64
export const BUCKETS = 16

export interface KernelRef {
  readonly name: string
  readonly sha256: string
  readonly abi: number
}

export interface LaneRange {
  readonly from: number
  readonly to: number
}

/**
 * What becomes of the lanes of a shard when they are merged.
 * ENSEMBLE: per output and saved time, mean, standard deviation and the quantiles named, over all lanes.
 * LANES: the values themselves, [output][saved time][lane].
 */
export type ResultSpec =
  | { readonly kind: 'ENSEMBLE'; readonly probabilities: readonly number[] }
  | { readonly kind: 'LANES' }

export interface ShardEnvelope {
  readonly v: number
  readonly jobId: string
  readonly shard: number
  readonly shardKey: string
  readonly parentKey: string
  readonly tenant: string
  readonly class: JobClass
  readonly kernel: KernelRef
  /** The canonical JSON of { plan, inputs, series, columns } is stored by content; a worker keeps what it has read. */
  readonly params: { readonly sha256: string }
  /** u64 as a decimal string. */
  readonly seed: string
  readonly range: LaneRange
  readonly chunkSteps: number
  readonly deadlineAt: number
  readonly attemptEpoch: number
  readonly submittedAt: number
  readonly resultSpec: ResultSpec
}

/** What identifies a question: equal keys have equal results, bit for bit. */
export interface QuestionKey {
  readonly kernel: string
  readonly abi: number
  readonly params: string
  readonly seed: string
  readonly lanes: number
  readonly resultSpec: ResultSpec
}

export function parentKeyOf(question: QuestionKey): string {
  return hashOf(question)
}

export function shardKeyOf(question: QuestionKey, range: LaneRange): string {
  return hashOf({ ...question, range })
}

/** 32-bit FNV-1a of the tenant, modulo the number of buckets. */
export function bucketOf(tenant: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(tenant)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash % BUCKETS
}

export const subjects = {
  job: (e: Pick<ShardEnvelope, 'class' | 'tenant' | 'jobId' | 'shard'>) =>
    `qz.job.${e.class}.${bucketOf(e.tenant)}.${e.tenant}.${e.jobId}.${e.shard}`,
  /** Events are addressed to runs: two runs that share one job each hear of it. */
  event: (tenant: string, runId: string, kind: 'state' | 'progress') => `qz.ev.${tenant}.${runId}.${kind}`,
  events: (tenant: string, runId: string) => `qz.ev.${tenant}.${runId}.*`,
  cancel: (jobId: string) => `qz.ctl.cancel.${jobId}`,
  drain: (workerId: string) => `qz.adm.drain.${workerId}`,
  dlq: (jobId: string) => `qz.dlq.${jobId}`,
} as const

/** Body of a run's event: enough to show progress without a further look-up. */
export interface RunEvent {
  readonly runId: string
  readonly status: RunStatus
  readonly shardsDone: number
  readonly shardsTotal: number
}

const text = (value: unknown): value is string => typeof value === 'string' && value.length > 0
const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** Reads an envelope; throws ENVELOPE_REFUSED naming the first member that is wrong. */
export function parseEnvelope(bytes: Uint8Array): ShardEnvelope {
  let e: ShardEnvelope
  try {
    e = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as ShardEnvelope
  } catch (cause) {
    throw new QuesnayError('ENVELOPE_REFUSED', 'the envelope is not JSON', { path: '' }, { cause })
  }
  const bad = faultOf(e)
  if (bad) throw new QuesnayError('ENVELOPE_REFUSED', `the envelope's ${bad} is wrong`, { path: bad })
  return e
}

function faultOf(e: ShardEnvelope | null): string | undefined {
  if (typeof e !== 'object' || e === null) return 'body'
  if (e.v !== ENVELOPE_VERSION) return 'v'
  if (!text(e.jobId)) return 'jobId'
  if (!whole(e.shard)) return 'shard'
  if (!text(e.shardKey)) return 'shardKey'
  if (!text(e.parentKey)) return 'parentKey'
  if (!text(e.tenant)) return 'tenant'
  if (!text(e.kernel?.name) || !text(e.kernel.sha256) || !whole(e.kernel.abi)) return 'kernel'
  if (!text(e.params?.sha256)) return 'params'
  if (!/^\d{1,20}$/.test(String(e.seed))) return 'seed'
  if (!whole(e.range?.from) || !whole(e.range.to) || e.range.to <= e.range.from) return 'range'
  if (!whole(e.chunkSteps)) return 'chunkSteps'
  if (!whole(e.deadlineAt)) return 'deadlineAt'
  if (!whole(e.attemptEpoch)) return 'attemptEpoch'
  if (e.resultSpec?.kind !== 'LANES' && e.resultSpec?.kind !== 'ENSEMBLE') return 'resultSpec'
  return undefined
}
