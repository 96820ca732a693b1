// Tables and numbers for a terminal.
import { describe, expect, it } from 'vitest'
import { number, percent, table } from './table.ts'

describe('table', () => {
  it('sets text to the left, numbers to the right, and shows what is missing as a hyphen', () => {
    const text = table(
      ['name', 'n', 'share'],
      [
        ['a', 1, '9 %'],
        ['longer', 100, null],
      ],
      [2],
    )
    expect(text.split('\n')).toEqual([
      'name      n  share',
      '------  ---  -----',
      'a         1    9 %',
      'longer  100      -',
    ])
  })

  it('of no rows is its header', () => {
    expect(table(['a', 'b'], [])).toBe('a  b\n-  -')
  })
})

describe('number', () => {
  it('groups thousands and keeps its decimals', () => {
    expect([number(1234567.5), number(0), number(-0.001), number(1.23456, 3), number(null)]).toEqual([
      '1,234,567.50',
      '0.00',
      '0.00',
      '1.235',
      '-',
    ])
  })
})

describe('percent', () => {
  it('takes a fraction', () => {
    expect([percent(0.0025, 3), percent(undefined)]).toEqual(['0.250 %', '-'])
  })
})
