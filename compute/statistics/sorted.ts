// Values in rising order with their weights: what distributions and ranks are computed from.

export interface Sorted {
  readonly values: Float64Array
  /** None negative. */
  readonly weights: Float64Array
  /** Their sum. */
  readonly weight: number
}
