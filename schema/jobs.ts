// The job envelope (JSON, under 8 kB), its subjects and its keys: what dispatch and workers say to each other.
import { QuesnayError } from './errors.ts'
import { hashOf } from './hash.ts'
import type { JobClass, RunStatus } from './terms/run.ts'
import { knownTraceparent, readTraceparent } from './trace-context.ts'

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
 * POPULATION: sums, rank groups, distributions and poverty of lanes with weights; see PopulationSpec.
 */
export type ResultSpec =
  | { readonly kind: 'ENSEMBLE'; readonly probabilities: readonly number[] }
  | { readonly kind: 'LANES' }
  | PopulationSpec

/** Ways of grouping that one question may ask for. */
export const MAX_POPULATION_GROUPS = 8
/** Group codes are whole numbers below this. */
export const MAX_GROUP_CODES = 4096
/** Cumulated probabilities whose quantiles a distribution has. */
export const POPULATION_QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const
/** Fractions of the population, from the top, whose share of all income a distribution has. */
export const TOP_SHARES = [0.001, 0.01, 0.05, 0.1] as const

/**
 * What is asked of a population whose lanes are its units. Every name is an output of the plan, which has no time and no members.
 * A value that is not finite in any lane spoils the figures of its output alone; see PopulationResult.failed.
 * compute/statistics says what each figure is.
 */
export interface PopulationSpec {
  readonly kind: 'POPULATION'
  /** How many units of the real population a lane stands for; none negative. */
  readonly weight: string
  /** Summed with `weight`, over all lanes and over each group. */
  readonly sums: readonly string[]
  /** Whole-number codes from 0 to 4095, such as a state: each output is one way of grouping, at most 8. */
  readonly groups: readonly string[]
  readonly ranks: PopulationRanking | null
  /** Summed with `weight` over each rank group; empty where there are no ranks. */
  readonly ranked: readonly string[]
  readonly distributions: readonly PopulationIncome[]
  readonly poverty: readonly PovertySpec[]
  /**
   * Number of the household that a lane belongs to, never falling from lane to lane; null: each lane is its own. Ranks, distributions
   * and poverty are over households: incomes are added up, the weight is that of the household's first lane.
   */
  readonly link: string | null
}

/** Rank groups, such as deciles: `count` groups of equal weight by rising `by`, ties in the order of the lanes. */
export interface PopulationRanking {
  readonly by: string
  /** What the groups have equal parts of, such as the weight, or persons times weight. */
  readonly weight: string
  /** 2 to 100. */
  readonly count: number
  /** Leaves those whose `by` is below zero out of the groups once these are cut; default false. */
  readonly dropNegative?: boolean
}

/** An income and what it counts for, such as persons times weight. */
export interface PopulationIncome {
  readonly income: string
  readonly weight: string
}

/** Those whose income is below the line. */
export interface PovertySpec extends PopulationIncome {
  /** `share` times the weighted median of `of`: for an anchored line the baseline's income, for a relative one the income itself. */
  readonly line: { readonly share: number; readonly of: string; readonly weight: string }
}

/** What an operator follows a question by, in traces and logs. Nothing is computed from it, and nothing depends on it. */
export interface Origin {
  /** The run that asked first; others may share its job. */
  readonly runId?: string
  /** Of the request that brought it. */
  readonly requestId?: string
  /** W3C trace context of the submission: a shard continues its trace, also where it is sent again. */
  readonly traceparent?: string
}

/** Members of `Origin` may be missing: a worker that does not know them passes them over, so the version stays. */
export interface ShardEnvelope extends Origin {
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
  readonly resultSpec: SpecReference
}

/** What is asked of a population is stored by content, as the parameters are. */
export type SpecReference =
  | Exclude<ResultSpec, PopulationSpec>
  | { readonly kind: 'POPULATION'; readonly sha256: string }

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
  event: (tenant: string, runId: string, kind: 'state' | 'progress') => `qz.ev.${tenant}.run.${runId}.${kind}`,
  events: (tenant: string, runId: string) => `qz.ev.${tenant}.run.${runId}.*`,
  /** Told to whoever waits, sooner than the event and not kept: see compute/dispatch/results.ts. */
  ended: (tenant: string, runId: string) => `qz.ctl.ended.${tenant}.${runId}`,
  cancel: (jobId: string) => `qz.ctl.cancel.${jobId}`,
  drain: (workerId: string) => `qz.adm.drain.${workerId}`,
  dlq: (jobId: string) => `qz.dlq.${jobId}`,
} as const

/** Body of a run's event: enough to show progress without a further look-up. */
export interface RunEvent {
  /** Of the span that brought the state about, for the trace to go on to the subscriber. */
  readonly traceparent?: string
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

/** Short and without white space: it goes into every line of a log. */
const ID = /^[\w.:-]{1,128}$/

/** The origin of a run's question; what could not stand in an envelope is left out. */
export function originOf(runId: string, { requestId = '', traceparent }: Omit<Origin, 'runId'>): Origin {
  const known = knownTraceparent(traceparent)
  return { runId, ...(ID.test(requestId) ? { requestId } : {}), ...(known ? { traceparent: known } : {}) }
}

const RESULT_KINDS: ReadonlySet<unknown> = new Set<ResultSpec['kind']>(['ENSEMBLE', 'LANES', 'POPULATION'])

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
  if (!RESULT_KINDS.has(e.resultSpec?.kind)) return 'resultSpec'
  if (e.resultSpec.kind === 'POPULATION' && !text(e.resultSpec.sha256)) return 'resultSpec'
  if (e.runId !== undefined && !ID.test(e.runId)) return 'runId'
  if (e.requestId !== undefined && !ID.test(e.requestId)) return 'requestId'
  if (e.traceparent !== undefined && !readTraceparent(e.traceparent)) return 'traceparent'
  return undefined
}
