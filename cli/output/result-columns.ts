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

/**
 * Time first; then per variable one column, or of several draws five: mean, 5 %, median, 95 % and standard deviation.
 * A name that stands before already, as where a variable is called Time, has (2) behind it: readers take columns by name.
 */
export function resultColumns(results: Results): ResultColumn[] {
  const seen = new Map<string, number>()
  return [{ name: 'Time', unit: results.timeUnit, values: results.times }, ...statistics(results)].map((column) => {
    const count = (seen.get(column.name) ?? 0) + 1
    seen.set(column.name, count)
    return count === 1 ? column : { ...column, name: `${column.name} (${count})` }
  })
}

function statistics({ columns, draws }: Results): ResultColumn[] {
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
