// Quantiles of weighted values.
import type { Sorted } from './sorted.ts'

/**
 * Quantiles at probabilities that rise within 0 and 1: the first value with more than p of the weight up to and with it; where exactly p
 * falls between two values that have weight, their mean. With equal weights that is definition 2 of Hyndman and Fan, Sample quantiles in
 * statistical packages, The American Statistician 50(4), 1996. NaN where nothing has weight.
 */
export function quantiles({ values, weights, weight }: Sorted, probabilities: readonly number[]): Float64Array {
  const found = new Float64Array(probabilities.length).fill(Number.NaN)
  let k = 0
  let upTo = 0
  // The value that ends where a probability falls, whose quantile waits for the next value.
  let last = Number.NaN
  for (let i = 0; i < values.length && k < found.length; i++) {
    const w = weights[i]!
    if (w === 0) continue
    const x = values[i]!
    while (k < found.length && upTo === probabilities[k]! * weight) found[k++] = upTo === 0 ? x : last + (x - last) / 2
    upTo += w
    while (k < found.length && upTo > probabilities[k]! * weight) found[k++] = x
    last = x
  }
  // All of the weight, or what rounding leaves of it.
  return found.fill(last, k)
}
