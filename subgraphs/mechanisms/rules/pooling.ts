// Pools estimates of one quantity.

export interface Estimate {
  readonly value: number
  readonly standardError: number
}

export interface Pooled extends Estimate {
  /** Share of each estimate, adding up to 1. */
  readonly weights: readonly number[]
}

/**
 * Fixed-effect pool with weights 1 / SE^2 (Borenstein 2009, Introduction to Meta-Analysis, chapter 11).
 * Where an estimate has no error, those without share the weight equally. At least one estimate.
 */
export function poolFixed(estimates: readonly Estimate[]): Pooled {
  const exact = estimates.some(({ standardError }) => standardError === 0)
  const precisions = estimates.map(({ standardError: se }) => (exact ? Number(se === 0) : 1 / (se * se)))
  const total = precisions.reduce((sum, precision) => sum + precision, 0)
  const weights = precisions.map((precision) => precision / total)
  const value = estimates.reduce((sum, estimate, i) => sum + weights[i]! * estimate.value, 0)
  return { value, standardError: exact ? 0 : Math.sqrt(1 / total), weights }
}
