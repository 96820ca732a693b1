// The gamma distribution of scale 1: tails and quantile. compute/model/math/gamma.ts is its twin: change both or neither.
import { exp } from './exp'
import { log, log1p } from './log'
import { normalQuantile } from './as241'
import { stirlingError } from './stirling'
import { largeGammaTail } from './temme'

// Constants: see the twin.
const INV_TWO_PI: f64 = 0.15915494309189535
const HALF_LN_TWO_PI: f64 = 0.9189385332046728
const LEAST_SHAPE: f64 = 1e-5
const GREATEST_SHAPE: f64 = 1e9
const UNSEEN: f64 = 5.551115123125783e-17
const TINY: f64 = 1e-300
const MOST_TERMS: i32 = 200000
const MOST_STEPS: i32 = 64
const LAST_STEP: f64 = 1e-9
const GREATEST_STEP: f64 = 4
const FAR_BELOW: f64 = -40

function logCore(a: f64, x: f64): f64 {
  const mu = (x - a) / a
  return mu < -0.5 ? a * log(x / a) + (a - x) : a * (log1p(mu) - mu)
}

function lowerSeries(a: f64, x: f64): f64 {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * UNSEEN; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

function upperFraction(a: f64, x: f64): f64 {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = n * (a - n)
    b += 2
    d = numerator * d + b
    if (abs(d) < TINY) d = TINY
    c = b + numerator / c
    if (abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = c * d
    value *= factor
    if (abs(factor - 1) <= UNSEEN * 4) break
  }
  return value
}

/** See the twin. */
export function gammaLogDensity(a: f64, delta: f64, x: f64): f64 {
  return logCore(a, x) + 0.5 * log(a * INV_TWO_PI) - delta
}

/** See the twin. */
export function gammaLogTail(a: f64, x: f64, logDensity: f64, upper: bool): f64 {
  if (a >= 100) {
    const mu = (x - a) / a
    const half = -logCore(a, x)
    if (abs(mu) <= 0.3 && half < 700) return log(largeGammaTail(a, mu, max<f64>(half, 0), upper))
  }
  const byFraction = x >= a + 1
  const value = logDensity + log(byFraction ? upperFraction(a, x) : lowerSeries(a, x))
  return byFraction == upper ? value : log1p(-exp(value))
}

function leastLogQuantile(a: f64, delta: f64, logP: f64): f64 {
  return (logP + (a + 0.5) * log(a) - a + HALF_LN_TWO_PI + delta) / a
}

/** See the twin. */
export function gammaQuantile(p: f64, a: f64): f64 {
  if (!(p > 0 && p < 1 && a >= LEAST_SHAPE && a <= GREATEST_SHAPE)) return NaN
  const delta = stirlingError(a)
  const least = leastLogQuantile(a, delta, log(p))
  if (least < FAR_BELOW) return exp(least)
  const upper = p > 0.5
  const target = log(upper ? 1 - p : p)
  let x = exp(least)
  const root = 1 - 1 / (9 * a) + normalQuantile(p) / (3 * sqrt(a))
  if (root > 0 && a * root * root * root > x) x = a * root * root * root
  for (let i = 0; i < MOST_STEPS; i++) {
    const logDensity = gammaLogDensity(a, delta, x)
    const logTail = gammaLogTail(a, x, logDensity, upper)
    const ascent = (target - logTail) * exp(logTail - logDensity)
    const step = min(max(upper ? -ascent : ascent, -GREATEST_STEP), GREATEST_STEP)
    x *= exp(step)
    if (abs(step) <= LAST_STEP) break
  }
  return x
}
