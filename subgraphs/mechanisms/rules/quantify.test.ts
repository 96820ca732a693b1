// From effects of every measure to responses per standard deviation.
import { describe, expect, it } from 'vitest'
import type { EffectEstimate, Evidence } from './bank.ts'
import { isQuantified, quantify, type Response } from './quantify.ts'

const evidence: Evidence = {
  grade: 'B',
  studyCount: 3,
  verified: true,
  needsReview: false,
  issues: [],
  sampleSize: null,
  pValue: null,
}

const effect = (
  measure: EffectEstimate['measure'],
  value: number,
  more: Partial<EffectEstimate> = {},
): EffectEstimate => ({
  measure,
  value,
  ciLower: null,
  ciUpper: null,
  ciLevel: 0.95,
  pValue: null,
  sampleSize: null,
  iSquared: null,
  baselineRisk: null,
  sdSource: null,
  sdTarget: null,
  unit: null,
  ...more,
})

function response(
  of: EffectEstimate,
  sign: 'POSITIVE' | 'NEGATIVE' = 'POSITIVE',
  share: number | null = null,
): Response {
  const value = quantify({ effect: of, sign, evidence }, share)
  if (!isQuantified(value)) throw new Error(value.reason)
  return value
}

const reason = (of: EffectEstimate | null, sign: 'POSITIVE' | 'NEGATIVE' | null = 'POSITIVE') => {
  const value = quantify({ effect: of, sign, evidence }, null)
  return isQuantified(value) ? undefined : value.reason
}

describe('quantify', () => {
  it('takes an odds ratio with its interval to a correlation with its error', () => {
    const { coefficient, standardError, conversion, assumptions } = response(
      effect('ODDS_RATIO', 1.43, { ciLower: 1.13, ciUpper: 1.81 }),
    )
    const d = (Math.log(1.43) * Math.sqrt(3)) / Math.PI
    const error = ((Math.log(1.81) - Math.log(1.13)) / 3.92) * (Math.sqrt(3) / Math.PI)
    expect(coefficient).toBeCloseTo(d / Math.sqrt(d * d + 4), 12)
    expect(standardError).toBeCloseTo((4 * error) / (d * d + 4) ** 1.5, 12)
    expect(conversion).toBe('odds-ratio-to-d@1 > d-to-correlation@1')
    expect(assumptions).toEqual(['EQUAL_GROUPS'])
  })

  it('uses the share of persons exposed where the source node has one', () => {
    const of = effect('ODDS_RATIO', 2, { ciLower: 1.5, ciUpper: 2.7 })
    expect(response(of, 'POSITIVE', 0.05).coefficient).toBeLessThan(response(of).coefficient)
    expect(response(of, 'POSITIVE', 0.05).assumptions).toEqual([])
  })

  it('takes a relative risk through the risk of the unexposed where it is given, else as for a rare outcome', () => {
    const through = response(effect('RELATIVE_RISK', 5 / 3, { baselineRisk: 0.2 }))
    expect(through.coefficient).toBeCloseTo(response(effect('ODDS_RATIO', 2)).coefficient, 12)
    expect(through.assumptions).not.toContain('RARE_OUTCOME')
    expect(response(effect('RELATIVE_RISK', 2)).assumptions).toContain('RARE_OUTCOME')
  })

  it('refuses a relative risk that the risk of the unexposed forbids', () => {
    expect(reason(effect('RELATIVE_RISK', 4, { baselineRisk: 0.3 }))).toMatch(/impossible/)
  })

  it('reads a positive percentage with a negative direction as a reduction', () => {
    const reduced = response(effect('PERCENTAGE_CHANGE', 20, { ciLower: 10, ciUpper: 30 }), 'NEGATIVE')
    const same = response(effect('RELATIVE_RISK', 0.8, { ciLower: 0.7, ciUpper: 0.9 }), 'NEGATIVE')
    expect(reduced.coefficient).toBeCloseTo(same.coefficient, 12)
    expect(reduced.standardError).toBeCloseTo(same.standardError, 12)
    expect(reduced.assumptions).not.toContain('SIGN_FROM_DIRECTION')
  })

  it('cannot say what a reduction by 100 per cent is on a scale of ratios', () => {
    expect(reason(effect('PERCENTAGE_CHANGE', -100), 'NEGATIVE')).toMatch(/keeps a ratio/)
  })

  it('keeps the size and takes the sign from the direction where the two disagree, and flags it', () => {
    const { coefficient, assumptions } = response(effect('ODDS_RATIO', 2), 'NEGATIVE')
    expect(coefficient).toBeCloseTo(-response(effect('ODDS_RATIO', 2)).coefficient, 14)
    expect(assumptions).toContain('SIGN_FROM_DIRECTION')
  })

  it('assumes half of the effect for the error of grade B without an interval, and flags it', () => {
    const { coefficient, standardError, assumptions } = response(effect('ODDS_RATIO', 2))
    expect(standardError).toBe(coefficient * 0.5)
    expect(assumptions).toContain('SE_FROM_GRADE')
  })

  it('does not use half an interval, or one that does not hold the estimate', () => {
    for (const interval of [{ ciLower: 1.5 }, { ciLower: 3, ciUpper: 4 }])
      expect(response(effect('ODDS_RATIO', 2, interval)).assumptions).toContain('SE_FROM_GRADE')
  })

  it('reads a slope by its standard deviations, by its t statistic, or as standardised, in this order', () => {
    const interval = { ciLower: 0.04, ciUpper: 0.42 }
    expect(response(effect('BETA_COEFFICIENT', 3, { sdSource: 2, sdTarget: 12 })).coefficient).toBe(0.5)
    const byT = response(effect('BETA_COEFFICIENT', 0.23, { ...interval, sampleSize: 1002 }))
    const t = 0.23 / ((0.42 - 0.04) / 3.92)
    expect(byT.coefficient).toBeCloseTo(t / Math.sqrt(t * t + 1000), 12)
    expect(byT.assumptions).toEqual(['SLOPE_FROM_T'])
    expect(response(effect('BETA_COEFFICIENT', 0.23, interval)).assumptions).toEqual(['SLOPE_STANDARDISED'])
  })

  it('takes a correlation as it is, with the error of its sample size', () => {
    expect(response(effect('CORRELATION', 0.6, { sampleSize: 65 }))).toMatchObject({
      coefficient: 0.6,
      assumptions: [],
    })
    expect(response(effect('CORRELATION', 0.6, { sampleSize: 65 })).standardError).toBeCloseTo(0.08, 12)
  })

  it('gives a response of 0 for an effect of nothing', () => {
    expect(response(effect('ODDS_RATIO', 1, { ciLower: 0.9, ciUpper: 1.1 })).coefficient).toBe(0)
  })

  it.each([
    ['no effect', null, /no effect/],
    ['a ratio of 0', effect('ODDS_RATIO', 0), /no ratio/],
    ['a correlation beyond 1', effect('CORRELATION', 1.2), /no correlation/],
    ['a raw difference called standardised', effect('STANDARDIZED_MEAN_DIFFERENCE', 12.91), /as large/],
    ['a slope without its scale', effect('BETA_COEFFICIENT', 2.1), /standard deviations/],
    ['a prevalence', effect('PREVALENCE', 36.7), /prevalence/],
    ['a risk difference', effect('RISK_DIFFERENCE', 764), /risk of the unexposed/],
  ])('says why %s has no response', (_, of, why) => {
    expect(reason(of)).toMatch(why)
  })

  it('says that a record without a direction has no response', () => {
    expect(reason(effect('ODDS_RATIO', 2), null)).toMatch(/direction/)
  })
})
