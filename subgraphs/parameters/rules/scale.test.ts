import { describe, expect, it } from 'vitest'
import { ratesOf, scheduleOf, topsOf } from './scale.ts'

const scale = { id: 's', count: 3 }
const law = new Map([
  ['s.1.rate', [0.1]],
  ['s.2.rate', [0.2]],
  ['s.3.rate', [0.3]],
  ['s.1.top', [10, 20]],
  ['s.2.top', [30, 60]],
])

describe('a scale', () => {
  it('has a rate per bracket and a top for all but the last', () => {
    expect(ratesOf(scale)).toEqual(['s.1.rate', 's.2.rate', 's.3.rate'])
    expect(topsOf(scale)).toEqual(['s.1.top', 's.2.top'])
    expect(topsOf({ id: 's', count: 1 })).toEqual([])
  })

  it('begins each bracket where the one before ends, for the cell asked', () => {
    expect(scheduleOf(scale, law, 1)).toEqual({ thresholds: [0, 20, 60], rates: [0.1, 0.2, 0.3] })
  })

  it('is nothing where a part has no value', () => {
    expect(scheduleOf({ id: 's', count: 4 }, law, 0)).toBeUndefined()
  })
})
