// The rules of the United Kingdom against published examples and against sums worked by hand from the acts that are named.
import { describe, expect, it } from 'vitest'
import { type Asked, type Unit, unitResults } from '../support/rule-results.ts'

const YEARS = [2022, 2023, 2024, 2025]

const family = (unit: Unit, asked: number | Asked = 2024) =>
  unitResults('uk', unit, typeof asked === 'number' ? { year: asked } : asked)
const earner = (pay: number, more: Unit = {}): Unit => ({ 'employment income[head]': pay, ...more })
const couple = (head: number, partner: number, more: Unit = {}): Unit => ({
  married: 1,
  persons: 2,
  'employment income[head]': head,
  'employment income[partner]': partner,
  ...more,
})

describe('income tax on pay', () => {
  // Income Tax Act 2007 ss. 10, 35: 20 % to 37,700 above the allowance of 12,570, 40 % above.
  it.each([
    [12_570, 0],
    [12_571, 0.2],
    [30_000, 3_486],
    [50_000, 7_486],
    [50_270, 7_540],
    [60_000, 11_432],
    [100_000, 27_432],
  ])('of %i is %d in every year', (pay, tax) => {
    for (const year of YEARS) expect(family(earner(pay), year)('income tax'), String(year)).toBeCloseTo(tax, 8)
  })

  it('is 42,516 at 125,140, where the allowance has gone', () => {
    const result = family(earner(125_140))
    expect(result('personal allowance[head]')).toBe(0)
    expect(result('income tax')).toBeCloseTo(37_700 * 0.2 + 87_440 * 0.4, 8)
    expect(result('income tax')).toBeCloseTo(42_516, 8)
  })

  it('has the additional rate from 150,000 in 2022-23 and from 125,140 after it (Finance Act 2023 s. 6)', () => {
    expect(family(earner(150_000), 2022)('income tax')).toBeCloseTo(7_540 + 112_300 * 0.4, 8)
    for (const year of [2023, 2024, 2025])
      expect(family(earner(150_000), year)('income tax')).toBeCloseTo(7_540 + 87_440 * 0.4 + 24_860 * 0.45, 8)
  })

  it('takes 60 pence of a pound while the allowance is reduced', () => {
    const taxAt = (pay: number) => family(earner(pay))('income tax')
    expect(taxAt(110_002) - taxAt(110_000)).toBeCloseTo(1.2, 8)
  })

  it('rounds an allowance that is reduced up to a pound (s. 35(3))', () => {
    expect(family(earner(100_001))('personal allowance[head]')).toBe(12_570)
    expect(family(earner(100_002))('personal allowance[head]')).toBe(12_569)
    expect(family(earner(125_139))('personal allowance[head]')).toBe(1)
  })

  it('counts pension contributions neither as income nor for the allowance, but leaves national insurance', () => {
    const result = family(earner(110_000, { 'pension contributions[head]': 10_000 }))
    expect(result('income tax')).toBe(family(earner(100_000))('income tax'))
    expect(result('employees national insurance')).toBe(family(earner(110_000))('employees national insurance'))
  })

  it('is the same in Wales and Northern Ireland', () => {
    for (const nation of [2, 3]) expect(family(earner(80_000, { nation }))('income tax')).toBeCloseTo(19_432, 8)
  })

  it('is that of each adult alone', () => {
    const two = family(couple(60_000, 20_000, { married: 0 }))
    expect(two('income tax of adult[head]')).toBe(family(earner(60_000))('income tax'))
    expect(two('income tax of adult[partner]')).toBe(family(earner(20_000))('income tax'))
  })
})

describe('income tax on savings and dividends', () => {
  const taxed = (unit: Unit, year = 2024) => family(unit, year)

  // Examples of HM Revenue and Customs on the personal savings allowance.
  it.each([
    [20_000, 250, 0],
    [20_000, 1_500, 500 * 0.2],
    [60_000, 250, 0],
    [60_000, 1_100, 600 * 0.4],
  ])('beside %i of pay, on %i of interest is as published', (pay, interest, tax) => {
    expect(taxed(earner(pay, { 'savings income[head]': interest }))('tax on savings[head,none]')).toBeCloseTo(tax, 8)
  })

  // gov.uk, "Tax on savings interest": 16,000 of wages leave 1,570 of the starting rate for savings of 5,000.
  it('leaves what general income leaves of the starting rate', () => {
    const result = taxed(earner(16_000, { 'savings income[head]': 3_000 }))
    expect(result('savings at nil rates[head,none]')).toBe(1_570 + 1_000)
    expect(result('tax on savings[head,none]')).toBeCloseTo(430 * 0.2, 8)
  })

  it('is nothing on savings alone up to 18,570', () => {
    expect(taxed({ 'savings income[head]': 18_570 })('income tax')).toBe(0)
    expect(taxed({ 'savings income[head]': 18_670 })('income tax')).toBeCloseTo(20, 8)
  })

  it('leaves no savings allowance to whose income reaches the additional rate', () => {
    expect(taxed(earner(130_000, { 'savings income[head]': 100 }))('tax on savings[head,none]')).toBeCloseTo(45, 8)
  })

  // gov.uk, "Tax on dividends": 3,000 of dividends beside 29,570 of wages, for the allowance of each year.
  it.each([
    [2022, 1_000],
    [2023, 2_000],
    [2024, 2_500],
    [2025, 2_500],
  ])('of %i taxes the dividends of the published example above the allowance', (year, above) => {
    const result = taxed(earner(29_570, { 'dividends[head]': 3_000 }), year)
    expect(result('tax on general income[head,none]')).toBeCloseTo(17_000 * 0.2, 8)
    expect(result('tax on dividends[head,none]')).toBeCloseTo(above * 0.0875, 8)
  })

  it('counts dividends at the nil rate towards the band', () => {
    // 37,500 taxable pay; of 1,000 dividends 200 lie below the limit and all of them and 300 more are at nil.
    const result = taxed(earner(50_070, { 'dividends[head]': 1_000 }))
    expect(result('tax on dividends[head,none]')).toBeCloseTo(500 * 0.3375, 8)
  })
})

