import { describe, expect, it } from 'vitest'
import { limitsOf, scheduleOf, valuesOf } from './scale.ts'
import type { Scale } from './tree.ts'

const tops: Scale = { id: 's', label: 's', kind: 'MARGINAL_RATE', style: 'TOPS', count: 3 }
const thresholds: Scale = { id: 't', label: 't', kind: 'SINGLE_AMOUNT', style: 'THRESHOLDS', count: 2 }
const law = new Map([
  ['s.1.rate', [0.1]],
  ['s.2.rate', [0.2]],
  ['s.3.rate', [0.3]],
  ['s.1.top', [10, 20]],
  ['s.2.top', [30, 60]],
  ['t.1.threshold', [5]],
  ['t.1.amount', [100]],
  ['t.2.threshold', [50]],
  ['t.2.amount', [200]],
])

describe('a scale', () => {
  it('has a rate per bracket and a top for all but the last', () => {
    expect(valuesOf(tops)).toEqual(['s.1.rate', 's.2.rate', 's.3.rate'])
    expect(limitsOf(tops)).toEqual(['s.1.top', 's.2.top'])
    expect(limitsOf({ ...tops, count: 1 })).toEqual([])
  })

  it('of thresholds has one per bracket, and what its kind gives', () => {
    expect(limitsOf(thresholds)).toEqual(['t.1.threshold', 't.2.threshold'])
    expect(valuesOf(thresholds)).toEqual(['t.1.amount', 't.2.amount'])
    expect(valuesOf({ ...thresholds, kind: 'AVERAGE_RATE' })).toEqual(['t.1.average_rate', 't.2.average_rate'])
  })

  it('begins each bracket where the one before ends, for the cell asked', () => {
    expect(scheduleOf(tops, law, 1)).toEqual({ thresholds: [0, 20, 60], values: [0.1, 0.2, 0.3] })
    expect(scheduleOf(thresholds, law, 0)).toEqual({ thresholds: [5, 50], values: [100, 200] })
  })

  it('is nothing where a part of its tops has no value', () => {
    expect(scheduleOf({ ...tops, count: 4 }, law, 0)).toBeUndefined()
  })

  it('leaves out a bracket whose threshold or value does not exist on the day', () => {
    const without = new Map(law)
    without.delete('t.1.amount')
    expect(scheduleOf(thresholds, without, 0)).toEqual({ thresholds: [50], values: [200] })
    without.delete('t.2.threshold')
    expect(scheduleOf(thresholds, without, 0)).toBeUndefined()
  })
})
