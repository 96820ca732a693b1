// The beta distribution: probability and quantile. compute/model/math/beta.ts is its twin: change both or neither.
import { exp } from './exp'
import { log, log1p } from './log'
import { normalQuantile } from './as241'
import { stirlingError } from './stirling'

// Constants: see the twin.
const INV_TWO_PI: f64 = 0.15915494309189535
const LEAST: f64 = 1e-5
const GREATEST: f64 = 1e7
const ROUNDING: f64 = 2.220446049250313e-16
const TINY: f64 = 1e-300
const MOST_TERMS: i32 = 50000
const MOST_STEPS: i32 = 64
const LAST_STEP: f64 = 1e-9
const GREATEST_STEP: f64 = 4
const FAR_BELOW: f64 = -40

/** See the twin. */
export function betaScale(a: f64, b: f64): f64 {
  const n = a + b
  return 0.5 * log((a / n) * b * INV_TWO_PI) + stirlingError(n) - stirlingError(a) - stirlingError(b)
}

function powerPart(a: f64, b: f64, x: f64, c: f64): f64 {
  const ratio = c / a
  return ratio < -0.5 ? a * log((x * (a + b)) / a) : a * log1p(ratio)
}

/** See the twin. */
export function betaLogDensity(a: f64, b: f64, scale: f64, x: f64, y: f64): f64 {
  const c = b * x - a * y
  return powerPart(a, b, x, c) + powerPart(b, a, y, -c) + scale
}

function betaFraction(a: f64, b: f64, x: f64): f64 {
  let c: f64 = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  if (abs(d) < TINY) d = TINY
  d = 1 / d
  let value = d
  for (let m = 1; m < MOST_TERMS; m++) {
    const twice = m + m
    const even = (m * (b - m) * x) / ((a - 1 + twice) * (a + twice))
    d = 1 + even * d
    if (abs(d) < TINY) d = TINY
    c = 1 + even / c
    if (abs(c) < TINY) c = TINY
    d = 1 / d
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + twice) * (a + 1 + twice))
    d = 1 + odd * d
    if (abs(d) < TINY) d = TINY
    c = 1 + odd / c
    if (abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = d * c
    value *= factor
    if (abs(factor - 1) <= ROUNDING) break
  }
  return value
}

/** See the twin. */
export function betaLogLower(a: f64, b: f64, x: f64, y: f64, logDensity: f64): f64 {
  if (x <= (a + 1) / (a + b + 2)) return logDensity + log(betaFraction(a, b, x) / a)
  return log1p(-exp(logDensity + log(betaFraction(b, a, y) / b)))
}

function leastLogQuantile(a: f64, b: f64, scale: f64, logP: f64): f64 {
  return (logP + log(a) - b * log1p(a / b) - scale) / a + log(a / (a + b))
}

function firstLogit(p: f64, a: f64, b: f64, least: f64): f64 {
  if (a < 1 || b < 1) return min(least, log(a / b))
  const z = normalQuantile(p)
  const s = 1 / (2 * a - 1)
  const t = 1 / (2 * b - 1)
  const lambda = (z * z - 3) / 6
  const h = 2 / (s + t)
  const w = (z * sqrt(max<f64>(h + lambda, 0))) / h + (t - s) * (lambda + 5.0 / 6.0 - 2 / (3 * h))
  return log(a / b) + 2 * w
}

function solve(p: f64, a: f64, b: f64, scale: f64, first: f64, complement: bool): f64 {
  const target = log(p)
  const odds = exp(first)
  let x = odds / (1 + odds)
  let y = 1 / (1 + odds)
  for (let i = 0; i < MOST_STEPS; i++) {
    const logDensity = betaLogDensity(a, b, scale, x, y)
    const logTail = betaLogLower(a, b, x, y, logDensity)
    const ascent = (target - logTail) * exp(logTail - logDensity)
    const step = min(max(ascent, -GREATEST_STEP), GREATEST_STEP)
    const growth = exp(step)
    const sum = y + x * growth
    x = (x * growth) / sum
    y = y / sum
    if (abs(step) <= LAST_STEP) break
  }
  return complement ? y : x
}

/** See the twin. */
export function betaQuantile(p: f64, alpha: f64, beta: f64): f64 {
  if (!(p > 0 && p < 1 && alpha >= LEAST && alpha <= GREATEST && beta >= LEAST && beta <= GREATEST)) return NaN
  const scale = betaScale(alpha, beta)
  const least = leastLogQuantile(alpha, beta, scale, log(p))
  if (least + log(max<f64>(1, beta)) < FAR_BELOW) return exp(least)
  if (p <= 0.5) return solve(p, alpha, beta, scale, firstLogit(p, alpha, beta, least), false)
  const leastAbove = leastLogQuantile(beta, alpha, scale, log(1 - p))
  if (leastAbove + log(max<f64>(1, alpha)) < FAR_BELOW) return 1 - exp(leastAbove)
  return solve(1 - p, beta, alpha, scale, firstLogit(1 - p, beta, alpha, leastAbove), true)
}
