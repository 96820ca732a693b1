import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factorTo, isAlike, isDimensionless } from './dimension.ts'
import { readUnit, writeShare, writeUnit } from './read-unit.ts'

describe('readUnit', () => {
  it.each([
    ['Degrees Fahrenheit/Minute', 'degree Fahrenheit per minutes'],
    ['people/Month', 'person/months'],
    ['1/Month', 'per month'],
    ['1/year', '12/12/yr'],
    ['Month/year', '1/12'],
    ['Widgets', 'widget'],
    ['companies', 'Company'],
    ['boxes', 'box'],
    ['$/(Year*Person)', 'dollars/years/people'],
    ['$/Year*Person', 'Dollar Person/Year'],
    ['km^2', 'km*km'],
    ['m^-2', '1/(m*m)'],
    ['(m/s)^2', 'm^2/s^2'],
    ['person_years', 'people*year'],
    ['tonne-CO2', 'tonnes CO2'],
    ['EUR', '€'],
    ['USD bn', 'billion USD'],
    ['deaths per 100000 person', 'death/(1e5*people)'],
    ['week', '7 days'],
    ['day', '24 hours'],
    ['%', 'percent'],
    ['hours', '60 min'],
  ])('reads %s as %s', (a, b) => {
    const [one, other] = [readUnit(a)!, readUnit(b)!]
    expect(isAlike(one, other)).toBe(true)
    expect(factorTo(one, other)).toBe(1)
  })

  it.each(['Dmnl', 'dimensionless', 'Unitless', '1', 'fraction', 'person/people'])(
    'reads %s as a mere number',
    (text) => {
      const unit = readUnit(text)!
      expect(isDimensionless(unit)).toBe(true)
      expect(unit.factor).toBe(1)
    },
  )

  it.each([
    ['USD', 'AUD'],
    ['USD', 'dollars'],
    ['people', 'people/month'],
    ['widgets', 'gadgets'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(isAlike(readUnit(a)!, readUnit(b)!)).toBe(false)
  })

  it('reads time as the unit of the model it stands in', () => {
    const month = readUnit('Months')!
    expect(factorTo(readUnit('people/time', month)!, readUnit('people/month')!)).toBe(1)
    expect(isAlike(readUnit('people/time')!, readUnit('people/month')!)).toBe(false)
  })

  it.each([
    '',
    ' ',
    '/',
    'a/',
    '/a',
    'a//b',
    '(a',
    'a)',
    '0',
    'a^b',
    'a^',
    'a^99',
    '?',
    'a?b',
    '*',
    'per',
    'a per',
    '('.repeat(9999),
  ])('takes %j for no unit', (text) => {
    expect(readUnit(text)).toBeUndefined()
  })

  it('takes any text without failing, and what is written of it is the same unit', () => {
    const words = fc.constantFrom(
      'a',
      'USD',
      'year',
      '/',
      '*',
      '(',
      ')',
      '^',
      '2',
      '-',
      ' ',
      'per',
      '%',
      'month',
      '$',
      'bn',
    )
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 12 }).map((all) => all.join('')),
        (text) => {
          const unit = readUnit(text)
          if (!unit) return
          const again = readUnit(writeUnit(unit))!
          expect(isAlike(unit, again), text).toBe(true)
          expect(unit.factor / again.factor).toBeCloseTo(1, 4)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

describe('writeUnit', () => {
  it.each([
    ['people / Month', 'person/month'],
    ['USD bn/year', 'usd bn/year'],
    ['1/days', '1/day'],
    ['Dmnl', 'dimensionless'],
    ['%', 'percent'],
    ['m^2/s/kg', 'm^2/second/kg'],
    ['7 USD', 'usd 7'],
  ])('writes %s as %s', (text, written) => {
    expect(writeUnit(readUnit(text)!)).toBe(written)
  })
})

it('writeShare writes a factor as the unit that a constant with it has', () => {
  expect([0.01, 1e-3, 1e-6, 1 / 12, 0.25, 0.123].map(writeShare)).toEqual([
    'percent',
    '1/thousand',
    '1/mn',
    'month/year',
    'quarter/year',
    '0.123',
  ])
})