describe('marriage allowance', () => {
  // gov.uk, "Marriage Allowance": incomes of 11,500 and 20,000, tax on 190 and on 6,170 instead of on 7,430.
  it('saves the couple of the published example 214', () => {
    const without = family(couple(11_500, 20_000, { married: 0 }))('income tax')
    const result = family(couple(11_500, 20_000))
    expect(result('transferable amount')).toBe(1_260)
    expect(result('income tax of adult[head]')).toBeCloseTo(190 * 0.2, 8)
    expect(result('income tax of adult[partner]')).toBeCloseTo(6_170 * 0.2, 8)
    expect(without - result('income tax')).toBeCloseTo(214, 8)
  })

  it('is given by whoever saves the couple more, also with the higher income', () => {
    // 14,000 of interest lie within the starting rate without the allowance given up; 13,500 of pay would be taxed.
    const unit = couple(13_500, 0, { 'savings income[partner]': 14_000 })
    expect(family(unit)('chosen election')).toBe(3)
    expect(family(unit)('income tax')).toBe(0)
    expect(family({ ...unit, married: 0 })('income tax')).toBeCloseTo(186, 8)
  })

  it('is the same with head and partner exchanged', () => {
    expect(family(couple(20_000, 11_500))('income tax')).toBe(family(couple(11_500, 20_000))('income tax'))
  })

  it.each([
    ['not married', couple(5_000, 30_000, { married: 0 }), 0],
    ['one of them pays at the higher rate', couple(5_000, 50_271), 0],
    ['neither pays tax', couple(5_000, 6_000), 0],
    ['both pay tax, so that nothing is saved', couple(20_000, 30_000), 0],
    ['one pays at the basic rate up to its limit', couple(5_000, 50_270), 252],
    ['one pays less than the reduction', couple(5_000, 13_000), 86],
  ])('where %s', (_, unit, saved) => {
    const without = family({ ...unit, married: 0 })('income tax')
    expect(without - family(unit)('income tax')).toBeCloseTo(saved, 8)
  })

  it('is kept by who has savings at the nil rate above the basic rate limit, and lost by dividends there (s. 55B(2)(ba))', () => {
    const savings = family(couple(5_000, 50_270, { 'savings income[partner]': 500 }))
    const dividends = family(couple(5_000, 50_270, { 'dividends[partner]': 500 }))
    expect(savings('chosen election')).toBe(2)
    expect(dividends('chosen election')).toBe(1)
  })
})

describe('national insurance', () => {
  // Social Security Contributions and Benefits Act 1992 s. 8, at the rates of an earnings period of a year.
  it.each([
    [2022, (50_000 - 11_908) * 0.1273],
    [2023, (50_000 - 12_570) * 0.115],
    [2024, 2_994.4],
    [2025, 2_994.4],
  ])('of an employee with 50,000 in %i', (year, due) => {
    expect(family(earner(50_000), year)('employees national insurance')).toBeCloseTo(due, 8)
  })

  it.each([
    [2022, 0.0273, 37_700 * 0.1273 + (12_570 - 11_908) * 0.1273],
    [2024, 0.02, 3_016],
  ])('above the upper earnings limit in %i is charged at %d', (year, rate, upTo) => {
    expect(family(earner(60_270), year)('employees national insurance')).toBeCloseTo(upTo + 10_000 * rate, 8)
  })

  it.each([
    [2022, (30_000 - 9_100) * 0.1453],
    [2023, (30_000 - 9_100) * 0.138],
    [2024, 2_884.2],
    [2025, 3_750],
  ])('of the employer of a person with 30,000 in %i', (year, due) => {
    expect(family(earner(30_000), year)('employers national insurance')).toBeCloseTo(due, 8)
  })

  it('is not paid by who is over the pension age, but by the employer', () => {
    const result = family(earner(30_000, { 'over pension age[head]': 1 }))
    expect(result('employees national insurance')).toBe(0)
    expect(result('employers national insurance')).toBeCloseTo(2_884.2, 8)
  })

  it('is not paid on other income', () => {
    expect(family({ 'other income[head]': 40_000 })('employees national insurance')).toBe(0)
  })
})

