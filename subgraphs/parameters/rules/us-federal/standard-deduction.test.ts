// Standard deduction and the deductions beside it, worked by hand from 26 U.S.C. 63, 151(d)(5), 163(h)(4), 170(p), 224 and 225.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

describe('the standard deduction', () => {
  const deduction = (year: number, row: Record<string, number>) => taxUnit(year, row)('standard deduction')

  it.each([
    [1, 14_600],
    [2, 29_200],
    [3, 14_600],
    [4, 21_900],
    [5, 29_200],
  ])('of filing status %i is %i in 2024', (status, amount) => {
    expect(deduction(2024, { 'filing status': status })).toBe(amount)
  })

  it.each([
    [2022, 1_750, 1_400],
    [2023, 1_850, 1_500],
    [2024, 1_950, 1_550],
    [2025, 2_000, 1_600],
    [2026, 2_050, 1_650],
  ])('grows in %i by %i for who is unmarried and 65, by %i for others', (year, unmarried, other) => {
    const addition = (status: number) =>
      deduction(year, { 'filing status': status, 'age[head]': 65 }) -
      deduction(year, { 'filing status': status, 'age[head]': 64 })
    expect([1, 2, 3, 4, 5].map(addition)).toEqual([unmarried, other, other, unmarried, other])
  })

  it('counts age and blindness of both on a joint return, of the head alone on others', () => {
    const four = { 'age[head]': 70, 'age[spouse]': 66, 'blind[head]': 1, 'blind[spouse]': 1 }
    expect(deduction(2024, { ...four, 'filing status': 2 })).toBe(29_200 + 4 * 1_550)
    expect(deduction(2024, { ...four, 'filing status': 3 })).toBe(14_600 + 2 * 1_550)
  })

  it('of a dependent is the earned income and 450 dollars, at least 1,350 and at most the basic one', () => {
    const dependent = (wages: number) => deduction(2025, { 'is dependent': 1, 'wages[head]': wages })
    expect([0, 900, 901, 3_000, 15_299, 20_000].map(dependent)).toEqual([
      ...[1_350, 1_350, 1_351, 3_450],
      ...[15_749, 15_750],
    ])
    expect(deduction(2025, { 'is dependent': 1, interest: 50_000, 'blind[head]': 1 })).toBe(1_350 + 2_000)
  })

  it('is none on a separate return whose other spouse itemizes', () => {
    expect(deduction(2024, { 'filing status': 3, 'spouse itemizes': 1, 'age[head]': 70 })).toBe(0)
    expect(deduction(2024, { 'filing status': 1, 'spouse itemizes': 1 })).toBe(14_600)
  })
})

describe('the deduction of seniors', () => {
  const senior = (row: Record<string, number>, year = 2025) => taxUnit(year, row)('senior deduction')

  it('is 6,000 dollars from age 65, in 2025 and 2026', () => {
    expect(senior({ 'age[head]': 65, 'wages[head]': 75_000 })).toBe(6_000)
    expect(senior({ 'age[head]': 64, 'wages[head]': 75_000 })).toBe(0)
    expect([2024, 2025, 2026].map((year) => senior({ 'age[head]': 65 }, year))).toEqual([0, 6_000, 6_000])
  })

  it('falls by 6 percent of income above 75,000 dollars, of each person above 150,000 on a joint return', () => {
    expect(senior({ 'age[head]': 65, 'wages[head]': 100_000 })).toBe(4_500)
    expect(senior({ 'age[head]': 65, 'wages[head]': 175_000 })).toBe(0)
    const joint = { 'filing status': 2, 'age[head]': 65, 'age[spouse]': 80 }
    expect(senior({ ...joint, 'wages[head]': 200_000 })).toBe(6_000)
    expect(senior({ ...joint, 'filing status': 5, 'wages[head]': 75_000 })).toBe(6_000)
  })

  it('is none on a separate return', () => {
    expect(senior({ 'filing status': 3, 'age[head]': 70 })).toBe(0)
  })
})

describe('the deductions for tips, overtime and vehicle loans', () => {
  it('fall by 100 dollars for each full 1,000 dollars of income', () => {
    const tips = (wages: number, status = 1) =>
      taxUnit(2025, { 'filing status': status, 'wages[head]': wages, tips: 30_000 })('tip deduction')
    expect([150_000, 150_999, 151_000, 161_500, 400_000].map((wages) => tips(wages))).toEqual([
      ...[25_000, 25_000, 24_900, 23_900, 0],
    ])
    expect(tips(301_000, 2)).toBe(24_900)
    expect(tips(100_000, 3)).toBe(0)
  })

  it('are of overtime at most 12,500 dollars, on a joint return 25,000', () => {
    const overtime = (status: number) =>
      taxUnit(2026, { 'filing status': status, 'wages[head]': 100_000, overtime: 40_000 })('overtime deduction')
    expect([1, 2, 3, 4, 5].map(overtime)).toEqual([12_500, 25_000, 0, 12_500, 12_500])
  })

  it('fall by 200 dollars for each 1,000 dollars that have begun, of interest on a vehicle', () => {
    const loan = (wages: number, status = 1) =>
      taxUnit(2025, { 'filing status': status, 'wages[head]': wages, 'vehicle loan interest': 12_000 })(
        'vehicle loan interest deduction',
      )
    expect([100_000, 100_001, 101_000, 101_001].map((wages) => loan(wages))).toEqual([10_000, 9_800, 9_800, 9_600])
    expect(loan(200_000, 2)).toBe(10_000)
  })

  it('are none before 2025, and lower the income of the alternative minimum tax too', () => {
    const row = { 'wages[head]': 90_000, tips: 5_000, overtime: 3_000, 'vehicle loan interest': 1_000, 'age[head]': 65 }
    expect(taxUnit(2024, row)('other deductions')).toBe(0)
    const unit = taxUnit(2025, row)
    expect(unit('taxable income')).toBe(90_000 - 17_750 - 5_100 - 9_000)
    expect(unit('alternative minimum taxable income')).toBe(81_000)
  })
})

describe('gifts of those who do not itemize', () => {
  it('are deducted up to 1,000 dollars, on a joint return 2,000, from 2026', () => {
    const taxable = (year: number, status: number) =>
      taxUnit(year, { 'filing status': status, 'wages[head]': 60_000, 'cash charity': 5_000 })('taxable income')
    expect(taxable(2026, 1)).toBe(60_000 - 16_100 - 1_000)
    expect(taxable(2026, 2)).toBe(60_000 - 32_200 - 2_000)
    expect(taxable(2025, 1)).toBe(60_000 - 15_750)
  })
})
