// The Poisson distribution's quantile, as in compute/kernels/lib/poisson.ts.
import { gammaLogDensity, gammaLogTail } from './gamma.ts'
import { log } from './log.ts'
import { normalQuantile } from './normal.ts'
import { stirlingError } from './stirling.ts'

/** The greatest mean whose neighbouring probabilities the algorithm tells apart with room to spare. */
const GREATEST_MEAN = 1e9

/** F(k) >= p, by the nearer tail: F(k) is the probability that a gamma variate of shape k + 1 is above the mean (DLMF 8.4.10). */
function reaches(k: number, mean: number, target: number, upper: boolean): boolean {
  const shape = k + 1
  const logDensity = gammaLogDensity(shape, stirlingError(shape), mean)
  const logTail = gammaLogTail(shape, mean, logDensity, !upper)
  return upper ? logTail <= target : logTail >= target
}

/**
 * The quantile of the Poisson distribution: the least whole k with F(k) >= p, for p in (0, 1) and a mean in [0, 1e9]; else NaN.
 * Exact unless p is within some 1e-13 of F(k), relative to the nearer tail. Begins at the expansion of Cornish and Fisher and
 * goes up or down by whole numbers: a step or two for moderate p.
 */
export function poissonQuantile(p: number, mean: number): number {
  if (!(p > 0 && p < 1 && mean >= 0 && mean <= GREATEST_MEAN)) return Number.NaN
  if (mean === 0) return 0
  const z = normalQuantile(p)
  const upper = p > 0.5
  const target = log(upper ? 1 - p : p)
  let k = Math.max(Math.floor(mean + z * Math.sqrt(mean) + (z * z - 1) / 6), 0)
  if (reaches(k, mean, target, upper)) {
    while (k > 0 && reaches(k - 1, mean, target, upper)) k -= 1
    return k
  }
  do k += 1
  while (!reaches(k, mean, target, upper))
  return k
}
