// The merge: known answers, the reference bit for bit, and any cut into parts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDifference, newMerger } from '../../test/support/kernels.ts'
import { numbers } from '../../test/support/random-numbers.ts'
import { quantile } from '../model/math/quantile.ts'
import { fixedSum, moments } from '../reference/stats.ts'
import type { MergePart } from './merger.ts'

const merger = newMerger()
const part = (...values: number[]): MergePart => ({ values: Float64Array.from(values), lanes: values.length })

/** [mean, sd, ...quantiles] of one row. */
function summary(parts: readonly MergePart[], probabilities: readonly number[] = []): number[] {
  const { mean, sd, quantiles } = merger.merge(parts, 0, 1, probabilities)
  return [mean[0]!, sd[0]!, ...quantiles.map((q) => q[0]!)]
}

function reference(values: Float64Array, probabilities: readonly number[]): number[] {
  const { mean, sd } = moments(values)
  const sorted = values.toSorted()
  return [mean, sd, ...probabilities.map((p) => quantile(sorted, p))]
}

describe('quantiles', () => {
  it('are of type 7', () => {
    const values = part(84, 1, 83, 85, 81, 82)
    expect(summary([values], [0.1, 0.2, 0.3]).slice(2)).toEqual([41, 81, 81.5])
    expect(summary([part(1, 2, 3, 4)], [0.25, 0.5, 0.75]).slice(2)).toEqual([1.75, 2.5, 3.25])
  })

  it('at 0 and 1 are the least and the greatest value', () => {
    expect(summary([part(3, -7, 1e300, 0.5)], [0, 1]).slice(2)).toEqual([-7, 1e300])
  })

  it('of one value are that value', () => {
    expect(summary([part(-3)], [0, 0.5, 1])).toEqual([-3, 0, -3, -3, -3])
  })

  it('of equal values are that value', () => {
    expect(summary([part(...new Array<number>(300).fill(0.1))], [0.05, 0.95])).toEqual([0.1, 0, 0.1, 0.1])
  })

  it('come in the order and number of the probabilities asked for', () => {
    expect(summary([part(1, 2, 3)], [1, 0, 1]).slice(2)).toEqual([3, 1, 3])
    expect(merger.merge([part(1, 2, 3)], 0, 1, []).quantiles).toEqual([])
  })
})

describe('mean and standard deviation', () => {
  it('of a sample divide by n - 1', () => {
    expect(summary([part(2, 4, 4, 4, 5, 5, 7, 9)])).toEqual([5, Math.sqrt(32 / 7)])
  })

  it('of one value are that value and 0', () => {
    expect(summary([part(42)])).toEqual([42, 0])
  })

  it('do not lose small values beside large ones as a running sum does', () => {
    const values = Float64Array.from({ length: 100_000 }, () => 0.1)
    expect(Math.abs(fixedSum(values) - 10_000)).toBeLessThan(1e-11)
  })
})

describe('the merge', () => {
  const anyValues = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }), {
    minLength: 1,
    maxLength: 700,
  })
  const probabilities = [0, 0.025, 0.5, 0.9, 1]

  it('equals the reference bit for bit', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const row = Float64Array.from(values)
        const merged = Float64Array.from(summary([part(...values)], probabilities))
        expect(firstDifference(merged, Float64Array.from(reference(row, probabilities)))).toBe(-1)
      }),
      { numRuns: 300 },
    )
  })

  it.each([255, 256, 257, 511, 512, 513, 1024, 3001, 65_537])('equals the reference on %i values', (n) => {
    const next = numbers(n)
    const row = Float64Array.from({ length: n }, () => (next() - 0.5) * 10 ** Math.floor(next() * 20))
    const merged = summary([{ values: row, lanes: n }], probabilities)
    expect(firstDifference(Float64Array.from(merged), Float64Array.from(reference(row, probabilities)))).toBe(-1)
  })

  it('of any cut into parts gives the same bits, row by row', () => {
    const lanes = 300
    const rows = 5
    const next = numbers(3)
    const whole = Float64Array.from({ length: rows * lanes }, () => next() - 0.5)
    const cut = (from: number, to: number): MergePart => ({
      lanes: to - from,
      values: Float64Array.from(
        { length: rows * (to - from) },
        (_, i) => whole[Math.floor(i / (to - from)) * lanes + from + (i % (to - from))]!,
      ),
    })
    const once = merger.merge([{ values: whole, lanes }], 0, rows, probabilities)
    for (const cuts of [
      [0, 1, 300],
      [0, 64, 128, 192, 256, 300],
      [0, 299, 300],
    ]) {
      const parts = cuts.slice(1).map((to, i) => cut(cuts[i]!, to))
      expect(merger.merge(parts, 0, rows, probabilities)).toEqual(once)
      const slice = merger.merge(parts, 2, 4, probabilities)
      expect(slice.mean).toEqual(once.mean.subarray(2, 4))
      expect(slice.quantiles[1]).toEqual(once.quantiles[1]!.subarray(2, 4))
    }
  })

  it('takes a million lanes', () => {
    const lanes = 1_000_000
    const values = Float64Array.from({ length: lanes }, (_, i) => (i * 7919) % lanes)
    const [mean, , median, top] = summary([{ values, lanes }], [0.5, 1])
    expect([mean, median, top]).toEqual([499_999.5, 499_999.5, 999_999])
  })

  it('refuses no lanes, more than a million, and a probability outside 0 to 1', () => {
    expect(() => merger.merge([], 0, 1, [])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    const many = { values: new Float64Array(0), lanes: 1_000_001 }
    expect(() => merger.merge([many], 0, 1, [])).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }))
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => merger.merge([part(1)], 0, 1, [p])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    }
  })
})
