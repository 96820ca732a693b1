import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weightedSum } from './weighted-sum.ts'

describe('weightedSum', () => {
  it('is 0 for nothing', () => {
    expect(weightedSum([])).toBe(0)
  })

  it('is the value times the weight for one', () => {
    expect(weightedSum([3], [2])).toBe(6)
  })

  it('keeps the small term that plain addition loses', () => {
    expect(1e16 + 1 - 1e16).toBe(0)
    expect(weightedSum([1e16, 1, -1e16])).toBe(1)
    expect(weightedSum([1, 1e100, 1, -1e100])).toBe(2)
  })

  it('gives NaN for NaN', () => {
    expect(weightedSum([1, Number.NaN])).toBeNaN()
  })

  it('is exact for whole numbers, however they are ordered', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const exact = Number(numbers.reduce((sum, x) => sum + BigInt(x), 0n))
        expect(weightedSum(numbers)).toBe(exact)
        expect(weightedSum([...numbers].reverse())).toBe(exact)
      }),
    )
  })
})
