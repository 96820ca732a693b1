// What a scale of brackets gives for an amount: the four kinds.
import type { Schedule } from './scale.ts'
import type { ScaleKind } from './tree.ts'

export interface CalculateOptions {
  /** SINGLE_AMOUNT: an amount that equals a threshold lies in the bracket below it. By default in the one above. */
  readonly right?: boolean
  /** AVERAGE_RATE: the rate runs in a straight line from threshold to threshold, the default. Otherwise it is that of the bracket. */
  readonly interpolate?: boolean
}

/**
 * The result for each amount, in the unit of the amounts.
 *
 * MARGINAL_RATE: each bracket of the amount at its own rate. SINGLE_AMOUNT: the amount of the bracket it lies in. MARGINAL_AMOUNT: the
 * sum of the amounts of all brackets whose threshold it exceeds. AVERAGE_RATE: all of it at one rate, held after the last threshold.
 * Below the first threshold 0, but for AVERAGE_RATE with one bracket, which has that rate everywhere. Thresholds rise; infinite ones
 * are reached by nothing.
 */
export function calculateScale(
  kind: ScaleKind,
  { thresholds, values }: Schedule,
  amounts: readonly number[],
  { right = false, interpolate = true }: CalculateOptions = {},
): number[] {
  switch (kind) {
    case 'MARGINAL_RATE':
      return amounts.map((amount) => marginalRate(thresholds, values, amount))
    case 'SINGLE_AMOUNT':
      return amounts.map((amount) => values[bracketOf(thresholds, amount, right)] ?? 0)
    case 'MARGINAL_AMOUNT':
      return amounts.map((amount) => values.reduce((sum, value, i) => (amount > thresholds[i]! ? sum + value : sum), 0))
    case 'AVERAGE_RATE':
      return amounts.map((amount) => amount * averageRate(thresholds, values, amount, interpolate))
  }
}

function marginalRate(thresholds: readonly number[], rates: readonly number[], amount: number): number {
  let sum = 0
  for (const [i, threshold] of thresholds.entries()) {
    const width = Math.min(amount, thresholds[i + 1] ?? Number.POSITIVE_INFINITY) - threshold
    if (width > 0) sum += rates[i]! * width
  }
  return sum
}

/** Position of the last threshold that the amount has reached; -1 below the first. */
function bracketOf(thresholds: readonly number[], amount: number, right: boolean): number {
  return thresholds.filter((threshold) => (right ? threshold < amount : threshold <= amount)).length - 1
}

function averageRate(thresholds: readonly number[], rates: readonly number[], amount: number, interpolate: boolean) {
  if (interpolate && rates.length === 1) return rates[0]!
  const i = bracketOf(thresholds, amount, false)
  if (i < 0) return 0
  const [from, to] = [thresholds[i]!, thresholds[i + 1]]
  const next = rates[i + 1]
  if (!interpolate || to === undefined || next === undefined || to === Number.POSITIVE_INFINITY) return rates[i]!
  return rates[i]! + ((amount - from) * (next - rates[i]!)) / (to - from)
}
