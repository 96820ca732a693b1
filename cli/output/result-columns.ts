// The result of a run as columns of a file: a value each for one draw, mean and spread for several.
import type { Results, WatchedRun } from './describe-run.ts'

export interface ResultColumn {
  readonly name: string
  readonly unit: string
  readonly values: readonly number[]
}

/** What a file says of the run it comes from. */
export interface ResultFile {
  readonly run: WatchedRun
  readonly results: Results
}

/** Per variable one column, or of several draws five: mean, 5 %, median, 95 % and standard deviation. */
export function resultColumns({ columns, draws }: Results): ResultColumn[] {
  return columns.flatMap(({ variable: name, unit, mean, p05, p50, p95, sd }) =>
    draws === 1
      ? [{ name, unit, values: mean }]
      : [
          { name, unit, values: mean },
          { name: `${name} (p05)`, unit, values: p05 },
          { name: `${name} (p50)`, unit, values: p50 },
          { name: `${name} (p95)`, unit, values: p95 },
          { name: `${name} (sd)`, unit, values: sd ?? [] },
        ],
  )
}
