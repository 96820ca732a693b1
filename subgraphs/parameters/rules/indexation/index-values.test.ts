import { describe, expect, it } from 'vitest'
import type { DatedValue } from '../tree.ts'
import { indexedValues, selfIndexedValues } from './index-values.ts'

const value = (from: string, ...values: number[]): DatedValue => ({ from, known: from, values })
const amount = (...values: DatedValue[]) => ({ id: 'amount', kind: 'NUMBER' as const, values })
const plain = { rounding: null, chained: false }
const numbers = (values: readonly DatedValue[]) => values.map((v) => [v.from.slice(0, 4), ...v.values])

const INDEX = [value('2020-01-01', 100), value('2021-01-01', 104), value('2022-01-01', 110), value('2023-01-01', 121)]

describe('indexedValues', () => {
  it('carries the last value of the law on with every change of the index after it', () => {
    const parameter = amount(value('2019-01-01', 500), value('2021-01-01', 1_000))
    expect(indexedValues(parameter, INDEX, plain, '2030-12-31')).toEqual([
      { from: '2022-01-01', known: '2022-01-01', values: [(1_000 * 110) / 104], derived: true },
      { from: '2023-01-01', known: '2023-01-01', values: [(1_000 * 121) / 104], derived: true },
    ])
  })

  it('rounds each value and goes on from the unrounded one', () => {
    const down = { rounding: { mode: 'DOWN', interval: 50 }, chained: false } as const
    // 1,040, 1,100 and 1,210 before rounding.
    expect(numbers(indexedValues(amount(value('2020-01-01', 1_000)), INDEX, down, '2030'))).toEqual([
      ['2021', 1_000],
      ['2022', 1_100],
      ['2023', 1_200],
    ])
  })

  it('goes on from the rounded value where it is chained', () => {
    const down = { rounding: { mode: 'DOWN', interval: 50 }, chained: true } as const
    // 1,040 falls to 1,000; 1,000 * 110 / 104 = 1,057 to 1,050; 1,050 * 1.1 = 1,155 to 1,150.
    expect(numbers(indexedValues(amount(value('2020-01-01', 1_000)), INDEX, down, '2030'))).toEqual([
      ['2021', 1_000],
      ['2022', 1_050],
      ['2023', 1_150],
    ])
  })

  it('starts on another day where the rule says so, and derives nothing that the law has', () => {
    const parameter = amount(value('2019-01-01', 500), value('2021-07-01', 9_999))
    expect(numbers(indexedValues(parameter, INDEX, { ...plain, from: '2020-01-01' }, '2030'))).toEqual([
      ['2022', 550],
      ['2023', 605],
    ])
    expect(numbers(indexedValues(parameter, INDEX, { ...plain, from: '2022-06-01' }, '2030'))).toEqual([
      ['2023', (9_999 * 121) / 110],
    ])
  })

  it('ends with the last day asked, the last day of the rule, and the end of the index', () => {
    const parameter = amount(value('2020-01-01', 1_000))
    expect(numbers(indexedValues(parameter, INDEX, plain, '2021-12-31'))).toEqual([['2021', 1_040]])
    expect(numbers(indexedValues(parameter, INDEX, { ...plain, to: '2022-12-31' }, '2030'))).toHaveLength(2)
  })

  it('indexes every cell by one index, or each by its own', () => {
    const parameter = amount(value('2020-01-01', 100, 200))
    const index = [value('2020-01-01', 1, 1), value('2021-01-01', 2, 3)]
    expect(numbers(indexedValues(parameter, INDEX.slice(0, 2), plain, '2030'))).toEqual([['2021', 104, 208]])
    expect(numbers(indexedValues(parameter, index, plain, '2030'))).toEqual([['2021', 200, 600]])
  })

  it('is known when the base, the index and its origin are', () => {
    const late = [
      { ...INDEX[0]!, known: '2021-03-01' },
      { ...INDEX[1]!, known: '2020-11-01' },
    ]
    const [derived] = indexedValues(amount(value('2020-01-01', 1)), late, plain, '2030')
    expect(derived?.known).toBe('2021-03-01')
  })

  it('takes of the index and of the law what is known last', () => {
    const index = [...INDEX, { from: '2021-01-01', known: '2021-06-01', values: [105] }]
    const parameter = amount(value('2020-01-01', 1_000), { from: '2020-01-01', known: '2020-05-01', values: [2_000] })
    expect(numbers(indexedValues(parameter, index, plain, '2021-12-31'))).toEqual([['2021', 2_100]])
  })

  it('leaves an unlimited amount unlimited', () => {
    const [derived] = indexedValues(amount(value('2020-01-01', Number.POSITIVE_INFINITY)), INDEX, plain, '2021-12-31')
    expect(derived?.values).toEqual([Number.POSITIVE_INFINITY])
  })

  it('derives nothing for a parameter that has ceased, is no number or has no value', () => {
    const ceased: DatedValue = { from: '2021-01-01', known: '2021-01-01', values: [], ceased: true }
    expect(indexedValues(amount(value('2020-01-01', 1), ceased), INDEX, plain, '2030')).toEqual([])
    expect(indexedValues({ ...amount(value('2020-01-01', 1)), kind: 'BOOLEAN' }, INDEX, plain, '2030')).toEqual([])
    expect(indexedValues(amount(), INDEX, plain, '2030')).toEqual([])
  })

  it('makes derived values anew from the law alone', () => {
    const stale: DatedValue = { ...value('2021-01-01', 7), derived: true }
    expect(numbers(indexedValues(amount(value('2020-01-01', 100), stale), INDEX, plain, '2021'))).toEqual([])
    expect(numbers(indexedValues(amount(value('2020-01-01', 100), stale), INDEX, plain, '2021-01-01'))).toEqual([
      ['2021', 104],
    ])
  })

  it.each([
    ['an index that begins later', amount(value('2019-01-01', 1)), INDEX],
    ['an index of 0', amount(value('2020-01-01', 1)), [value('2020-01-01', 0), value('2021-01-01', 1)]],
    [
      'an index of other cells',
      amount(value('2020-01-01', 1, 2, 3)),
      [value('2020-01-01', 1, 2), value('2021-01-01', 1, 2)],
    ],
  ])('refuses %s with BAD_INPUT, naming the parameter', (_, parameter, index) => {
    expect(() => indexedValues(parameter, index, plain, '2030')).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('amount') }),
    )
  })
})

