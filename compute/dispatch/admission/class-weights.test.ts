// Classes in admission: 8:3:1, and a wait that raises them.
import { describe, expect, it } from 'vitest'
import { AGE_SECONDS, agedClass, weightOf } from './class-weights.ts'

describe('the class of a shard that waits', () => {
  it('weighs 8:3:1', () => {
    expect((['p0', 'p1', 'p2'] as const).map(weightOf)).toEqual([8, 3, 1])
  })

  it('rises by one with each age, and no further than the most urgent', () => {
    const of = (ages: number) => agedClass('p2', ages * AGE_SECONDS)
    expect([0, 0.99, 1, 1.99, 2, 100].map(of)).toEqual(['p2', 'p2', 'p1', 'p1', 'p0', 'p0'])
    expect(agedClass('p0', 1e6)).toBe('p0')
  })

  it('stays what it is where clocks disagree', () => {
    expect(agedClass('p1', -5)).toBe('p1')
  })
})
