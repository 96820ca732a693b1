// How much of the whole those at the top have.
import type { Sorted } from './sorted.ts'

/**
 * Share of the sum of all values that the given fractions of the weight, from the top, have; the one that a fraction's border falls on
 * counts by the part of its weight that is above it. Fractions rise within 0 and 1. NaN where the sum is not positive.
 * @param total the weighted sum of all values
 */
export function topShares(
  { values, weights, weight }: Sorted,
  total: number,
  fractions: readonly number[],
): Float64Array {
  const shares = new Float64Array(fractions.length).fill(total > 0 ? 1 : Number.NaN)
  if (!(total > 0)) return shares
  let k = 0
  let above = 0
  let sum = 0
  for (let i = values.length - 1; i >= 0 && k < fractions.length; i--) {
    const w = weights[i]!
    const x = values[i]!
    while (k < fractions.length && above + w >= fractions[k]! * weight) {
      shares[k] = (sum + (fractions[k]! * weight - above) * x) / total
      k++
    }
    above += w
    sum += w * x
  }
  return shares
}
