import { describe, expect, it } from 'vitest'
import { dayAfter, dayBefore, dayName, firstDay, lastDay, SINCE_EVER, yearsAfter, yearsBetween } from './dates.ts'

describe('firstDay and lastDay', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-07', '2026-07-01', '2026-07-31'],
    ['2026-06', '2026-06-01', '2026-06-30'],
    ['2023-02', '2023-02-01', '2023-02-28'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['1900-02', '1900-02-01', '1900-02-28'],
    ['2000-02', '2000-02-01', '2000-02-29'],
    ['2026-07-15', '2026-07-15', '2026-07-15'],
  ])('read %s as %s to %s', (text, first, last) => {
    expect([firstDay(text, 'from'), lastDay(text, 'to')]).toEqual([first, last])
  })

  it.each([
    '',
    '0000',
    '26',
    '2026-13',
    '2026-00',
    '2023-02-29',
    '2026-04-31',
    '2026-7-1',
    '2026-01-01T00:00',
    'NaN',
    '1.1.2026',
  ])('refuse "%s" with BAD_INPUT, its path and a form that fits', (text) => {
    for (const read of [firstDay, lastDay])
      expect(() => read(text, 'input.changes.0.from')).toThrow(
        expect.objectContaining({
          code: 'BAD_INPUT',
          detail: { path: 'input.changes.0.from', suggestion: expect.stringContaining('2026-07-01') },
        }),
      )
  })
})

describe('since ever', () => {
  it('is read as a first and a last day, though no calendar has it', () => {
    expect([firstDay(SINCE_EVER, 'from'), lastDay(SINCE_EVER, 'to')]).toEqual([SINCE_EVER, SINCE_EVER])
  })
})

describe('days counted', () => {
  it('go over the ends of months and years, and leap days', () => {
    expect(['2024-02-28', '2023-02-28', '2026-12-31', '2026-04-30'].map(dayAfter)).toEqual([
      '2024-02-29',
      '2023-03-01',
      '2027-01-01',
      '2026-05-01',
    ])
    expect(['2024-03-01', '2023-03-01', '2027-01-01', '0001-01-01', SINCE_EVER].map(dayBefore)).toEqual([
      '2024-02-29',
      '2023-02-28',
      '2026-12-31',
      '0000-12-31',
      SINCE_EVER,
    ])
  })

  it('in years keep the day of the year, but for 29 February', () => {
    expect([yearsAfter('2025-07-01', 3), yearsAfter('2024-02-29', 1)]).toEqual(['2028-07-01', '2025-02-28'])
    expect([yearsBetween('2020-07-01', '2025-07-01'), yearsBetween('2025-01-01', '2025-07-01')]).toEqual([5, 0.5])
  })

  it('of a year have a name for people', () => {
    expect(['01-01', '04-06', '12-31'].map(dayName)).toEqual(['1 January', '6 April', '31 December'])
  })
})
