// Value at risk and expected shortfall of profits and losses, historical and parametric. A loss is positive here.
import { exp } from '../../../compute/model/math/exp.ts'
import { normalQuantile } from '../../../compute/model/math/normal.ts'
import { quantile } from '../../../compute/model/math/quantile.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import type {
  HorizonRule,
  MeanRule,
  QuantileRule,
  ShortfallRule,
  VarianceRule,
} from '../../../schema/terms/portfolio.ts'

export interface RiskConventions {
  readonly quantileRule: QuantileRule
  readonly shortfallRule: ShortfallRule
  readonly varianceRule: VarianceRule
  readonly meanRule: MeanRule
  readonly horizonRule: HorizonRule
}

export const DEFAULT_CONVENTIONS: RiskConventions = {
  quantileRule: 'TYPE_7',
  shortfallRule: 'INCLUDING',
  varianceRule: 'SAMPLE',
  meanRule: 'ZERO',
  horizonRule: 'SQUARE_ROOT_OF_TIME',
}

export interface RiskEstimate {
  /** Loss that is exceeded with probability 1 - confidence; negative where even that outcome is a gain. */
  readonly valueAtRisk: number
  /** Mean of the losses beyond it, by the shortfall rule. */
  readonly expectedShortfall: number
}

/** 1 / sqrt(2 pi). */
const INV_SQRT_2PI = 0.3989422804014327
/** n (1 - confidence) is a whole number where decimals say so, although 1 - 0.95 is a little above 0.05. */
const WHOLE_TOLERANCE = 1e-9

/** @throws BAD_INPUT for a confidence outside (0, 1) */
export function assertConfidence(confidence: number): void {
  if (confidence > 0 && confidence < 1) return
  throw new QuesnayError('BAD_INPUT', `a confidence lies between 0 and 1, not at ${confidence}`, {
    path: 'confidence',
    suggestion: 'give 0.95 for 95 %',
  })
}

/**
 * Days that one-day figures are scaled by.
 * With OVERLAPPING_RETURNS the figures are of the whole horizon already, so 1.
 */
export function scaleDays(horizonDays: number, { horizonRule }: RiskConventions): number {
  return horizonRule === 'SQUARE_ROOT_OF_TIME' ? horizonDays : 1
}

/**
 * Historical value at risk and expected shortfall.
 * @param pnl profits and losses, one per observation, in any order; at least one, all finite
 * @param days square root of this scales both: see scaleDays
 */
export function historicalRisk(
  pnl: Float64Array,
  confidence: number,
  days: number,
  conventions: RiskConventions,
): RiskEstimate {
  assertConfidence(confidence)
  assertObservations(pnl)
  const losses = pnl.map((value) => 0 - value).sort()
  const valueAtRisk = lossQuantile(losses, confidence, conventions.quantileRule)
  const scale = Math.sqrt(days)
  const expectedShortfall = shortfallOf(losses, valueAtRisk, confidence, conventions.shortfallRule)
  return { valueAtRisk: valueAtRisk * scale, expectedShortfall: expectedShortfall * scale }
}

/** @param losses sorted, rising */
function lossQuantile(losses: Float64Array, confidence: number, rule: QuantileRule): number {
  if (rule === 'TYPE_7') return quantile(losses, confidence)
  const fromWorst = Math.max(1, Math.ceil(losses.length * (1 - confidence) - WHOLE_TOLERANCE))
  return losses[losses.length - fromWorst]!
}

function shortfallOf(losses: Float64Array, valueAtRisk: number, confidence: number, rule: ShortfallRule): number {
  if (rule === 'ROCKAFELLAR_URYASEV') {
    const excess = losses.reduce((sum, loss) => sum + Math.max(0, loss - valueAtRisk), 0)
    return valueAtRisk + excess / losses.length / (1 - confidence)
  }
  const beyond = losses.filter((loss) => (rule === 'INCLUDING' ? loss >= valueAtRisk : loss > valueAtRisk))
  return beyond.length === 0 ? valueAtRisk : beyond.reduce((sum, loss) => sum + loss, 0) / beyond.length
}

export interface NormalFit {
  /** Of one observation; 0 under the rule ZERO. */
  readonly mean: number
  readonly sd: number
}

/** Mean and standard deviation by the conventions; at least one observation, two for SAMPLE. */
export function fitNormal(pnl: Float64Array, { meanRule, varianceRule }: RiskConventions): NormalFit {
  assertObservations(pnl)
  const mean = meanRule === 'ZERO' ? 0 : meanOf(pnl)
  const squares = pnl.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return { mean, sd: Math.sqrt(squares / divisorOf(pnl.length, varianceRule)) }
}

/**
 * Parametric value at risk and expected shortfall of a normal distribution fitted to profits and losses of a day.
 * VaR = z sd sqrt(days) - mean days; ES = phi(z) / (1 - confidence) sd sqrt(days) - mean days.
 * The standard deviation is that of one observation: an annual one here would be sqrt(252) times too large.
 */
export function parametricRisk(
  pnl: Float64Array,
  confidence: number,
  days: number,
  conventions: RiskConventions,
): RiskEstimate {
  assertConfidence(confidence)
  const { mean, sd } = fitNormal(pnl, conventions)
  const z = normalQuantile(confidence)
  const spread = sd * Math.sqrt(days)
  return {
    valueAtRisk: z * spread - mean * days,
    expectedShortfall: (tailDensity(z) / (1 - confidence)) * spread - mean * days,
  }
}

/** Density of the standard normal distribution. */
const tailDensity = (z: number): number => INV_SQRT_2PI * exp(-0.5 * z * z)

/**
 * What each position adds to the parametric value at risk: z cov(position, portfolio) / sd sqrt(days) - mean days.
 * Covariances and not weights times the position's own VaR: only so do they sum to the portfolio's VaR.
 * All 0 where the portfolio has no spread and a mean of 0.
 * @param parts profits and losses of each position, observation by observation; they sum to `pnl`
 */
export function riskComponents(
  pnl: Float64Array,
  parts: readonly Float64Array[],
  confidence: number,
  days: number,
  conventions: RiskConventions,
): number[] {
  assertConfidence(confidence)
  const { mean, sd } = fitNormal(pnl, conventions)
  const factor = sd === 0 ? 0 : (normalQuantile(confidence) * Math.sqrt(days)) / sd
  return parts.map((part) => {
    const own = conventions.meanRule === 'ZERO' ? 0 : meanOf(part)
    const products = part.reduce((sum, value, i) => sum + (value - own) * (pnl[i]! - mean), 0)
    return (factor * products) / divisorOf(pnl.length, conventions.varianceRule) - own * days
  })
}

/**
 * What a position changes the parametric value at risk by: that of the book less that of the book without it.
 * 0 for a position of nothing; unlike components, increments do not sum to the value at risk.
 * @param part profits and losses of the position, observation by observation
 */
export function incrementalRisk(
  pnl: Float64Array,
  part: Float64Array,
  confidence: number,
  days: number,
  conventions: RiskConventions,
): number {
  const without = pnl.map((value, i) => value - part[i]!)
  const risk = (of: Float64Array) => parametricRisk(of, confidence, days, conventions).valueAtRisk
  return risk(pnl) - risk(without)
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
const divisorOf = (n: number, rule: VarianceRule): number => (rule === 'SAMPLE' ? Math.max(1, n - 1) : n)

function assertObservations(pnl: Float64Array): void {
  if (pnl.length > 0) return
  throw new QuesnayError('BAD_INPUT', 'there are no profits and losses to measure risk by', {
    path: 'pnl',
    suggestion: 'give prices of at least two days',
  })
}
