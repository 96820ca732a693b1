import { describe, expect, it } from 'vitest'
import { readPeriod, readUnit, writeUnit } from './units.ts'

describe('readUnit', () => {
  it.each([
    ['currency-USD', 'USD'],
    ['currency:EUR', 'EUR'],
    ['currency:EUR/m2', 'EUR/m2'],
    ['currency', 'GBP'],
    ['/1', 'fraction'],
    ['bool', 'boolean'],
    ['year', 'year'],
    ['child', 'child'],
    ['list', 'list'],
  ])('reads %s as %s without a word', (text, unit) => {
    expect(readUnit(text, 'GBP')).toEqual({ unit })
  })

  it.each([
    ['currency_USD', 'USD', 'currency-USD'],
    ['USD', 'USD', 'currency-USD'],
    ['hours', 'hour', 'hour'],
    ['persons', 'person', 'person'],
    ['boolean', 'boolean', 'bool'],
  ])('reads %s as %s and says how to write it', (text, unit, misspelt) => {
    expect(readUnit(text, 'USD')).toEqual({ unit, misspelt })
  })

  it.each(['abolition', 'square-foot', 'XYZ', 'programme'])('keeps %s, which has no meaning of ours', (text) => {
    expect(readUnit(text, 'USD')).toEqual({ unit: text, kept: true })
  })

  it.each(['USD', 'EUR/m2', 'fraction', 'boolean', 'percent', 'year', 'child', 'square-foot'])(
    'gives %s again where it was written',
    (unit) => {
      expect(readUnit(writeUnit(unit), 'USD').unit).toBe(unit)
    },
  )
})

describe('readPeriod', () => {
  it('reads misspelt periods and keeps those that are none', () => {
    expect(readPeriod('month')).toEqual({ unit: 'month' })
    expect(readPeriod('monthly')).toEqual({ unit: 'month', misspelt: 'month' })
    expect(readPeriod('lunar')).toEqual({ unit: 'lunar', kept: true })
  })
})
