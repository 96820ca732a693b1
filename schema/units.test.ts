import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isQuesnayError } from './errors.ts'
import { conversion, convert, isCompatible, parseUnit } from './units.ts'

const thrownBy = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('parseUnit', () => {
  it.each([
    ['USD', 1, 1, { USD: 1 }],
    ['USD/year', 1, 1, { USD: 1, year: -1 }],
    ['USD bn', 1e9, 1, { USD: 1 }],
    ['AUD mn', 1e6, 1, { AUD: 1 }],
    ['fraction', 1, 1, {}],
    ['1/year', 1, 1, { year: -1 }],
    ['percent', 1, 100, {}],
    ['%', 1, 100, {}],
    ['person', 1, 1, { person: 1 }],
    ['USD/year/person', 1, 1, { USD: 1, year: -1, person: -1 }],
    ['deaths per 100000 person', 1, 100_000, { deaths: 1, person: 1 }],
    ['m^2', 1, 1, { m: 2 }],
    ['year/month', 12, 1, {}],
  ])('reads %s', (text, numerator, denominator, dimensions) => {
    const unit = parseUnit(text)
    expect(unit).toMatchObject({ numerator, denominator })
    expect(Object.fromEntries(unit.dimensions)).toEqual(dimensions)
  })

  it.each(['', ' ', '/', 'USD/', 'USD//year', '/year', '*', 'USD#', '0', 'm^99', 'a'.repeat(200)])(
    'refuses "%s" with BAD_INPUT and an example of a unit',
    (text) => {
      const error = thrownBy(() => parseUnit(text, 'changes.0.unit'))
      expect(error.code).toBe('BAD_INPUT')
      expect(error.detail).toMatchObject({ path: 'changes.0.unit', suggestion: expect.stringContaining('USD') })
    },
  )

  it('holds a word it does not know for a unit of its own', () => {
    expect(isCompatible(parseUnit('widgets'), parseUnit('widgets'))).toBe(true)
    expect(isCompatible(parseUnit('widgets'), parseUnit('fraction'))).toBe(false)
  })

  it('keeps two currencies apart', () => {
    expect(isCompatible(parseUnit('USD'), parseUnit('AUD'))).toBe(false)
  })
})

describe('conversion', () => {
  it('gives the double nearest to the quotient for a percentage', () => {
    expect(convert(39.6, 'percent', 'fraction')).toBe(0.396)
    expect(convert(0.396, 'fraction', 'percent')).toBe(39.6)
  })

  it('converts between billions, millions and ones', () => {
    expect(convert(1.5, 'USD bn', 'USD mn')).toBe(1500)
    expect(convert(2, 'USD bn/year', 'USD/year')).toBe(2e9)
    expect(convert(25, 'bp', 'percent')).toBe(0.25)
  })

  it('turns a yearly amount into a monthly one', () => {
    expect(convert(1200, 'USD/year', 'USD/month')).toBe(100)
  })

  it('throws UNIT_MISMATCH with the unit wanted where the dimensions differ', () => {
    const error = thrownBy(() => conversion('USD', 'fraction', 'changes.0.unit'))
    expect(error.code).toBe('UNIT_MISMATCH')
    expect(error.detail).toMatchObject({ path: 'changes.0.unit', given: 'USD', wanted: 'fraction' })
    expect(error.detail['suggestion']).toContain('fraction')
  })

  it('is 1 from any unit to itself and inverts itself', () => {
    const words = fc.constantFrom('USD', 'year', 'month', 'percent', 'bn', 'person', 'day', 'widgets')
    const text = fc.tuple(words, fc.array(fc.tuple(fc.constantFrom(' ', '/', '*'), words), { maxLength: 3 }))
    fc.assert(
      fc.property(text, ([first, rest]) => {
        const unit = first + rest.map(([operator, word]) => operator + word).join('')
        expect(conversion(unit, unit)).toEqual({ multiply: 1, divide: 1 })
        const there = conversion(unit, `${unit} percent`)
        const back = conversion(`${unit} percent`, unit)
        expect([there.multiply, there.divide]).toEqual([back.divide, back.multiply])
      }),
    )
  })
})
