// Joining of figures into longer periods.
import { describe, expect, it } from 'vitest'
import { frameWith } from '../../../test/support/flow-frame.ts'
import { aggregateFrame, aggregateValues, valueAt } from './frame.ts'

const quarters = new Map([
  ['2024-Q1', 1],
  ['2024-Q2', 2],
  ['2024-Q3', 3],
  ['2024-Q4', 6],
])
const months = new Map(Array.from({ length: 12 }, (_, i) => [`2024-${String(i + 1).padStart(2, '0')}`, i + 1]))

describe('aggregateValues', () => {
  it('sums flows, averages rates and annual rates, and takes the last of stocks', () => {
    const year = (kind: Parameters<typeof aggregateValues>[1]) =>
      aggregateValues(quarters, kind, 'QUARTERLY', 'ANNUAL').get('2024')
    expect([year('FLOW'), year('FLOW_AT_ANNUAL_RATE'), year('RATE'), year('STOCK')]).toEqual([12, 3, 3, 6])
  })

  it('joins months into quarters and into years', () => {
    expect([...aggregateValues(months, 'FLOW', 'MONTHLY', 'QUARTERLY')]).toEqual([
      ['2024-Q1', 6],
      ['2024-Q2', 15],
      ['2024-Q3', 24],
      ['2024-Q4', 33],
    ])
    expect(aggregateValues(months, 'FLOW', 'MONTHLY', 'ANNUAL').get('2024')).toBe(78)
  })

  it('gives no value to a year of which a quarter is missing', () => {
    const { size } = aggregateValues(new Map([...quarters].slice(1)), 'FLOW', 'QUARTERLY', 'ANNUAL')
    expect(size).toBe(0)
  })

  it('gives nothing for an empty series', () => {
    expect(aggregateValues(new Map(), 'STOCK', 'QUARTERLY', 'ANNUAL').size).toBe(0)
  })

  it('does not depend on the order of the values', () => {
    const reversed = new Map([...quarters].reverse())
    expect(aggregateValues(reversed, 'STOCK', 'QUARTERLY', 'ANNUAL').get('2024')).toBe(6)
  })
})

describe('aggregateFrame', () => {
  const frame = frameWith(
    { '2024-Q1': { C: 1 }, '2024-Q2': { C: 1 }, '2024-Q3': { C: 1 }, '2024-Q4': { C: 1 } },
    { frequency: 'QUARTERLY', roundingError: 0.5 },
  )

  it('lets the errors of rounding of summed quarters add up', () => {
    expect(valueAt(aggregateFrame(frame, 'ANNUAL'), 'C', '2024')).toBe(4)
    expect(aggregateFrame(frame, 'ANNUAL').series.get('C')!.roundingError).toBe(2)
  })

  it('is the frame itself at its own frequency', () => {
    expect(aggregateFrame(frame, 'QUARTERLY')).toBe(frame)
  })

  it('refuses a frequency above that of the figures', () => {
    expect(() => aggregateFrame(frame, 'MONTHLY')).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'frequency' }) }),
    )
  })
})