describe('child benefit', () => {
  it.each([
    [2022, 21.8 * 52, 14.45 * 52],
    [2023, 24 * 52, 15.9 * 52],
    [2024, 1_331.2, 881.4],
    [2025, 26.05 * 52, 17.25 * 52],
  ])('of %i for the eldest child and each other', (year, eldest, other) => {
    for (const children of [0, 1, 2, 4]) {
      const due = children === 0 ? 0 : eldest + (children - 1) * other
      expect(family({ children }, year)('child benefit'), `${children} children`).toBeCloseTo(due, 8)
    }
  })

  // Income Tax (Earnings and Pensions) Act 2003 s. 681C as amended by Finance (No. 2) Act 2024 s. 5.
  it('is charged by a quarter at 65,000 from 2024-25 on', () => {
    const result = family(earner(65_000, { children: 2 }))
    expect(result('charge percentage')).toBe(25)
    expect(result('high income child benefit charge')).toBe(Math.floor(2_212 * 0.25))
    expect(result('high income child benefit charge')).toBe(553)
  })

  it.each([
    [2023, 50_099, 0],
    [2023, 50_199, 1],
    [2023, 50_200, 2],
    [2023, 55_000, 50],
    [2023, 60_000, 100],
    [2024, 60_199, 0],
    [2024, 60_200, 1],
    [2024, 79_999, 99],
    [2024, 80_000, 100],
    [2024, 200_000, 100],
  ])('is charged in %i at %i by %i per cent', (year, pay, percentage) => {
    expect(family(earner(pay, { children: 1 }), year)('charge percentage')).toBe(percentage)
  })

  it('is charged on the higher of two incomes, not on their sum', () => {
    expect(family(couple(59_000, 59_000, { children: 2 }))('high income child benefit charge')).toBe(0)
    expect(family(couple(10_000, 70_000, { children: 2 }))('charge percentage')).toBe(50)
    expect(family(couple(70_000, 10_000, { children: 2 }))('charge percentage')).toBe(50)
  })

  // Section 681C(1), (3)(a) at the rates of 2013: 1,752.40 for two children is 1,752, of which 40 hundredths are 700.80.
  it('is rounded down before and after', () => {
    const values = { 'uk.child_benefit.rate': [20.3, 13.4] }
    const result = family(earner(54_000, { children: 2 }), { year: 2022, reform: { values } })
    expect(result('child benefit', true)).toBeCloseTo(1_752.4, 8)
    expect(result('high income child benefit charge', true)).toBe(700)
  })

  it('is charged by no more than it is', () => {
    for (const children of [1, 2, 3]) {
      const result = family(earner(90_000, { children }))
      expect(result('high income child benefit charge')).toBe(Math.floor(result('child benefit')))
    }
  })
})

describe('the law as it was known', () => {
  const charge = (knownAt?: string) =>
    family(earner(65_000, { children: 2 }), knownAt === undefined ? 2024 : { year: 2024, knownAt })

  it('charged child benefit of 2024-25 from 50,000 until Finance (No. 2) Act 2024 was passed', () => {
    expect(charge('2024-05-23')('charge percentage')).toBe(100)
    expect(charge('2024-05-24')('charge percentage')).toBe(25)
    expect(charge()('charge percentage')).toBe(25)
  })

  it('charged employees 12 per cent for 2023-24 until they were given 11.5 for all of the year', () => {
    const due = (knownAt: string) => family(earner(50_000), { year: 2023, knownAt })('employees national insurance')
    expect(due('2023-12-17')).toBeCloseTo(37_430 * 0.12, 8)
    expect(due('2023-12-18')).toBeCloseTo(37_430 * 0.115, 8)
  })
})

describe('net income', () => {
  it('is what is left of pay', () => {
    const result = family(earner(50_000))
    expect(result('market income')).toBe(50_000)
    expect(result('net income')).toBeCloseTo(50_000 - 7_486 - 2_994.4, 8)
  })

  it('has child benefit in it and the charge taken from it, and pension contributions', () => {
    const result = family(earner(66_000, { children: 2, 'pension contributions[head]': 1_000 }))
    const tax = 7_540 + (65_000 - 50_270) * 0.4
    expect(result('net income')).toBeCloseTo(65_000 - tax - 3_016 - (66_000 - 50_270) * 0.02 + 2_212.6 - 553, 8)
  })
})
