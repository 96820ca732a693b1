import { describe, expect, it } from 'vitest'
import { plainScalar } from './plain-scalar.ts'

describe('plainScalar', () => {
  it.each([
    ['9_525', 9525],
    ['1_000_000.5', 1_000_000.5],
    ['-3', -3],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1.5e-7', 1.5e-7],
    ['0x1F', 31],
    ['-0b101', -5],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.Inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['true', true],
    ['Yes', true],
    ['off', false],
    ['NO', false],
    ['', null],
    ['~', null],
    ['Null', null],
  ])('reads %s', (text, value) => {
    expect(plainScalar(text)).toBe(value)
  })

  it.each(['2020-01-01', '0000-01-01', '01', '007', '1:30', 'y', 'n', 'nothing', '1_000 USD', '--', '.', '-', 'inf'])(
    'leaves %s a text',
    (text) => {
      expect(plainScalar(text)).toBe(text)
    },
  )
})
