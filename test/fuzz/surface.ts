// One way into the server that is fuzzed.
import type { Target } from './target.ts'

export interface FuzzOptions {
  readonly target: Target
  readonly seed: number
  /** Inputs to try at most. */
  readonly runs: number
  /** Stop after this time, in ms, though inputs are left. */
  readonly limitMs: number
}

/** Rejects with the smallest input found that the server takes wrong. */
export type Fuzz = (options: FuzzOptions) => Promise<void>

/** What fast-check is told. */
export const settings = ({ seed, runs, limitMs }: FuzzOptions) => ({
  seed,
  numRuns: runs,
  interruptAfterTimeLimit: limitMs,
  markInterruptAsFailure: false,
  endOnFailure: false,
})
