// Regular tax, alternative minimum tax and net investment income tax, worked by hand from 26 U.S.C. 1, 55-59 and 1411.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

const regular = (year: number, row: Record<string, number>) => taxUnit(year, row)('income tax before credits')

describe('regular tax', () => {
  it.each([
    [1, 115_750, 1_192.5 + 4_386 + 11_335.5],
    [2, 131_500, 2_385 + 0.12 * 73_100 + 0.22 * 3_050],
    [3, 115_750, 1_192.5 + 4_386 + 11_335.5],
    [4, 123_625, 1_700 + 0.12 * 47_850 + 0.22 * 35_150],
    [5, 131_500, 2_385 + 0.12 * 73_100 + 0.22 * 3_050],
  ])('of filing status %i on 100,000 dollars of taxable income (wages of %i) is %f in 2025', (status, wages, tax) => {
    const unit = taxUnit(2025, { 'filing status': status, 'wages[head]': wages })
    expect(unit('taxable income')).toBe(100_000)
    expect(unit('income tax before credits')).toBeCloseTo(tax, 8)
  })

  it('reaches the top bracket of a separate return at half of that of a joint one', () => {
    const rate = (status: number, wages: number) =>
      regular(2023, { 'filing status': status, 'wages[head]': wages + 100 }) -
      regular(2023, { 'filing status': status, 'wages[head]': wages })
    expect(rate(3, 346_875 + 13_850)).toBeCloseTo(37, 6)
    expect(rate(3, 346_775 + 13_850)).toBeCloseTo(35, 6)
    expect(rate(2, 693_750 + 27_700)).toBeCloseTo(37, 6)
  })

  it('is none of a loss', () => {
    const unit = taxUnit(2024, { 'self employment income[head]': -50_000, 'qualified dividends': 0 })
    expect(unit('taxable income')).toBe(0)
    expect(unit('income tax')).toBe(0)
  })

  it('has gains stand on top of other income, at 0, 15 and 20 percent', () => {
    const joint = { 'filing status': 2, 'wages[head]': 29_200 }
    expect(regular(2024, { ...joint, 'long term gains': 100_000 })).toBeCloseTo(0.15 * (100_000 - 94_050), 8)
    expect(regular(2024, { ...joint, 'long term gains': 683_750 })).toBeCloseTo(0.15 * 489_700 + 0.2 * 100_000, 8)
    const wages = { 'filing status': 2, 'wages[head]': 129_200, 'long term gains': 10_000 }
    expect(regular(2024, wages)).toBeCloseTo(2_320 + 0.12 * 71_100 + 0.22 * 5_700 + 1_500, 8)
  })

  it('has qualified dividends beside a loss, and only gains above short-term losses', () => {
    const dividends = { 'ordinary dividends': 20_000, 'qualified dividends': 20_000, 'long term gains': -9_000 }
    expect(taxUnit(2024, dividends)('preferential income')).toBe(20_000)
    expect(taxUnit(2024, { 'long term gains': 10_000, 'short term gains': -4_000 })('preferential income')).toBe(6_000)
    expect(taxUnit(2024, { 'long term gains': 10_000, 'short term gains': 4_000 })('preferential income')).toBe(10_000)
    expect(taxUnit(2024, { 'long term gains': -10_000, 'short term gains': 40_000 })('preferential income')).toBe(0)
  })

  it('is that of the brackets where those are lower', () => {
    const cheap = { 'income_tax.brackets.3.rate': [0.05], 'income_tax.brackets.2.rate': [0.05] }
    const unit = taxUnit(2024, { 'wages[head]': 74_600, 'long term gains': 10_000 }, cheap)
    expect(unit('income tax before credits')).toBeCloseTo(1_160 + 0.05 * 58_400, 8)
  })
})

