// The gamma distribution of scale 1: its probability and its quantile, as in compute/kernels/lib/gamma.ts.
import { exp } from './exp.ts'
import { log, log1p } from './log.ts'
import { normalQuantile } from './normal.ts'
import { stirlingError } from './stirling.ts'
import { largeGammaTail } from './temme.ts'

/** 1 / (2 pi), and ln(2 pi) / 2. */
const INV_TWO_PI = 0.15915494309189535
const HALF_LN_TWO_PI = 0.9189385332046728
/** Shapes that the algorithms below are good for. */
const LEAST_SHAPE = 1e-5
const GREATEST_SHAPE = 1e9
/** Half the last place of a sum: a term below it is not seen. */
const UNSEEN = 2 ** -54
/** Stands in for a denominator of 0 (Lentz; Thompson and Barnett, Journal of Computational Physics 64, 1986). */
const TINY = 1e-300
/** Terms that any shape up to the greatest needs at most, and steps of Newton's method. */
const MOST_TERMS = 200_000
const MOST_STEPS = 64
/** Newton's method converges quadratically: behind a step so small the error is rounding alone. */
const LAST_STEP = 1e-9
const GREATEST_STEP = 4
/** Below e^-40 only the first term of a series is left. */
const FAR_BELOW = -40

/** ln of the density of ln X at x, less what is the same for every x: a ln(x / a) + a - x. */
function logCore(a: number, x: number): number {
  const mu = (x - a) / a
  return mu < -0.5 ? a * log(x / a) + (a - x) : a * (log1p(mu) - mu)
}

/** The sum of x^n / (a (a + 1) ... (a + n)): DLMF 8.11.4. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * UNSEEN; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)): the continued fraction of DLMF 8.9.2 contracted, by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = n * (a - n)
    b += 2
    d = numerator * d + b
    if (Math.abs(d) < TINY) d = TINY
    c = b + numerator / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) <= UNSEEN * 4) break
  }
  return value
}

/** ln of the density of ln X at x, for X of shape a; `delta` = stirlingError(a). */
export function gammaLogDensity(a: number, delta: number, x: number): number {
  return logCore(a, x) + 0.5 * log(a * INV_TWO_PI) - delta
}

/**
 * ln of the probability that a gamma variate of shape a is above (`upper`) or at most x > 0, given gammaLogDensity there.
 * The probability's relative error is about 1e-13 where it is below one half.
 */
export function gammaLogTail(a: number, x: number, logDensity: number, upper: boolean): number {
  if (a >= 100) {
    const mu = (x - a) / a
    const half = -logCore(a, x)
    if (Math.abs(mu) <= 0.3 && half < 700) return log(largeGammaTail(a, mu, Math.max(half, 0), upper))
  }
  const byFraction = x >= a + 1
  const value = logDensity + log(byFraction ? upperFraction(a, x) : lowerSeries(a, x))
  return byFraction === upper ? value : log1p(-exp(value))
}

/** Where the first term of the series alone reaches p: ln x of p = x^a / Gamma(a + 1), which lies below the quantile. */
function leastLogQuantile(a: number, delta: number, logP: number): number {
  return (logP + (a + 0.5) * log(a) - a + HALF_LN_TWO_PI + delta) / a
}

/**
 * The quantile of the gamma distribution of scale 1 for a probability p in (0, 1) and a shape in [1e-5, 1e9]; else NaN.
 * Relative error below 1e-11 for shapes from 0.01 up. Newton's method on ln of the nearer tail as a function of ln x, which is
 * concave because the density of ln X is log-concave: from any start the second value lies on the near side, and from there
 * they move to the root. First value: the series' first term, or Wilson and Hilferty, PNAS 17(12), 1931.
 */
export function gammaQuantile(p: number, a: number): number {
  if (!(p > 0 && p < 1 && a >= LEAST_SHAPE && a <= GREATEST_SHAPE)) return Number.NaN
  const delta = stirlingError(a)
  const least = leastLogQuantile(a, delta, log(p))
  if (least < FAR_BELOW) return exp(least)
  const upper = p > 0.5
  const target = log(upper ? 1 - p : p)
  let x = exp(least)
  const root = 1 - 1 / (9 * a) + normalQuantile(p) / (3 * Math.sqrt(a))
  if (root > 0 && a * root * root * root > x) x = a * root * root * root
  for (let i = 0; i < MOST_STEPS; i++) {
    const logDensity = gammaLogDensity(a, delta, x)
    const logTail = gammaLogTail(a, x, logDensity, upper)
    const ascent = (target - logTail) * exp(logTail - logDensity)
    const step = Math.min(Math.max(upper ? -ascent : ascent, -GREATEST_STEP), GREATEST_STEP)
    x *= exp(step)
    if (Math.abs(step) <= LAST_STEP) break
  }
  return x
}
