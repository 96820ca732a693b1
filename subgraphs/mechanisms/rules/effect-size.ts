// Conversions between effect sizes; each has a name and a version that a converted figure carries.
import { log } from '../../../compute/model/math/log.ts'

const SQRT_3 = Math.sqrt(3)
const SQRT_6 = Math.sqrt(6)
const { PI } = Math

/** d of an odds ratio: ln OR sqrt(3) / pi. Chinn 2000, Statistics in Medicine 19. Not finite for OR <= 0. */
export const dOfOddsRatio = (oddsRatio: number): number => (log(oddsRatio) * SQRT_3) / PI

/** Relative risk of an odds ratio at the risk p0 of the unexposed. Zhang and Yu 1998, JAMA 280. */
export const relativeRiskOfOddsRatio = (oddsRatio: number, p0: number): number => oddsRatio / (1 - p0 + p0 * oddsRatio)

/** Odds ratio of a relative risk at the risk p0 of the unexposed; negative or infinite where RR p0 >= 1, which no risk allows. */
export const oddsRatioOfRelativeRisk = (relativeRisk: number, p0: number): number =>
  (relativeRisk * (1 - p0)) / (1 - p0 * relativeRisk)

/** d of a hazard ratio: ln HR sqrt(6) / pi, for the extreme value distribution of log survival times. */
export const dOfHazardRatio = (hazardRatio: number): number => (log(hazardRatio) * SQRT_6) / PI

/** d of a correlation: 2 r / sqrt(1 - r^2). Infinite for |r| = 1. Borenstein 2009, Introduction to Meta-Analysis, chapter 7. */
export const dOfCorrelation = (r: number): number => (2 * r) / Math.sqrt(1 - r * r)

/** Correlation of d where a share of persons (0 to 1, exclusive) is exposed: d / sqrt(d^2 + 1 / (share (1 - share))). Same source. */
export const correlationOfD = (d: number, share = 0.5): number => d / Math.sqrt(d * d + 1 / (share * (1 - share)))

/** Standard error of that correlation by the delta method. */
export function correlationErrorOfD(d: number, standardError: number, share = 0.5): number {
  const a = 1 / (share * (1 - share))
  const s = d * d + a
  return (a * standardError) / (s * Math.sqrt(s))
}

/** Standardised slope: b sd_x / sd_y. */
export const betaOfSlope = (slope: number, sdSource: number, sdTarget: number): number => (slope * sdSource) / sdTarget

/** Correlation of a t statistic: t / sqrt(t^2 + df). Rosenthal 1994, in The Handbook of Research Synthesis. */
export const correlationOfT = (t: number, degreesOfFreedom: number): number => t / Math.sqrt(t * t + degreesOfFreedom)

/** Standard error of a correlation of n pairs: (1 - r^2) / sqrt(n - 1). NaN for n <= 1. */
export const correlationError = (r: number, n: number): number => (1 - r * r) / Math.sqrt(n - 1)

/** Twice the two-sided normal quantile by confidence level; 3.92 for 95 per cent. */
const WIDTHS = new Map([
  [0.8, 2.5631],
  [0.9, 3.2897],
  [0.95, 3.92],
  [0.99, 5.1517],
])

/** Standard error from a symmetric interval; undefined for a level other than 0.8, 0.9, 0.95 and 0.99. */
export function standardErrorOf(lower: number, upper: number, level: number): number | undefined {
  const width = WIDTHS.get(level)
  return width && (upper - lower) / width
}

/** Standard error of the logarithm of a ratio: (ln upper - ln lower) / 3.92. Undefined where a bound is not positive. */
export function logStandardErrorOf(lower: number, upper: number, level: number): number | undefined {
  return lower > 0 && upper > 0 ? standardErrorOf(log(lower), log(upper), level) : undefined
}
