// Credits worked by hand from 26 U.S.C. 21, 22, 24 and 32.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

describe('the credit for care', () => {
  const CARE = { 'filing status': 4, persons: 3, 'care children': 2, 'care expenses': 10_000 }
  const rate = (year: number, wages: number, status = 4) =>
    taxUnit(year, { ...CARE, 'filing status': status, 'wages[head]': wages })('care credit rate')

  it('falls from 35 to 20 percent by a point for each 2,000 dollars that have begun', () => {
    const wages = [15_000, 15_001, 17_000, 17_001, 43_000, 43_001, 500_000]
    const rates = [0.35, 0.34, 0.34, 0.33, 0.21, 0.2, 0.2]
    for (const [i, at] of wages.entries()) expect(rate(2025, at)).toBeCloseTo(rates[i]!, 12)
  })

  it('falls from 50 to 35 and from there to 20 percent from 2026', () => {
    const wages = [15_000, 15_001, 45_000, 60_000, 75_000, 75_001, 77_001, 105_000, 500_000]
    const rates = [0.5, 0.49, 0.35, 0.35, 0.35, 0.34, 0.33, 0.2, 0.2]
    for (const [i, at] of wages.entries()) expect(rate(2026, at)).toBeCloseTo(rates[i]!, 12)
    const joint = [150_000, 150_001, 154_000, 154_001].map((at) => rate(2026, at, 2))
    for (const [i, expected] of [0.35, 0.34, 0.34, 0.33].entries()) expect(joint[i]).toBeCloseTo(expected, 12)
  })

  it('counts 3,000 dollars for one and 6,000 for two or more', () => {
    const credit = (children: number) =>
      taxUnit(2025, { ...CARE, 'care children': children, 'wages[head]': 60_000 })('dependent care credit')
    expect([0, 1, 2, 4].map(credit)).toEqual([0, 600, 1_200, 1_200])
  })

  it('counts what each spouse earns, at most', () => {
    const joint = { ...CARE, 'filing status': 2, 'wages[head]': 90_000 }
    const credit = (row: Record<string, number>) => taxUnit(2025, { ...joint, ...row })('dependent care credit')
    expect(credit({})).toBe(0)
    expect(credit({ 'wages[spouse]': 2_000 })).toBe(400)
    expect(credit({ 'wages[spouse]': 20_000 })).toBe(1_200)
    expect(credit({ 'filing status': 5 })).toBe(1_200)
  })

  it('is at most the tax, and none for spouses who live together and file separately', () => {
    expect(taxUnit(2025, { ...CARE, 'wages[head]': 24_625 })('dependent care credit')).toBeCloseTo(100, 8)
    const separate = { ...CARE, 'filing status': 3, 'wages[head]': 60_000 }
    expect(taxUnit(2025, separate)('dependent care credit')).toBe(1_200)
    expect(taxUnit(2025, { ...separate, 'lives apart': 0 })('dependent care credit')).toBe(0)
  })
})

describe('the credit for the elderly', () => {
  /** Without a standard deduction the credit meets a tax. */
  const SEPARATE = { 'filing status': 3, 'spouse itemizes': 1, 'age[head]': 65, interest: 8_000 }

  it('is 15 percent of an amount that falls with income and benefits', () => {
    const credit = (row: Record<string, number>) => taxUnit(2024, { ...SEPARATE, ...row })('elderly credit')
    expect(credit({})).toBeCloseTo(0.15 * (3_750 - 0.5 * 3_000), 8)
    expect(credit({ 'social security benefits': 1_000 })).toBeCloseTo(0.15 * (3_750 - 1_000 - 0.5 * 3_000), 8)
    expect(credit({ pensions: 500, 'taxable pensions': 300 })).toBeCloseTo(0.15 * (3_750 - 200 - 0.5 * 3_300), 8)
    expect(credit({ 'age[head]': 64 })).toBe(0)
    expect(credit({ 'lives apart': 0 })).toBe(0)
    expect(credit({ interest: 50_000 })).toBe(0)
  })

  it.each([
    [1, 1, 5_000],
    [2, 1, 5_000],
    [2, 2, 7_500],
    [4, 1, 5_000],
    [5, 1, 5_000],
  ])('has of filing status %i with %i of the age an initial amount of %i', (status, aged, amount) => {
    const ages = { 'age[head]': aged === 2 ? 70 : 60, 'age[spouse]': 70 }
    const unit = taxUnit(2024, { 'filing status': status, ...(status === 2 ? ages : { 'age[head]': 70 }) })
    expect(unit('elderly initial amount of unit')).toBe(amount)
  })

  it('is at most the tax', () => {
    const unit = taxUnit(2024, { 'age[head]': 65, interest: 16_600 })
    expect(unit('elderly credit')).toBeCloseTo(5, 8)
    expect(unit('income tax')).toBeCloseTo(0, 8)
  })
})

