// Values in rising order with their weights: what distributions and ranks are computed from.
import { risingOrder } from './rising-order.ts'
import { sumOf } from './sum-of.ts'

export interface Sorted {
  /** Positions in the arrays given, by rising value, ties in the order of the positions. */
  readonly order: Uint32Array
  readonly values: Float64Array
  /** None negative. */
  readonly weights: Float64Array
  /** Their sum. */
  readonly weight: number
}

/** Sorts finite values with their weights. `order`: of these very values, where it is known already. */
export function sorted(values: Float64Array, weights: Float64Array, order: Uint32Array = risingOrder(values)): Sorted {
  const n = values.length
  const rising = new Float64Array(n)
  const theirs = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const position = order[i]!
    rising[i] = values[position]!
    theirs[i] = weights[position]!
  }
  return { order, values: rising, weights: theirs, weight: sumOf(theirs) }
}
