// Inequality of weighted values by half their mean absolute difference.
import type { Sorted } from './sorted.ts'

/**
 * Half the mean absolute difference of weighted values: sum over pairs of w_i w_j |x_i - x_j| / (2 W^2), each with itself among them.
 * With C_i the weight up to and with i it is sum of w_i x_i (2 C_i - w_i - W) / W^2 (Lerman and Yitzhaki, A note on the calculation and
 * interpretation of the Gini index, Economics Letters 15, 1984). 0 for one value; NaN where nothing has weight.
 */
export function halfMeanDifference({ values, weights, weight }: Sorted): number {
  let below = 0
  let sum = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const w = weights[i]!
    const x = w * values[i]! * (2 * below + w - weight)
    below += w
    // As in sum-of.ts.
    const next = sum + x
    const back = next - sum
    lost += sum - (next - back) + (x - back)
    sum = next
  }
  return Math.max(0, sum + lost) / weight / weight
}

/**
 * The Gini coefficient: half the mean difference over the mean. Scaling changes nothing, and a transfer from a higher to a lower value
 * that does not turn their order lowers it. With negative values it may pass 1 (Chen, Tsaur and Rhai, The Gini coefficient and negative
 * income, Oxford Economic Papers 34(3), 1982); NaN where the mean is not positive.
 */
export function gini(halfDifference: number, mean: number): number {
  return mean > 0 ? halfDifference / mean : Number.NaN
}

/**
 * Half the mean difference over the mean absolute value: from 0 to 1 whatever the signs, and the Gini coefficient where none is negative
 * (Raffinetti, Siletti and Vernizzi, On the Gini coefficient normalization when attributes with negative values are considered,
 * Statistical Methods and Applications 24(3), 2015). A transfer between values of different sign may raise it. 0 where all are 0.
 */
export function giniNormalized(halfDifference: number, meanAbsolute: number): number {
  if (meanAbsolute === 0) return 0
  return Math.min(1, halfDifference / meanAbsolute)
}
