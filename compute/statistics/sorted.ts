// Values in rising order with their weights: what distributions and ranks are computed from.
import { risingOrder } from './rising-order.ts'
import { sumOf } from './sum-of.ts'

export interface Sorted {
  readonly values: Float64Array
  /** None negative. */
  readonly weights: Float64Array
  /** Their sum. */
  readonly weight: number
}

/** Sorts finite values with their weights. */
export function sorted(values: Float64Array, weights: Float64Array): Sorted {
  const order = risingOrder(values)
  const theirs = Float64Array.from(order, (position) => weights[position]!)
  return { values: Float64Array.from(order, (position) => values[position]!), weights: theirs, weight: sumOf(theirs) }
}
