// What a worker and its threads say to each other.
import type { WireError } from '../../schema/errors.ts'
import type { KernelRef, LaneRange, PopulationSpec } from '../../schema/jobs.ts'
import type { RowSpec } from '../dispatch/result-bytes.ts'
import type { Plan, PlanBinding } from '../model/plan.ts'
import type { PackedColumn } from './columns/packed.ts'
import type { Kernel } from './kernel/shelf.ts'
import type { FigureShare, Share } from './population/figures.ts'
import type { ShardNumbers } from './population/shard-numbers.ts'
import type { PopulationShard } from './population/totals.ts'

/** i32 cells of the memory that both sides see while a task runs. */
export const CONTROL = {
  /** Not 0: give up at the next look. */
  cancel: 0,
  /** Rises with each chunk done: a thread whose count stands still hangs. */
  chunks: 1,
} as const
export const CONTROL_BYTES = 8

/** Values of some rows for one shard: values[row * lanes + lane]. */
export interface TaskPart {
  readonly values: Float64Array<ArrayBuffer>
  readonly lanes: number
}

/** A plan, known by its hash; it is sent along where the thread has not had it lately. */
export interface SentPlan {
  readonly hash: string
  readonly plan?: Plan
}

/** What a binding gives a plan beside its columns. */
export type GivenValues = Pick<PlanBinding, 'inputs' | 'series'>

export type Task =
  | {
      /** Runs lanes of a plan. */
      readonly kind: 'RUN'
      readonly kernel: KernelRef
      readonly plan: SentPlan
      readonly given: GivenValues
      readonly columns: Readonly<Record<string, Float64Array<ArrayBuffer>>>
      readonly range: LaneRange
      /** By level: the absolute number of the range's first row. */
      readonly firstRows: readonly number[]
      readonly seed: string
      readonly chunkSteps: number
    }
  | {
      /** Runs lanes of a population and sums them. */
      readonly kind: 'SUM'
      readonly kernel: KernelRef
      readonly plan: SentPlan
      readonly given: GivenValues
      /** Of all lanes. */
      readonly columns: Readonly<Record<string, PackedColumn>>
      readonly range: LaneRange
      readonly seed: string
      readonly spec: PopulationSpec
    }
  | {
      /** Merges some rows of all shards. */
      readonly kind: 'MERGE'
      /** The statistics. */
      readonly kernel: KernelRef
      readonly spec: RowSpec
      readonly rows: number
      readonly parts: readonly TaskPart[]
    }
  | {
      /** Hashes a result's bytes and hands them back. */
      readonly kind: 'SEAL'
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  | {
      /** Reckons a share of the figures of a population from its shards. */
      readonly kind: 'FIGURES'
      readonly kernel: KernelRef
      readonly plan: SentPlan
      readonly given: GivenValues
      readonly columns: Readonly<Record<string, PackedColumn>>
      readonly lanes: number
      readonly seed: string
      readonly spec: PopulationSpec
      readonly shards: readonly PopulationShard[]
      readonly share: Share
    }

/** What a thread is sent: a task, and its kernel where the thread has not had that yet. */
export interface SentTask {
  readonly task: Task
  readonly kernel?: Kernel
}

/** `seconds`: how long the thread computed. */
export interface TaskResults {
  /** sha256 of the values' bytes. */
  readonly RUN: { readonly values: Float64Array<ArrayBuffer>; readonly sha256: string; readonly seconds: number }
  /** sha256: see shard-bytes.ts. */
  readonly SUM: { readonly numbers: ShardNumbers; readonly sha256: string; readonly seconds: number }
  /** ENSEMBLE: mean, standard deviation and one array per probability; LANES: [row][lane]. */
  readonly MERGE: { readonly arrays: readonly Float64Array<ArrayBuffer>[]; readonly seconds: number }
  readonly SEAL: { readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string; readonly seconds: number }
  readonly FIGURES: { readonly figures: FigureShare; readonly seconds: number }
}

export type Answer =
  | { readonly ok: TaskResults[Task['kind']] }
  | { readonly cancelled: true }
  | { readonly error: WireError }
