// Income, the limits of losses and social security benefits, worked by hand from 26 U.S.C. 61, 62, 86, 461(l) and 1211.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

describe('adjusted gross income', () => {
  it.each([
    [1, -3_000],
    [2, -3_000],
    [3, -1_500],
    [4, -3_000],
    [5, -3_000],
  ])('has a capital loss of filing status %i at most at %i', (status, limited) => {
    const unit = taxUnit(2024, { 'filing status': status, 'long term gains': -10_000, 'short term gains': 2_000 })
    expect(unit('adjusted gross income')).toBe(limited)
    expect(unit('net capital gain')).toBe(-8_000)
  })

  it('nets short-term and long-term gains before the limit', () => {
    const unit = taxUnit(2024, { 'long term gains': 10_000, 'short term gains': -12_000 })
    expect(unit('adjusted gross income')).toBe(-2_000)
    expect(unit('preferential income')).toBe(0)
  })

  it.each([
    [1, 305_000],
    [2, 610_000],
    [3, 305_000],
    [4, 305_000],
    [5, 305_000],
  ])('has a business loss of filing status %i at most at %i', (status, limit) => {
    const unit = taxUnit(2024, {
      'filing status': status,
      'wages[head]': 1_000_000,
      'self employment income[head]': -400_000,
      'rental and partnership income': -400_000,
    })
    expect(unit('adjusted gross income')).toBe(1_000_000 - limit)
    expect(unit('market income')).toBe(200_000)
  })

  it('is less the adjustments', () => {
    const unit = taxUnit(2024, {
      'wages[head]': 80_000,
      'ira deduction': 7_000,
      'health savings account deduction': 4_150,
      'student loan interest': 2_500,
      'educator expenses': 300,
      'early withdrawal penalty': 50,
    })
    expect(unit('adjusted gross income')).toBe(66_000)
  })

  it('has all kinds of income', () => {
    const unit = taxUnit(2024, {
      interest: 1,
      'ordinary dividends': 20,
      'taxable pensions': 300,
      'taxable ira distributions': 4_000,
      'unemployment compensation': 50_000,
      'state tax refunds': 600_000,
      'other gains': 7_000_000,
      'tax exempt interest': 0.5,
    })
    expect(unit('adjusted gross income')).toBe(7_654_321)
  })

  it('leaves unemployment compensation out where a law says so', () => {
    const law = {
      'income_tax.unemployment_compensation.exclusion': [10_200],
      'income_tax.unemployment_compensation.income_limit': [150_000, 150_000, 150_000, 150_000, 150_000],
    }
    const row = { 'wages[head]': 150_000, 'unemployment compensation': 12_000 }
    expect(taxUnit(2024, row)('adjusted gross income')).toBe(162_000)
    expect(taxUnit(2024, row, law)('adjusted gross income')).toBe(151_800)
    expect(taxUnit(2024, { ...row, 'wages[head]': 150_001 }, law)('adjusted gross income')).toBe(162_001)
  })
})

describe('taxable social security benefits', () => {
  const taxable = (row: Record<string, number>) => taxUnit(2024, row)('taxable social security benefits')
  const BENEFITS = { 'social security benefits': 20_000 }

  it('are none up to the base amount', () => {
    expect(taxable({ ...BENEFITS, 'taxable pensions': 15_000 })).toBe(0)
  })

  it('are half of the income above the base amount, at most half of the benefits', () => {
    expect(taxable({ ...BENEFITS, 'taxable pensions': 20_000 })).toBe(2_500)
    expect(taxable({ 'social security benefits': 4_000, 'taxable pensions': 31_000 })).toBe(2_000)
  })

  it('are more above the adjusted base amount, at most 85 percent', () => {
    expect(taxable({ ...BENEFITS, 'taxable pensions': 26_000 })).toBe(0.85 * 2_000 + 4_500)
    expect(taxable({ ...BENEFITS, 'taxable pensions': 40_000 })).toBe(17_000)
  })

  it('have base amounts of 32,000 and 44,000 on a joint return', () => {
    const joint = { 'filing status': 2, 'social security benefits': 30_000 }
    expect(taxable({ ...joint, 'taxable pensions': 17_000 })).toBe(0)
    expect(taxable({ ...joint, 'taxable pensions': 30_000 })).toBeCloseTo(0.85 * 1_000 + 6_000, 8)
  })

  it('have no base amount for who files separately and lives with the spouse', () => {
    const separate = { 'filing status': 3, 'social security benefits': 10_000 }
    expect(taxable({ ...separate, 'lives apart': 1 })).toBe(0)
    expect(taxable({ ...separate, 'lives apart': 0 })).toBe(0.85 * 5_000)
  })

  it('count interest that is exempt, and student loan interest although it is deducted', () => {
    expect(taxable({ ...BENEFITS, 'taxable pensions': 15_000, 'tax exempt interest': 2_000 })).toBe(1_000)
    expect(taxable({ ...BENEFITS, 'taxable pensions': 17_000, 'student loan interest': 1_000 })).toBe(1_000)
    expect(taxable({ ...BENEFITS, 'taxable pensions': 17_000, 'ira deduction': 1_000 })).toBe(500)
  })
})
