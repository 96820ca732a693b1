import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { wholeNumber } from './read-input.ts'

describe('wholeNumber', () => {
  it.each([
    ['0', 0],
    ['-1', -1],
    ['999999999', 999999999],
  ])('reads %s', (text, value) => {
    expect(wholeNumber(text)).toBe(value)
  })

  it.each(['', '1.5', '1e3', 'x', '--1'])('refuses "%s"', (text) => {
    expect(() => wholeNumber(text)).toThrow(InvalidArgumentError)
  })

  it('says of a whole number beyond what the graph reads that it is too long', () => {
    expect(() => wholeNumber('1000000000')).toThrow(/at most nine digits/)
  })
})