describe('alternative minimum tax', () => {
  it('is none of wages', () => {
    expect(taxUnit(2026, { 'wages[head]': 5_000_000 })('alternative minimum tax')).toBe(0)
  })

  // Taxable excess of 2026: 700,000 - (90,100 - 0.5 (700,000 - 500,000), at least 0).
  it('has an exemption that falls with income, by half of it from 2026', () => {
    const unit = (year: number, gains: number) => taxUnit(year, { 'long term gains': gains })
    expect(unit(2026, 600_000)('minimum tax exemption by choice[standard]')).toBe(40_100)
    expect(unit(2026, 700_000)('minimum tax exemption by choice[standard]')).toBe(0)
    expect(unit(2025, 700_000)('minimum tax exemption by choice[standard]')).toBe(88_100 - 0.25 * 73_650)
  })

  it('adds state and local taxes to the income of those who itemize', () => {
    const unit = taxUnit(2025, {
      'filing status': 2,
      'wages[head]': 400_000,
      'real estate taxes': 50_000,
      'mortgage interest': 20_000,
      'state tax refunds': 1_000,
    })
    expect(unit('itemized deductions claimed')).toBe(60_000)
    expect(unit('alternative minimum taxable income')).toBe(380_000)
  })

  // 1,000,000 is 124,050 above 875,950, where the exemption has gone; a quarter of that is added and taxed at 26 percent.
  it('adds to the income of a separate return above the point where the exemption has gone', () => {
    const unit = taxUnit(2024, { 'filing status': 3, 'long term gains': 1_000_000 })
    expect(unit('separate return addition by choice[standard]')).toBeCloseTo(31_012.5, 8)
    expect(unit('income tax before credits with alternative minimum tax')).toBeCloseTo(
      0.26 * 31_012.5 + 0.15 * (291_850 - 47_025) + 0.2 * (1_000_000 - 291_850),
      8,
    )
    const far = taxUnit(2024, { 'filing status': 3, 'long term gains': 5_000_000 })
    expect(far('separate return addition by choice[standard]')).toBe(66_650)
    expect(taxUnit(2024, { 'long term gains': 5_000_000 })('separate return addition by choice[standard]')).toBe(0)
  })

  it('limits the exemption of a child to the earned income and an amount', () => {
    const exemption = (row: Record<string, number>) =>
      taxUnit(2025, { 'wages[head]': 2_000, interest: 80_000, ...row })('minimum tax exemption by choice[standard]')
    expect(exemption({ 'age[head]': 17 })).toBe(11_550)
    expect([0, 18].map((age) => exemption({ 'age[head]': age }))).toEqual([88_100, 88_100])
    expect(exemption({ 'age[head]': 17, 'filing status': 2 })).toBe(137_000)
  })

  it('taxes the excess at 26 and 28 percent', () => {
    const tax = (row: Record<string, number>) => taxUnit(2024, row)('tentative minimum tax by choice[standard]')
    expect(tax({ 'wages[head]': 285_700 })).toBeCloseTo(0.26 * 200_000, 8)
    expect(tax({ 'wages[head]': 385_700 })).toBeCloseTo(0.26 * 232_600 + 0.28 * 67_400, 8)
    expect(tax({ 'filing status': 3, 'wages[head]': 266_650 })).toBeCloseTo(0.26 * 116_300 + 0.28 * 83_700, 8)
  })
})

describe('net investment income tax', () => {
  const tax = (row: Record<string, number>) => taxUnit(2024, row)('net investment income tax')

  it('is due on investment income, at most on the income above the threshold', () => {
    expect(tax({ 'wages[head]': 190_000, interest: 20_000 })).toBeCloseTo(380, 8)
    expect(tax({ 'wages[head]': 290_000, interest: 20_000 })).toBeCloseTo(760, 8)
    expect(tax({ 'wages[head]': 290_000 })).toBe(0)
  })

  it('has thresholds of 250,000, 125,000 and 200,000 dollars', () => {
    const at = [1, 2, 3, 4, 5].map((status) => tax({ 'filing status': status, interest: 300_000 }) / 0.038)
    for (const [i, excess] of [100_000, 50_000, 175_000, 100_000, 50_000].entries())
      expect(at[i]).toBeCloseTo(excess, 6)
  })

  it('counts rents but no trade in which the person works, and takes a capital loss off', () => {
    const rich = { 'wages[head]': 400_000, interest: 10_000 }
    expect(
      tax({ ...rich, 'rental and partnership income': 50_000, 'qualified partnership income': 30_000 }),
    ).toBeCloseTo(0.038 * 30_000, 8)
    expect(tax({ ...rich, 'long term gains': -20_000 })).toBeCloseTo(0.038 * 7_000, 8)
    expect(tax({ ...rich, 'rental and partnership income': -50_000 })).toBe(0)
  })
})
