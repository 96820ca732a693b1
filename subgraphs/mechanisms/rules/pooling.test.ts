// Pooling against a worked example.
import { describe, expect, it } from 'vitest'
import { poolFixed } from './pooling.ts'

describe('poolFixed', () => {
  it('pools (0.32, SE 0.08), (0.28, 0.12), (0.40, 0.10) into 0.336, SE 0.0554', () => {
    const pool = poolFixed([
      { value: 0.32, standardError: 0.08 },
      { value: 0.28, standardError: 0.12 },
      { value: 0.4, standardError: 0.1 },
    ])
    expect(pool.value).toBeCloseTo(0.336, 3)
    expect(pool.standardError).toBeCloseTo(0.0554, 4)
    expect(pool.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14)
  })

  it('gives a lone estimate back', () => {
    expect(poolFixed([{ value: 0.3, standardError: 0.1 }])).toEqual({ value: 0.3, standardError: 0.1, weights: [1] })
  })

  it('believes estimates without error only, and those equally', () => {
    const pool = poolFixed([
      { value: 1, standardError: 0 },
      { value: 3, standardError: 0 },
      { value: 9, standardError: 0.1 },
    ])
    expect(pool).toEqual({ value: 2, standardError: 0, weights: [0.5, 0.5, 0] })
  })
})
