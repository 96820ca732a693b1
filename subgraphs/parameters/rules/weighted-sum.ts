// Sums over the lanes of a population, with a fixed shape: the same bits however the lanes were computed.

/**
 * Sum of a_i (or a_i * b_i) in ascending order of i, compensated (Neumaier, Rundungsfehleranalyse einiger Verfahren zur
 * Summation endlicher Summen, ZAMM 54, 1974): off by about one rounding, however many terms and whatever their signs. Empty: 0.
 * @param a f64[n]
 * @param b f64[n]
 */
export function weightedSum(a: ArrayLike<number>, b?: ArrayLike<number>): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < a.length; i++) {
    const term = b ? a[i]! * b[i]! : a[i]!
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  return sum + lost
}