describe('the child tax credit', () => {
  const FAMILY = { 'filing status': 2, persons: 5, 'child tax credit children': 2, 'children under 18': 3 }

  it('is 2,200 dollars for each child from 2025, and 500 for another dependent', () => {
    const unit = (year: number) => taxUnit(year, { ...FAMILY, 'wages[head]': 150_000 })
    expect(unit(2024)('child tax credit')).toBeCloseTo(4_000, 8)
    expect(unit(2025)('child tax credit')).toBeCloseTo(4_400, 8)
    expect(unit(2025)('other dependent credit')).toBeCloseTo(500, 8)
  })

  it.each([
    [1, 200_000],
    [2, 400_000],
    [3, 200_000],
    [4, 200_000],
    [5, 200_000],
  ])('falls of filing status %i above %i by 50 dollars for each 1,000 that have begun', (status, start) => {
    const credit = (wages: number) =>
      taxUnit(2024, { ...FAMILY, 'filing status': status, persons: 4, 'wages[head]': wages })('credits for children')
    const full = credit(start)
    expect([1, 1_000, 1_001, 2_000, 2_001].map((above) => full - credit(start + above))).toEqual([
      ...[50, 50, 100, 100, 150],
    ])
    expect(credit(start + 200_000)).toBe(0)
  })

  it('is refunded at 15 percent of earned income above 2,500 dollars, at most 1,700 for each child', () => {
    const refunded = (wages: number) =>
      taxUnit(2025, { ...FAMILY, 'wages[head]': wages })('additional child tax credit')
    expect([2_500, 12_500, 25_000, 30_000].map(refunded)).toEqual([0, 1_500, 3_375, 3_400])
    expect(taxUnit(2022, { ...FAMILY, 'wages[head]': 25_900 })('additional child tax credit')).toBe(3_000)
  })

  // 5,000 dollars of wages: 15 percent of 2,500 is 375, half the payroll tax 382.50; investment income ends the earned income credit.
  it('is refunded up to payroll taxes above the earned income credit where there are three children', () => {
    const three = { ...FAMILY, 'child tax credit children': 3, 'wages[head]': 5_000, 'tax exempt interest': 20_000 }
    expect(taxUnit(2025, three)('additional child tax credit')).toBeCloseTo(382.5, 8)
    expect(taxUnit(2025, { ...three, 'child tax credit children': 2 })('additional child tax credit')).toBeCloseTo(
      375,
      8,
    )
    const credited = { ...three, 'tax exempt interest': 0, 'earned income credit children': 3 }
    expect(taxUnit(2025, credited)('additional child tax credit')).toBeCloseTo(375, 8)
  })

  it('is refunded of what the tax does not use, and not of credits for other dependents', () => {
    const unit = taxUnit(2025, { ...FAMILY, 'wages[head]': 41_500 })
    expect(unit('credits for children used')).toBeCloseTo(1_000, 8)
    expect(unit('additional child tax credit')).toBeCloseTo(3_400, 8)
    expect(unit('child tax credit')).toBeCloseTo((1_000 * 4_400) / 4_900, 8)
    const other = taxUnit(2025, { 'filing status': 4, persons: 2, 'wages[head]': 25_000 })
    expect(other('other dependent credit')).toBeCloseTo(137.5, 8)
    expect(other('additional child tax credit')).toBe(0)
  })

  it('can be refunded in full, be more below six and reach children of 17 under another law', () => {
    const row = { ...FAMILY, 'children under 6': 1 }
    const full = { 'income_tax.child_tax_credit.fully_refundable': [1] }
    expect(taxUnit(2025, row, full)('additional child tax credit')).toBe(4_400)
    const young = { ...full, 'income_tax.child_tax_credit.under_six_addition': [600] }
    expect(taxUnit(2025, row, young)('additional child tax credit')).toBe(5_000)
    const older = { 'income_tax.child_tax_credit.includes_age_17': [1] }
    expect(taxUnit(2025, { ...row, 'wages[head]': 150_000 }, older)('child tax credit total')).toBe(6_600)
  })
})

