// Deduction of qualified business income, worked by hand from 26 U.S.C. 199A.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

/** With the standard deduction of 2025 taxable income is 222,300: halfway through the range from 197,300 to 247,300. */
const HALFWAY = { 'rental and partnership income': 238_050, 'qualified partnership income': 100_000 }
/** Taxable income is 300,000, beyond the range. */
const BEYOND = { 'rental and partnership income': 315_750, 'qualified partnership income': 100_000 }

const deduction = (year: number, row: Record<string, number>) =>
  taxUnit(year, row)('qualified business income deduction')

describe('the deduction of qualified business income', () => {
  it('is a fifth of the income after the adjustments that belong to it, at most of taxable income', () => {
    const low = { 'self employment income[head]': 100_000 }
    expect(deduction(2025, low)).toBeCloseTo(0.2 * (100_000 - 7_064.775 - 15_750), 8)
    const high = { ...low, 'wages[head]': 50_000, 'self employed retirement': 5_000 }
    expect(deduction(2025, high)).toBeCloseTo(0.2 * (100_000 - 7_064.775 - 5_000), 8)
  })

  // Adjusted gross income is 73,293.5225; less 15,750 and the gains and dividends of 54,000, 3,543.5225 are left.
  it('is at most a fifth of taxable income without gains and qualified dividends', () => {
    const row = {
      'self employment income[head]': 10_000,
      'long term gains': 60_000,
      'short term gains': -10_000,
      'ordinary dividends': 4_000,
      'qualified dividends': 4_000,
      'wages[head]': 10_000,
    }
    expect(deduction(2025, row)).toBeCloseTo(0.2 * 3_543.5225, 8)
    expect(deduction(2025, { ...row, 'wages[head]': 0 })).toBe(0)
    expect(deduction(2025, { ...row, 'wages[head]': 90_000 })).toBeCloseTo(0.2 * (10_000 - 706.4775), 8)
  })

  it('is none of a loss', () => {
    expect(deduction(2026, { 'self employment income[head]': -10_000, 'wages[head]': 90_000 })).toBe(0)
  })

  it('has the limit by wages and property phased in', () => {
    expect(deduction(2025, HALFWAY)).toBeCloseTo(10_000, 8)
    expect(deduction(2025, { ...HALFWAY, 'business wages': 20_000 })).toBeCloseTo(15_000, 8)
    expect(deduction(2025, { ...HALFWAY, 'business wages': 50_000 })).toBeCloseTo(20_000, 8)
    expect(deduction(2025, BEYOND)).toBe(0)
    expect(deduction(2025, { ...BEYOND, 'business wages': 20_000 })).toBeCloseTo(10_000, 8)
    expect(deduction(2025, { ...BEYOND, 'business wages': 10_000, 'business property': 400_000 })).toBeCloseTo(
      12_500,
      8,
    )
  })

  it('has a specified service trade phased out', () => {
    const service = { 'specified service trade': 1, 'business wages': 20_000 }
    expect(deduction(2025, { ...HALFWAY, ...service })).toBeCloseTo(0.5 * (20_000 - 0.5 * 10_000), 8)
    expect(deduction(2025, { ...BEYOND, ...service })).toBe(0)
    const below = { 'rental and partnership income': 213_050, 'qualified partnership income': 100_000 }
    expect(deduction(2025, { ...below, ...service })).toBe(20_000)
  })

  it.each([
    [2022, [170_050, 340_100, 170_050, 170_050, 170_050]],
    [2026, [201_750, 403_500, 201_775, 201_750, 201_750]],
  ])('begins to be limited in %i at the amounts of the law', (year, thresholds) => {
    for (const [i, threshold] of thresholds.entries()) {
      const row = { 'filing status': i + 1, 'qualified partnership income': 100_000 }
      const standard = taxUnit(year, row)('standard deduction')
      const at = (taxable: number) => deduction(year, { ...row, 'rental and partnership income': taxable + standard })
      expect(at(threshold)).toBe(20_000)
      expect(at(threshold + 1_000)).toBeLessThan(20_000)
    }
  })

  it('is at least 400 dollars of 1,000 dollars of income from 2026', () => {
    const of = (income: number, year = 2026) =>
      deduction(year, {
        'wages[head]': 50_000,
        'rental and partnership income': income,
        'qualified partnership income': income,
      })
    expect(of(1_000)).toBe(400)
    expect(of(999)).toBeCloseTo(199.8, 8)
    expect(of(3_000)).toBe(600)
    expect(of(1_000, 2025)).toBe(200)
  })
})
