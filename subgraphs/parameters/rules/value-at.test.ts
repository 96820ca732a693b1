import { describe, expect, it } from 'vitest'
import type { DatedValue } from './tree.ts'
import { assertCovered, valueAt, valuesBetween } from './value-at.ts'

const value = (from: string, known: string, one: number): DatedValue => ({ from, known, values: [one] })

/** Announced for 2025 as 15,000, raised to 15,750 by a law of July 2025; 2026 announced in October 2025. */
const DEDUCTION = [
  value('2024-01-01', '2023-11-09', 14_600),
  value('2025-01-01', '2024-10-22', 15_000),
  value('2025-01-01', '2025-07-04', 15_750),
  value('2026-01-01', '2025-10-09', 16_100),
]

const at = (date: string, knownAt?: string) => valueAt(DEDUCTION, date, knownAt)?.values[0]

describe('valueAt', () => {
  it('gives the value that holds from the latest day not after the date', () => {
    expect(at('2024-01-01')).toBe(14_600)
    expect(at('2024-12-31')).toBe(14_600)
    expect(at('2026-01-01')).toBe(16_100)
  })

  it('gives the law of a day as it was known before a later law changed it', () => {
    expect(at('2025-03-01', '2025-07-03')).toBe(15_000)
    expect(at('2025-03-01', '2025-07-04')).toBe(15_750)
    expect(at('2025-03-01')).toBe(15_750)
  })

  it('gives the value of the year before where the next was not known yet', () => {
    expect(at('2025-06-01', '2024-10-21')).toBe(14_600)
    expect(at('2026-06-01', '2025-09-01')).toBe(15_750)
  })

  it('gives nothing before the first day, and nothing before anything was known', () => {
    expect(at('2023-12-31')).toBeUndefined()
    expect(at('2024-06-01', '2023-11-08')).toBeUndefined()
    expect(valueAt([], '2024-01-01')).toBeUndefined()
  })

  it('does not depend on the order of the values', () => {
    for (const date of ['2024-05-01', '2025-05-01', '2026-05-01'])
      expect(valueAt([...DEDUCTION].reverse(), date, '2025-08-01')).toEqual(valueAt(DEDUCTION, date, '2025-08-01'))
  })
})

describe('valuesBetween', () => {
  const between = (from: string, to: string, knownAt?: string) =>
    valuesBetween(DEDUCTION, from, to, knownAt).map((v) => v.values[0])

  it('gives the value at the start and every change to the end', () => {
    expect(between('2024-06-01', '2026-12-31')).toEqual([14_600, 15_750, 16_100])
    expect(between('2024-06-01', '2024-12-31')).toEqual([14_600])
  })

  it('leaves out what was not known on the day', () => {
    expect(between('2024-06-01', '2026-12-31', '2025-01-01')).toEqual([14_600, 15_000])
  })

  it('starts with the first value where none holds at the start', () => {
    expect(between('2020-01-01', '2025-12-31')).toEqual([14_600, 15_750])
    expect(between('2020-01-01', '2020-12-31')).toEqual([])
  })
})

describe('assertCovered', () => {
  const tree = { id: 'us-federal', from: '2018-01-01', to: '2026-12-31' }

  it('returns a day that the tree covers, both ends included', () => {
    expect(assertCovered(tree, '2018-01-01', 'date')).toBe('2018-01-01')
    expect(assertCovered(tree, '2026-12-31', 'date')).toBe('2026-12-31')
  })

  it.each(['2017-12-31', '2027-01-01'])('refuses %s and names the days that are covered', (day) => {
    expect(() => assertCovered(tree, day, 'date')).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: { path: 'date', suggestion: expect.stringMatching(/2018-01-01 to 2026-12-31/) },
      }),
    )
  })
})