describe('the earned income credit', () => {
  const credit = (row: Record<string, number>, year = 2025) => taxUnit(year, row)('earned income credit')
  const PARENT = { 'filing status': 4, 'earned income credit children': 1 }

  it('rises with earned income, stays and falls', () => {
    expect(credit({ ...PARENT, 'wages[head]': 10_000 })).toBeCloseTo(3_400, 8)
    expect(credit({ ...PARENT, 'wages[head]': 15_000 })).toBe(4_328)
    expect(credit({ ...PARENT, 'wages[head]': 33_350 })).toBeCloseTo(4_328 - 1_598, 8)
    expect(credit({ ...PARENT, 'filing status': 2, 'wages[head]': 40_470 })).toBeCloseTo(4_328 - 1_598, 8)
    expect(credit({ ...PARENT, 'wages[head]': 100_000 })).toBe(0)
  })

  it('has the amounts of three children for more', () => {
    const of = (children: number) => credit({ 'earned income credit children': children, 'wages[head]': 20_000 })
    expect([0, 1, 2, 3, 4, 7].map(of)).toEqual([0, 4_328, 7_152, 8_046, 8_046, 8_046])
  })

  it('falls with adjusted gross income where that is more, and not below where that is less', () => {
    expect(credit({ ...PARENT, 'wages[head]': 15_000, 'taxable pensions': 18_350 })).toBeCloseTo(4_328 - 1_598, 8)
    expect(credit({ ...PARENT, 'wages[head]': 33_350, 'rental and partnership income': -30_000 })).toBeCloseTo(
      4_328 - 1_598,
      8,
    )
  })

  it('is given without a child from 25 to 64, on a joint return where one of both is of the age', () => {
    const at = (age: number) => credit({ 'age[head]': age, 'wages[head]': 8_000 })
    expect([24, 25, 64, 65].map((age) => at(age) > 0)).toEqual([false, true, true, false])
    const couple = { 'filing status': 2, 'age[head]': 70, 'age[spouse]': 64, 'wages[head]': 8_000 }
    expect(credit(couple)).toBeCloseTo(0.0765 * 8_000, 8)
    expect(credit({ ...couple, 'age[spouse]': 65 })).toBe(0)
    expect(credit({ ...couple, 'filing status': 1 })).toBe(0)
    expect(credit({ ...PARENT, 'age[head]': 19, 'wages[head]': 8_000 })).toBeCloseTo(2_720, 8)
  })

  it('ends where investment income is above the limit', () => {
    const of = (row: Record<string, number>) => credit({ ...PARENT, 'wages[head]': 12_000, ...row })
    expect(of({ interest: 6_000, 'tax exempt interest': 5_950 })).toBeGreaterThan(0)
    expect(of({ interest: 6_000, 'tax exempt interest': 5_951 })).toBe(0)
    expect(of({ 'ordinary dividends': 12_000, 'long term gains': -9_000 })).toBe(0)
    expect(of({ 'rental and partnership income': 12_000 })).toBe(0)
    expect(of({ 'rental and partnership income': 12_000, 'qualified partnership income': 12_000 })).toBeGreaterThan(0)
  })

  it('is not given to dependents, nor to who files separately and lives with the spouse', () => {
    expect(credit({ ...PARENT, 'is dependent': 1, 'wages[head]': 10_000 })).toBe(0)
    const separate = { ...PARENT, 'filing status': 3, 'wages[head]': 10_000 }
    expect(credit(separate)).toBeCloseTo(3_400, 8)
    expect(credit({ ...separate, 'lives apart': 0 })).toBe(0)
  })

  it('counts a loss of self-employment against wages', () => {
    expect(credit({ ...PARENT, 'wages[head]': 15_000, 'self employment income[head]': -5_000 })).toBeCloseTo(3_400, 8)
    expect(credit({ ...PARENT, 'wages[head]': 5_000, 'self employment income[head]': -9_000 })).toBe(0)
  })
})

describe('tax after credits', () => {
  it('is less than nothing where credits are refunded, and makes net income more', () => {
    const unit = taxUnit(2025, {
      'filing status': 4,
      persons: 2,
      'child tax credit children': 1,
      'earned income credit children': 1,
      'wages[head]': 15_000,
    })
    expect(unit('income tax')).toBeCloseTo(-4_328 - 1_700, 8)
    expect(unit('net income')).toBeCloseTo(15_000 + 6_028 - 0.0765 * 15_000, 8)
    expect(unit('combined tax')).toBeCloseTo(-6_028 + 0.153 * 15_000, 8)
    expect(unit('income tax before child and earned income credits')).toBeCloseTo(0, 8)
  })
})
