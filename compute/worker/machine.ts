// The host side of the two kernels: checks a module, runs a binding over a range of lanes, merges an ensemble.
import type { LaneRange } from '../../schema/jobs.ts'
import type { PlanBinding } from '../model/plan.ts'
import type { Kernel } from './kernels.ts'

/** How a run over a range ended. `lane` is absolute, `time` in the plan's unit, `timeIndex` into savedTimes(plan). */
export type MachineStatus =
  | { readonly kind: 'DONE' }
  | { readonly kind: 'CANCELLED' }
  | { readonly kind: 'NOT_A_NUMBER'; readonly output: string; readonly outputIndex: number; readonly lane: number; readonly time: number; readonly timeIndex: number }

export interface MachineResult {
  /** values[(output * times + time) * lanes + (lane - range.from)], lanes = range.to - range.from. */
  readonly values: Float64Array<ArrayBuffer>
  readonly status: MachineStatus
}

export interface MachineOptions {
  /** Called between chunks with the share done in (0, 1]; false cancels: the result is then CANCELLED and its values are not whole. */
  readonly onChunk?: (fractionDone: number) => boolean | Promise<boolean>
  /** Block-steps between two looks; default about 20 ms of work. The result does not depend on it. */
  readonly chunkSteps?: number
}

/**
 * One instance of the plan machine; not to be shared between concurrent runs (a thread has one).
 */
export declare class Machine {
  /** KERNEL_REFUSED: hash differs from `expectedSha256`, ABI unknown, imports other than env.memory, memory without a maximum. */
  static compile(kernel: Pick<Kernel, 'name' | 'bytes' | 'abi'>, expectedSha256: string): Machine
  /**
   * Columns by name, each of `range.to - range.from` values: the slice of the shard.
   * BAD_INPUT: a missing input, series or column, or one of the wrong length. KERNEL_FAILED: the kernel trapped.
   * LIMIT_EXCEEDED: one block of lanes does not fit the kernel's memory.
   */
  run(
    binding: PlanBinding,
    columns: Readonly<Record<string, Float64Array>>,
    range: LaneRange,
    seed: string,
    options?: MachineOptions,
  ): Promise<MachineResult>
}

/** One shard's values in the merge: values[row * lanes + lane], rows = outputs * times. */
export interface MergePart {
  readonly values: Float64Array
  readonly lanes: number
}

/** Statistics by row (output * times + time), rows rowFrom..rowTo-1. */
export interface EnsembleRows {
  readonly mean: Float64Array<ArrayBuffer>
  /** Sample standard deviation (n - 1); 0 for one lane. */
  readonly sd: Float64Array<ArrayBuffer>
  /** One array per probability: quantile type 7. */
  readonly quantiles: readonly Float64Array<ArrayBuffer>[]
}

/** The merge kernel; not to be shared between concurrent calls. */
export declare class EnsembleMerger {
  static compile(kernel: Pick<Kernel, 'name' | 'bytes' | 'abi'>, expectedSha256: string): EnsembleMerger
  /**
   * Merges parts given in ascending lane order; any cut into parts gives the same bits. May be called for slices of rows.
   * BAD_INPUT: no lanes, a probability outside [0, 1]. LIMIT_EXCEEDED: more than 1,000,000 lanes.
   */
  merge(parts: readonly MergePart[], rowFrom: number, rowTo: number, probabilities: readonly number[]): EnsembleRows
}
