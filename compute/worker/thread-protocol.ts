// What a worker and its threads say to each other.
import type { WireError } from '../../schema/errors.ts'
import type { KernelRef, LaneRange, ResultSpec } from '../../schema/jobs.ts'
import type { ResultHeader } from '../dispatch/result-bytes.ts'
import type { PlanBinding } from '../model/plan.ts'

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

export type Task =
  | {
      /** Runs lanes of a binding. */
      readonly kind: 'RUN'
      readonly kernel: KernelRef
      readonly binding: PlanBinding
      readonly columns: Readonly<Record<string, Float64Array<ArrayBuffer>>>
      readonly range: LaneRange
      /** By level: the absolute number of the range's first row. */
      readonly firstRows: readonly number[]
      readonly seed: string
      readonly chunkSteps: number
    }
  | {
      /** Merges some rows of all shards. */
      readonly kind: 'MERGE'
      readonly spec: ResultSpec
      readonly rows: number
      readonly parts: readonly TaskPart[]
    }
  | {
      /** Writes a result's bytes and hashes them. */
      readonly kind: 'SEAL'
      readonly header: ResultHeader
      readonly arrays: readonly Float64Array<ArrayBuffer>[]
    }

/** `seconds`: how long the thread computed. */
export interface TaskResults {
  /** sha256 of the values' bytes. */
  readonly RUN: { readonly values: Float64Array<ArrayBuffer>; readonly sha256: string; readonly seconds: number }
  /** ENSEMBLE: mean, standard deviation and one array per probability; LANES: [row][lane]. */
  readonly MERGE: { readonly arrays: readonly Float64Array<ArrayBuffer>[]; readonly seconds: number }
  readonly SEAL: { readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string; readonly seconds: number }
}

export type Answer =
  | { readonly ok: TaskResults[Task['kind']] }
  | { readonly cancelled: true }
  | { readonly error: WireError }
