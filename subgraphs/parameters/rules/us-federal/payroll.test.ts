// Payroll taxes worked by hand from 26 U.S.C. 3101-3121 and 1401-1402.
import { describe, expect, it } from 'vitest'
import { taxUnit } from '../../../../test/support/tax-units.ts'

const JOINT = { 'filing status': 2 }

describe('payroll tax on wages', () => {
  it('is due up to the wage base of each person, and hospital insurance on all wages', () => {
    const unit = taxUnit(2025, { ...JOINT, 'wages[head]': 200_000, 'wages[spouse]': 100_000 })
    expect(unit('wage payroll tax')).toBeCloseTo(0.124 * (176_100 + 100_000) + 0.029 * 300_000, 8)
    expect(unit('employee payroll tax')).toBeCloseTo(0.062 * 276_100 + 0.0145 * 300_000, 8)
    expect(unit('additional medicare tax')).toBeCloseTo(450, 8)
    expect(unit('payroll tax')).toBeCloseTo(42_936.4 + 450, 8)
  })

  it.each([
    [1, 200_000],
    [2, 250_000],
    [3, 125_000],
    [4, 200_000],
    [5, 200_000],
  ])('has an additional Medicare threshold of filing status %i at %i', (status, threshold) => {
    const tax = (wages: number) =>
      taxUnit(2024, { 'filing status': status, 'wages[head]': wages })('additional medicare tax')
    expect(tax(threshold)).toBe(0)
    expect(tax(threshold + 10_000)).toBeCloseTo(90, 8)
  })
})

describe('self-employment tax', () => {
  it('is due on earnings less half the rate, and half of it is deducted', () => {
    const unit = taxUnit(2024, { 'self employment income[head]': 100_000 })
    expect(unit('self employment tax')).toBeCloseTo(0.153 * 92_350, 8)
    expect(unit('adjusted gross income')).toBeCloseTo(100_000 - 7_064.775, 8)
    expect(unit('earned income')).toBeCloseTo(100_000 - 7_064.775, 8)
  })

  it('spares net earnings below 400 dollars of each person', () => {
    expect(taxUnit(2024, { 'self employment income[head]': 433 })('self employment tax')).toBe(0)
    expect(taxUnit(2024, { 'self employment income[head]': 434 })('self employment tax')).toBeCloseTo(61.322247, 8)
    const both = { ...JOINT, 'self employment income[head]': 433, 'farm income[spouse]': 433 }
    expect(taxUnit(2024, both)('self employment tax')).toBe(0)
  })

  it('has what the wages of the same person leave of the wage base', () => {
    const unit = taxUnit(2023, { ...JOINT, 'wages[head]': 150_000, 'self employment income[head]': 50_000 })
    expect(unit('self employment tax')).toBeCloseTo(0.124 * 10_200 + 0.029 * 46_175, 8)
    const other = taxUnit(2023, { ...JOINT, 'wages[spouse]': 150_000, 'self employment income[head]': 50_000 })
    expect(other('self employment tax')).toBeCloseTo(0.153 * 46_175, 8)
    const above = taxUnit(2023, { 'wages[head]': 500_000, 'self employment income[head]': 50_000 })
    expect(above('self employment tax')).toBeCloseTo(0.029 * 46_175, 8)
  })

  it('does not fall by the loss of a spouse, but earned income does', () => {
    const unit = taxUnit(2024, {
      ...JOINT,
      'self employment income[head]': 100_000,
      'self employment income[spouse]': -50_000,
    })
    expect(unit('self employment tax')).toBeCloseTo(14_129.55, 8)
    expect(unit('earned income')).toBeCloseTo(50_000 - 7_064.775, 8)
    expect(unit('earned income of person[spouse]')).toBe(0)
  })

  it('bears additional Medicare tax above what wages leave of the threshold', () => {
    const unit = taxUnit(2024, { 'wages[head]': 150_000, 'self employment income[head]': 100_000 })
    expect(unit('additional medicare tax')).toBeCloseTo(0.009 * 42_350, 8)
  })

  it('is paid by the persons themselves, with their half of what is due on wages', () => {
    const unit = taxUnit(2024, { 'wages[head]': 50_000, 'self employment income[head]': 10_000 })
    expect(unit('payroll tax of persons')).toBeCloseTo(0.0765 * 50_000 + 0.153 * 9_235, 8)
    expect(unit('payroll tax')).toBeCloseTo(0.153 * 50_000 + 0.153 * 9_235, 8)
  })
})
