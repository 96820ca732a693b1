// What the graph tells of a column of data: never a row, only figures over all.
import { weightedSum } from '../weighted-sum.ts'

export interface ColumnFigures {
  readonly min: number
  readonly max: number
  /** Weighted mean; 0 where nothing weighs. */
  readonly mean: number
  /** Weighted total. */
  readonly total: number
  /** The value that all units have, where they have one. */
  readonly constant: number | null
}

/** @param values at least one @param weights one a value; absent for the weights themselves, whose mean and total are plain */
export function describeColumn(values: Float64Array, weights?: Float64Array): ColumnFigures {
  let min = values[0]!
  let max = min
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const total = weightedSum(values, weights)
  const weight = weights ? weightedSum(weights) : values.length
  return { min, max, total, mean: weight > 0 ? total / weight : 0, constant: min === max ? min : null }
}
