// What the columns of a data set must hold to together: weights, totals, links.
import type { Faults } from './faults.ts'
import type { Total } from './mapping.ts'

/** Totals and their parts are amounts of money: they may differ by rounding to cents, once for each part. */
const CENT = 0.011

/** Columns that are the sum of others, row by row. */
export function checkTotals(totals: readonly Total[], valuesOf: (name: string) => Float64Array, faults: Faults): void {
  for (const { total, parts } of totals) {
    const sums = valuesOf(total)
    const addends = parts.map(valuesOf)
    for (let row = 0; row < sums.length; row++) {
      let sum = 0
      for (const addend of addends) sum += addend[row]!
      if (Math.abs(sum - sums[row]!) <= CENT * parts.length) continue
      const message = `${sums[row]} is not ${parts.join(' + ')}, which is ${sum}`
      faults.add('TOTAL_DIFFERS', row, total, message, 'mend the total or its parts')
    }
  }
}

/** No weight is negative, and some are above 0. */
export function checkWeights(weights: Float64Array | undefined, column: string, faults: Faults): void {
  if (!weights) return
  let some = false
  for (const [row, weight] of weights.entries()) {
    if (weight < 0) faults.add('WEIGHT_NEGATIVE', row, column, `the weight is ${weight}`, 'give 0 or more')
    if (weight > 0) some = true
  }
  if (!some) faults.add('WEIGHTS_ZERO', 0, column, 'all weights are 0', 'give weights above 0')
}

/** The units of a household are neighbours: its number never falls from row to row. */
export function checkLinks(households: Float64Array | undefined, column: string, faults: Faults): void {
  if (!households) return
  for (let row = 1; row < households.length; row++)
    if (households[row]! < households[row - 1]!) {
      const message = `the household is ${households[row]} after ${households[row - 1]}`
      faults.add('LINKS_FALL', row, column, message, 'sort the file by household')
    }
}
