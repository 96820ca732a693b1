import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { decimal, readMethod, readNames, readSetting, readVariation } from './read-options.ts'

describe('decimal', () => {
  it.each([
    ['0.25', 0.25],
    ['1/32', 0.03125],
    [' 3 / 4 ', 0.75],
    ['-1e-3', -0.001],
    ['0', 0],
  ])('reads %s', (text, value) => {
    expect(decimal(text)).toBe(value)
  })

  it.each(['', 'x', '1/', '/2', '1/2/3', '1/0', 'NaN', 'Infinity', '1,5'])('refuses "%s"', (text) => {
    expect(() => decimal(text)).toThrow(InvalidArgumentError)
  })
})

describe('readSetting', () => {
  it('parts the name from the number at the first equals sign and keeps those before', () => {
    const first = readSetting('Contact Rate = 0.4', [])
    expect(readSetting('stock[old, urban]=1/4', first)).toEqual([
      { variable: 'Contact Rate', value: 0.4 },
      { variable: 'stock[old, urban]', value: 0.25 },
    ])
  })

  it('takes an equals sign within quotes for a part of the name', () => {
    expect(readSetting('"a=b[c=d]"=7')).toEqual([{ variable: '"a=b[c=d]"', value: 7 }])
  })

  it.each(['rate', '=1', '"a=1', 'rate=', 'rate=high', ' =1'])('refuses "%s"', (text) => {
    expect(() => readSetting(text, [])).toThrow(InvalidArgumentError)
  })
})

describe('readVariation', () => {
  it('keeps the distribution as written', () => {
    expect(readVariation('rate=normal(mean=1, sd=0.2)', [])).toEqual([
      { variable: 'rate', distribution: 'normal(mean=1, sd=0.2)' },
    ])
  })
})

describe('readNames', () => {
  it.each([
    ['a,b', ['a', 'b']],
    [' Teacup Temperature , Room Temperature ', ['Teacup Temperature', 'Room Temperature']],
    ['stock[old, urban],flow', ['stock[old, urban]', 'flow']],
    ['"Flow w/ division, lists",a', ['"Flow w/ division, lists"', 'a']],
    ['a,,', ['a']],
    ['a[b, c', ['a[b, c']],
  ])('reads %s', (text, names) => {
    expect(readNames(text)).toEqual(names)
  })
  it('adds to those given before', () => {
    expect(readNames('b,c', ['a'])).toEqual(['a', 'b', 'c'])
  })

  it.each(['', ',', ' , '])('refuses "%s", which would save nothing', (text) => {
    expect(() => readNames(text)).toThrow(InvalidArgumentError)
  })
})

describe('readMethod', () => {
  it('reads small letters and capitals', () => {
    expect(['euler', 'RK4'].map(readMethod)).toEqual(['euler', 'rk4'])
  })

  it.each(['', 'rk5', 'euler2'])('refuses "%s"', (text) => {
    expect(() => readMethod(text)).toThrow(/euler, rk2, rk4/)
  })
})
