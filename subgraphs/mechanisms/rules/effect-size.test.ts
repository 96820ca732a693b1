// Conversions of effect sizes against published answers.
import { describe, expect, it } from 'vitest'
import {
  betaOfSlope,
  correlationError,
  correlationErrorOfD,
  correlationOfD,
  correlationOfT,
  dOfCorrelation,
  dOfHazardRatio,
  dOfOddsRatio,
  logStandardErrorOf,
  oddsRatioOfRelativeRisk,
  relativeRiskOfOddsRatio,
  standardErrorOf,
} from './effect-size.ts'

describe('effect sizes', () => {
  it('turns an odds ratio of 1.34 into d = 0.1614', () => {
    expect(dOfOddsRatio(1.34)).toBeCloseTo(0.1614, 4)
  })

  it('gives d = 0 for an odds or hazard ratio of 1', () => {
    expect([dOfOddsRatio(1), dOfHazardRatio(1)]).toEqual([0, 0])
  })

  it('gives an infinite d for an odds ratio of 0 and none for a negative one', () => {
    expect(dOfOddsRatio(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(dOfOddsRatio(-1)).toBeNaN()
  })

  it('turns a hazard ratio into d by ln HR sqrt 6 / pi', () => {
    expect(dOfHazardRatio(2)).toBeCloseTo((Math.LN2 * 2.449489742783178) / Math.PI, 14)
  })

  it('turns an odds ratio into a relative risk through the risk of the unexposed, and back', () => {
    // OR 2 at p0 = 0.2: odds 0.25 -> 0.5, risk 1/3, RR 5/3.
    expect(relativeRiskOfOddsRatio(2, 0.2)).toBeCloseTo(5 / 3, 14)
    expect(oddsRatioOfRelativeRisk(5 / 3, 0.2)).toBeCloseTo(2, 14)
  })

  it('leaves a ratio as it is where the outcome is rare to the limit', () => {
    expect([relativeRiskOfOddsRatio(3, 0), oddsRatioOfRelativeRisk(3, 0)]).toEqual([3, 3])
  })

  it('turns a correlation into d by 2 r / sqrt(1 - r^2), and back for groups of equal size', () => {
    expect(dOfCorrelation(0.6)).toBeCloseTo(1.5, 14)
    expect(correlationOfD(1.5)).toBeCloseTo(0.6, 14)
  })

  it('gives an infinite d for a perfect correlation', () => {
    expect(dOfCorrelation(1)).toBe(Number.POSITIVE_INFINITY)
  })

  it('makes a correlation smaller where few are exposed', () => {
    // a = 1 / (0.05 0.95) = 21.0526
    expect(correlationOfD(0.5, 0.05)).toBeCloseTo(0.5 / Math.sqrt(0.25 + 21.052631578947), 12)
    expect(correlationOfD(0.5, 0.05)).toBeLessThan(correlationOfD(0.5))
  })

  it('carries the error of d over by the slope of the conversion', () => {
    const h = 1e-6
    for (const [d, share] of [
      [0.3, 0.5],
      [-1.2, 0.1],
      [0, 0.5],
    ] as const) {
      const slope = (correlationOfD(d + h, share) - correlationOfD(d - h, share)) / (2 * h)
      expect(correlationErrorOfD(d, 0.2, share)).toBeCloseTo(0.2 * slope, 8)
    }
  })

  it('standardises a slope by the two standard deviations', () => {
    expect(betaOfSlope(3, 2, 4)).toBe(1.5)
  })

  it('turns a t statistic into a partial correlation', () => {
    expect(correlationOfT(3, 16)).toBe(0.6)
    expect(correlationOfT(0, 16)).toBe(0)
  })

  it('has no error of a correlation for a single pair', () => {
    expect(correlationError(0.5, 1)).toBe(Number.POSITIVE_INFINITY)
    expect(correlationError(0.6, 65)).toBeCloseTo(0.08, 14)
  })

  it('reads a standard error from an interval of 95 per cent as its width by 3.92', () => {
    expect(standardErrorOf(1, 4.92, 0.95)).toBeCloseTo(1, 14)
    expect(logStandardErrorOf(1.13, 1.81, 0.95)).toBeCloseTo((Math.log(1.81) - Math.log(1.13)) / 3.92, 14)
  })

  it('reads none from an interval of a level it does not know, or of a ratio at or below 0', () => {
    expect(standardErrorOf(0, 1, 0.5)).toBeUndefined()
    expect(logStandardErrorOf(0, 1, 0.95)).toBeUndefined()
  })
})
