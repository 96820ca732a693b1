// Itemized deductions and the choice between them and the standard deduction, worked by hand from 26 U.S.C. 63(e), 68, 164, 170 and 213.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

const JOINT = { 'filing status': 2 }
const TAXES = { 'state and local income taxes': 30_000, 'real estate taxes': 20_000 }

describe('itemized deductions', () => {
  it('have medical expenses above 7.5 percent of income', () => {
    const medical = (row: Record<string, number>) => taxUnit(2024, row)('medical deduction')
    expect(medical({ 'wages[head]': 100_000, 'medical expenses': 10_000 })).toBe(2_500)
    expect(medical({ 'wages[head]': 100_000, 'medical expenses': 7_500 })).toBe(0)
    expect(medical({ 'self employment income[head]': -10_000, 'medical expenses': 10_000 })).toBe(10_000)
  })

  it.each([
    [2024, 1, 100_000, 10_000],
    [2024, 3, 100_000, 5_000],
    [2025, 1, 500_000, 40_000],
    [2025, 2, 550_000, 25_000],
    [2025, 2, 900_000, 10_000],
    [2025, 3, 300_000, 5_000],
    [2025, 3, 260_000, 17_000],
    [2026, 1, 505_000, 40_400],
    [2026, 5, 605_000, 10_400],
  ])('have in %i of filing status %i at wages of %i state and local taxes of %i', (year, status, wages, deducted) => {
    const unit = taxUnit(year, { 'filing status': status, 'wages[head]': wages, ...TAXES })
    expect(unit('state and local tax deduction')).toBeCloseTo(deducted, 8)
  })

  it('have gifts up to 60 percent of income, and 30 percent of those that are not money', () => {
    const gifts = (cash: number, other: number) =>
      taxUnit(2024, { 'wages[head]': 100_000, 'cash charity': cash, 'noncash charity': other })('charity deduction')
    expect(gifts(20_000, 10_000)).toBe(30_000)
    expect(gifts(0, 50_000)).toBe(30_000)
    expect(gifts(50_000, 50_000)).toBe(60_000)
  })

  it('have from 2026 gifts above half a percent of income, which other gifts than money meet first', () => {
    const gifts = (cash: number, other: number) =>
      taxUnit(2026, { 'wages[head]': 100_000, 'cash charity': cash, 'noncash charity': other })('charity deduction')
    expect(gifts(20_000, 0)).toBe(19_500)
    expect(gifts(20_000, 300)).toBe(19_800)
    expect(gifts(20_000, 40_000)).toBe(50_000)
    expect(gifts(200, 100)).toBe(0)
  })

  it('lose two thirty-sevenths of themselves in the top bracket from 2026, or of the income there where that is less', () => {
    const claimed = (year: number, wages: number) =>
      taxUnit(year, { 'wages[head]': wages, 'mortgage interest': 100_000 })('itemized deductions claimed')
    expect(claimed(2026, 840_600)).toBeCloseTo(100_000 - (2 / 37) * 100_000, 8)
    expect(claimed(2026, 650_600)).toBeCloseTo(100_000 - (2 / 37) * 10_000, 8)
    expect(claimed(2026, 640_600)).toBe(100_000)
    expect(claimed(2025, 840_600)).toBe(100_000)
  })

  it('lose less where business income is deducted, which the limitation leaves alone', () => {
    const unit = taxUnit(2026, {
      'rental and partnership income': 840_600,
      'qualified partnership income': 500_000,
      'business wages': 1_000_000,
      'mortgage interest': 300_000,
    })
    expect(unit('qualified business income deduction')).toBe(100_000)
    expect(unit('itemized deductions claimed')).toBeCloseTo(300_000 - (2 / 37) * 100_000, 8)
    expect(unit('taxable income')).toBeCloseTo(840_600 - 100_000 - 300_000 + (2 / 37) * 100_000, 8)
  })
})

describe('the choice of deduction', () => {
  it('is that of less tax', () => {
    const unit = taxUnit(2024, { ...JOINT, 'wages[head]': 150_000, 'mortgage interest': 40_000 })
    expect(unit('itemizes')).toBe(1)
    expect(unit('standard deduction claimed')).toBe(0)
    expect(unit('taxable income')).toBe(110_000)
    const less = taxUnit(2024, { ...JOINT, 'wages[head]': 150_000, 'mortgage interest': 29_200 })
    expect(less('itemizes')).toBe(0)
    expect(less('taxable income')).toBe(120_800)
  })

  it('is the standard deduction where neither leads to tax', () => {
    const unit = taxUnit(2024, { ...JOINT, 'wages[head]': 20_000, 'mortgage interest': 60_000 })
    expect(unit('itemizes')).toBe(0)
    expect(unit('itemized deductions claimed')).toBe(0)
    expect(unit('standard deduction claimed')).toBe(29_200)
  })

  it('is the standard deduction where the taxes differ by less than a cent', () => {
    const itemizes = (interest: number) =>
      taxUnit(2024, { 'wages[head]': 40_000, 'mortgage interest': interest })('itemizes')
    expect(itemizes(14_600.05)).toBe(0)
    expect(itemizes(14_600.2)).toBe(1)
  })

  // The standard deduction does not count against the alternative minimum tax: of 2,000,000 in gains the exemption has gone,
  // 0.15 (518,900 - 47,025) + 0.2 (2,000,000 - 518,900) = 367,001.25; with 10,000 of mortgage interest 2,000 less.
  it('is the smaller deduction where that lowers the alternative minimum tax', () => {
    const gains = { 'long term gains': 2_000_000 }
    const standard = taxUnit(2024, gains)
    expect(standard('income tax before credits with alternative minimum tax')).toBeCloseTo(367_001.25, 8)
    expect(standard('alternative minimum tax')).toBeCloseTo(0.2 * 14_600, 8)
    const itemized = taxUnit(2024, { ...gains, 'mortgage interest': 10_000 })
    expect(itemized('itemizes')).toBe(1)
    expect(itemized('income tax before credits with alternative minimum tax')).toBeCloseTo(365_001.25, 8)
    const taxes = taxUnit(2024, { ...gains, 'real estate taxes': 10_000 })
    expect(taxes('itemizes')).toBe(0)
  })
})
