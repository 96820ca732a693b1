// Quantiles of weighted values.
import type { Sorted } from './sorted.ts'

/**
 * Quantiles at probabilities that rise within 0 and 1: the first value with more than p of the weight up to and with it; where exactly p
 * falls between two values that have weight, their mean. With equal weights that is definition 2 of Hyndman and Fan, Sample quantiles in
 * statistical packages, The American Statistician 50(4), 1996. NaN where nothing has weight.
 */
export function quantiles({ values, weights, weight }: Sorted, probabilities: readonly number[]): Float64Array {
  const found = new Float64Array(probabilities.length)
  let i = 0
  let upTo = 0
  // The last one passed that has weight.
  let last = Number.NaN
  for (const [k, probability] of probabilities.entries()) {
    const share = probability * weight
    for (; i < values.length && upTo + weights[i]! <= share; i++) {
      upTo += weights[i]!
      if (weights[i]! > 0) last = values[i]!
    }
    // Where all of the weight is passed, or what rounding leaves of it, the last value is the answer.
    let next = i
    while (next < values.length && weights[next]! === 0) next++
    const above = next < values.length ? values[next]! : last
    const between = upTo === share && upTo > 0
    found[k] = between ? last + (above - last) / 2 : above
  }
  return found
}