describe('selfIndexedValues', () => {
  it('goes on by the growth of the last year', () => {
    const parameter = amount(value('2020-01-01', 100), value('2021-01-01', 110))
    const rule = { rounding: { mode: 'NEAREST', interval: 1 }, chained: false } as const
    // 121, 133.1, 146.41
    expect(numbers(selfIndexedValues(parameter, rule, '2024-12-31'))).toEqual([
      ['2022', 121],
      ['2023', 133],
      ['2024', 146],
    ])
  })

  it('goes on from rounded values where it is chained', () => {
    const parameter = amount(value('2020-01-01', 100), value('2021-01-01', 115))
    const rule = { rounding: { mode: 'DOWN', interval: 10 }, chained: true } as const
    // 132.25 to 130, 149.5 to 140; unchained 152.09 to 150
    expect(numbers(selfIndexedValues(parameter, rule, '2023-12-31'))).toEqual([
      ['2022', 130],
      ['2023', 140],
    ])
    expect(numbers(selfIndexedValues(parameter, { ...rule, chained: false }, '2023-12-31')).at(-1)).toEqual([
      '2023',
      150,
    ])
  })

  it('takes the mean yearly growth of several years', () => {
    const parameter = amount(value('2020-01-01', 100), value('2022-01-01', 121))
    const [first] = selfIndexedValues(parameter, { ...plain, from: '2020-01-01', to: '2022-01-01' }, '2023-12-31')
    expect(first?.from).toBe('2023-01-01')
    expect(first?.values[0]).toBeCloseTo(133.1, 10)
  })

  it.each([
    ['days out of order', { ...plain, from: '2021-01-01', to: '2020-01-01' }],
    ['a day before the first value', { ...plain, from: '2010-01-01' }],
  ])('refuses %s with BAD_INPUT', (_, rule) => {
    const parameter = amount(value('2020-01-01', 100), value('2021-01-01', 110))
    expect(() => selfIndexedValues(parameter, rule, '2023-12-31')).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    )
  })
})
