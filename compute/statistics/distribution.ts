// What is told of a distribution of incomes.
import { gini, giniNormalized, halfMeanDifference } from './gini.ts'
import { quantiles } from './quantiles.ts'
import type { Sorted } from './sorted.ts'
import { sumOfProducts } from './sum-of.ts'
import { topShares } from './top-shares.ts'

export interface Distribution {
  readonly weight: number
  readonly mean: number
  readonly gini: number
  readonly giniNormalized: number
  readonly quantiles: Float64Array
  readonly topShares: Float64Array
}

/** Every figure is NaN where nothing has weight. @param probabilities and @param tops rise within 0 and 1 */
export function distributionOf(
  incomes: Sorted,
  probabilities: readonly number[],
  tops: readonly number[],
): Distribution {
  const { values, weights, weight } = incomes
  const total = sumOfProducts(weights, values)
  const mean = total / weight
  const half = halfMeanDifference(incomes)
  let negative = 0
  while (negative < values.length && values[negative]! < 0) negative++
  const owed = sumOfProducts(weights.subarray(0, negative), values.subarray(0, negative))
  return {
    weight,
    mean,
    gini: gini(half, mean),
    giniNormalized: giniNormalized(half, (total - 2 * owed) / weight),
    quantiles: quantiles(incomes, probabilities),
    topShares: topShares(incomes, total, tops),
  }
}
