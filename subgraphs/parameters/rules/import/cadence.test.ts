import { describe, expect, it } from 'vitest'
import type { DatedValue } from '../tree.ts'
import { type Cadence, cadenceValues, readCadence } from './cadence.ts'

const values = (numbers: Readonly<Record<string, number>>): DatedValue[] =>
  Object.entries(numbers).map(([from, value]) => ({ from, known: from, values: [value] }))
const OWN = values({ '2019-07-01': 500, '2021-07-01': 600 })
const YEARLY: Cadence = { start: '0000-09-01', end: '0001-09-01', enactment: '0002-07-01', interval: 'year' }
const THRICE = values(Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`${2019 + n}-09-01`, 3 ** n])))
const derived = (cadence: Cadence, index = THRICE, own = OWN) =>
  Object.fromEntries((cadenceValues(own, index, cadence, null) ?? []).map((v) => [v.from, v.values[0]]))

describe('cadenceValues', () => {
  it('grows from September to September, whatever the index is between, and takes effect the July after', () => {
    const index = values({ '2020-09-01': 100, '2020-11-01': 7, '2021-09-01': 110, '2022-02-01': 7, '2022-09-01': 165 })
    // 600 * 110/100, then 660 * 165/110
    expect(derived(YEARLY, index)).toEqual({ '2022-07-01': 660, '2023-07-01': 990 })
  })

  it('measures growth over two years where start and end lie two years apart', () => {
    const two = { ...YEARLY, end: '0002-09-01', enactment: '0003-07-01' }
    expect(derived(two)).toEqual({
      '2022-07-01': 5_400,
      '2023-07-01': 48_600,
      '2024-07-01': 437_400,
      '2025-07-01': 3_936_600,
    })
  })

  it('lags where the enactment lies more than a year after the end', () => {
    const late = derived({ ...YEARLY, enactment: '0003-07-01' })
    expect(Object.keys(late)).toEqual(['2022-07-01', '2023-07-01', '2024-07-01', '2025-07-01', '2026-07-01'])
    expect(late['2026-07-01']).toBe(600 * 3 ** 5)
  })

  it('begins on the day it takes effect', () => {
    expect(derived({ ...YEARLY, effective: '2024-07-01' })).toEqual({ '2024-07-01': 1_800, '2025-07-01': 5_400 })
  })

  it('goes on month by month', () => {
    const index = values({
      '2020-09-01': 10,
      '2020-10-01': 20,
      '2020-11-01': 40,
      '2021-09-01': 20,
      '2021-10-01': 50,
      '2021-11-01': 60,
    })
    // 100 * 20/10, 200 * 50/20, 500 * 60/40
    const monthly = derived({ ...YEARLY, interval: 'month' }, index, values({ '2022-06-01': 100 }))
    expect(monthly).toEqual({ '2022-07-01': 200, '2022-08-01': 500, '2022-09-01': 750 })
  })

  it('goes on from rounded values, not from the first', () => {
    const index = values({ '2017-09-01': 100, '2018-09-01': 103, '2019-09-01': 106 })
    const rounded = cadenceValues(values({ '2018-07-01': 100 }), index, YEARLY, { mode: 'DOWN', interval: 10 })
    // 103 falls to 100; 100 * 106/103 = 102.9 falls to 100.
    expect(rounded?.map((v) => v.values[0])).toEqual([100, 100])
    const up = cadenceValues(values({ '2018-07-01': 100 }), index, YEARLY, { mode: 'UP', interval: 10 })
    // 103 rises to 110; 110 * 106/103 = 113.2 rises to 120. Unchained it would be 110.
    expect(up?.map((v) => v.values[0])).toEqual([110, 120])
  })

  it('says that the index does not reach far enough back', () => {
    expect(cadenceValues(OWN, values({ '2022-09-01': 1, '2023-09-01': 2 }), YEARLY, null)).toBeUndefined()
  })
})

describe('readCadence', () => {
  const raw = { start: '0000-09-01', end: '0001-09-01', enactment: '0002-07-01' }
  it('reads days and interval', () => {
    expect(readCadence(raw)).toEqual(YEARLY)
  })

  it.each([
    ['a missing end', { ...raw, end: undefined }, /no end/],
    ['a day without day', { ...raw, start: '0000-09' }, /start/],
    ['a month that is none', { ...raw, enactment: '0002-13-01' }, /enactment/],
    ['an interval that is none', { ...raw, interval: 'week' }, /week/],
    ['days out of order', { ...raw, end: '0003-01-01' }, /follow/],
  ])('names %s', (_, given, message) => {
    expect(readCadence(given)).toMatch(message)
  })
})
