// The quantile of the Poisson distribution. compute/model/math/poisson.ts is its twin: change both or neither.
import { gammaLogDensity, gammaLogTail } from './gamma'
import { log } from './log'
import { normalQuantile } from './as241'
import { stirlingError } from './stirling'

// Constants: see the twin.
const GREATEST_MEAN: f64 = 1e9

function reaches(k: f64, mean: f64, target: f64, upper: bool): bool {
  const shape = k + 1
  const logDensity = gammaLogDensity(shape, stirlingError(shape), mean)
  const logTail = gammaLogTail(shape, mean, logDensity, !upper)
  return upper ? logTail <= target : logTail >= target
}

/** See the twin. */
export function poissonQuantile(p: f64, mean: f64): f64 {
  if (!(p > 0 && p < 1 && mean >= 0 && mean <= GREATEST_MEAN)) return NaN
  if (mean == 0) return 0
  const z = normalQuantile(p)
  const upper = p > 0.5
  const target = log(upper ? 1 - p : p)
  let k = max<f64>(floor(mean + z * sqrt(mean) + (z * z - 1) / 6), 0)
  if (reaches(k, mean, target, upper)) {
    while (k > 0 && reaches(k - 1, mean, target, upper)) k -= 1
    return k
  }
  do k += 1
  while (!reaches(k, mean, target, upper))
  return k
}
