// The beta distribution: its probability and its quantile, as in compute/kernels/lib/beta.ts.
import { exp } from './exp.ts'
import { log, log1p } from './log.ts'
import { normalQuantile } from './normal.ts'
import { stirlingError } from './stirling.ts'

/** 1 / (2 pi). */
const INV_TWO_PI = 0.15915494309189535
/** Parameters that the algorithms below are good for. */
const LEAST = 1e-5
const GREATEST = 1e7
const ROUNDING = 2 ** -52
/** Stands in for a denominator of 0 (Lentz; Thompson and Barnett, Journal of Computational Physics 64, 1986). */
const TINY = 1e-300
/** Terms that any parameters up to the greatest need at most, and steps of Newton's method. */
const MOST_TERMS = 50_000
const MOST_STEPS = 64
/** Newton's method converges quadratically: behind a step so small the error is rounding alone. */
const LAST_STEP = 1e-9
const GREATEST_STEP = 4
/** Below e^-40 only the first term of a series is left. */
const FAR_BELOW = -40

/** What of ln B(a, b) no power takes: ln B = a ln(a / (a + b)) + b ln(b / (a + b)) - betaScale. */
export function betaScale(a: number, b: number): number {
  const n = a + b
  return 0.5 * log((a / n) * b * INV_TWO_PI) + stirlingError(n) - stirlingError(a) - stirlingError(b)
}

/** a ln(x (a + b) / a) for x + y = 1, where c = b x - a y is the distance from the centre. */
function powerPart(a: number, b: number, x: number, c: number): number {
  const ratio = c / a
  return ratio < -0.5 ? a * log((x * (a + b)) / a) : a * log1p(ratio)
}

/** ln of the density of the logit of a beta variate at x = 1 - y; `scale` = betaScale(a, b). */
export function betaLogDensity(a: number, b: number, scale: number, x: number, y: number): number {
  const c = b * x - a * y
  return powerPart(a, b, x, c) + powerPart(b, a, y, -c) + scale
}

/** The continued fraction of DLMF 8.17.22, for x up to (a + 1) / (a + b + 2), by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  if (Math.abs(d) < TINY) d = TINY
  d = 1 / d
  let value = d
  for (let m = 1; m < MOST_TERMS; m++) {
    const twice = m + m
    const even = (m * (b - m) * x) / ((a - 1 + twice) * (a + twice))
    d = 1 + even * d
    if (Math.abs(d) < TINY) d = TINY
    c = 1 + even / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + twice) * (a + 1 + twice))
    d = 1 + odd * d
    if (Math.abs(d) < TINY) d = TINY
    c = 1 + odd / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) <= ROUNDING) break
  }
  return value
}

/** ln of the probability that a beta variate is at most x = 1 - y, given betaLogDensity there: ln of DLMF 8.17.2. */
export function betaLogLower(a: number, b: number, x: number, y: number, logDensity: number): number {
  if (x <= (a + 1) / (a + b + 2)) return logDensity + log(betaFraction(a, b, x) / a)
  return log1p(-exp(logDensity + log(betaFraction(b, a, y) / b)))
}

/** Where the first term of the series alone reaches p: ln x of p = x^a / (a B(a, b)). */
function leastLogQuantile(a: number, b: number, scale: number, logP: number): number {
  return (logP + log(a) - b * log1p(a / b) - scale) / a + log(a / (a + b))
}

/** A first value of the logit for p <= 1/2. Both parameters from 1 up: Carter, Biometrika 34, 1947 (Abramowitz and Stegun 26.5.22). */
function firstLogit(p: number, a: number, b: number, least: number): number {
  if (a < 1 || b < 1) return Math.min(least, log(a / b))
  const z = normalQuantile(p)
  const s = 1 / (2 * a - 1)
  const t = 1 / (2 * b - 1)
  const lambda = (z * z - 3) / 6
  const h = 2 / (s + t)
  const w = (z * Math.sqrt(Math.max(h + lambda, 0))) / h + (t - s) * (lambda + 5 / 6 - 2 / (3 * h))
  return log(a / b) + 2 * w
}

/** Solves I_x(a, b) = p for p <= 1/2: x, or 1 - x with `complement`. */
function solve(p: number, a: number, b: number, scale: number, first: number, complement: boolean): number {
  const target = log(p)
  const odds = exp(first)
  let x = odds / (1 + odds)
  let y = 1 / (1 + odds)
  for (let i = 0; i < MOST_STEPS; i++) {
    const logDensity = betaLogDensity(a, b, scale, x, y)
    const logTail = betaLogLower(a, b, x, y, logDensity)
    const ascent = (target - logTail) * exp(logTail - logDensity)
    const step = Math.min(Math.max(ascent, -GREATEST_STEP), GREATEST_STEP)
    const growth = exp(step)
    const sum = y + x * growth
    x = (x * growth) / sum
    y = y / sum
    if (Math.abs(step) <= LAST_STEP) break
  }
  return complement ? y : x
}

/**
 * The quantile of the beta distribution for a probability p in (0, 1) and alpha and beta in [1e-5, 1e7]; else NaN.
 * Relative error below 1e-10 for parameters from 0.01 to 1e5. Newton's method on ln I_x(alpha, beta), for the nearer tail, as a
 * function of the logit of x, which is concave because the density of the logit is log-concave: from any start the second value
 * lies below the root, and from there they rise to it.
 */
export function betaQuantile(p: number, alpha: number, beta: number): number {
  if (!(p > 0 && p < 1 && alpha >= LEAST && alpha <= GREATEST && beta >= LEAST && beta <= GREATEST)) return Number.NaN
  const scale = betaScale(alpha, beta)
  const least = leastLogQuantile(alpha, beta, scale, log(p))
  if (least + log(Math.max(1, beta)) < FAR_BELOW) return exp(least)
  if (p <= 0.5) return solve(p, alpha, beta, scale, firstLogit(p, alpha, beta, least), false)
  const leastAbove = leastLogQuantile(beta, alpha, scale, log(1 - p))
  if (leastAbove + log(Math.max(1, alpha)) < FAR_BELOW) return 1 - exp(leastAbove)
  return solve(1 - p, beta, alpha, scale, firstLogit(1 - p, beta, alpha, leastAbove), true)
}
