import { describe, expect, it } from 'vitest'
import { roundTo } from './round.ts'

const rounded = (mode: 'NEAREST' | 'EVEN' | 'UP' | 'DOWN', interval: number, ...values: number[]) =>
  values.map((value) => roundTo(value, { mode, interval }))

describe('roundTo', () => {
  it('takes halves away from zero to the nearest multiple', () => {
    expect(rounded('NEAREST', 10, 14.9, 15, 25, -15, -14.9, 0)).toEqual([10, 20, 30, -20, -10, 0])
  })

  it('takes halves to the even multiple, as bankers do', () => {
    expect(rounded('EVEN', 10, 15, 25, 35, -15, 25.001)).toEqual([20, 20, 40, -20, 30])
    expect(rounded('EVEN', 1, 0.5, 1.5, 2.5)).toEqual([0, 2, 2])
  })

  it('goes up to plus and down to minus infinity', () => {
    expect(rounded('UP', 50, 101, 100, -101)).toEqual([150, 100, -100])
    expect(rounded('DOWN', 50, 149, 150, -101)).toEqual([100, 150, -150])
  })

  it('does not lose an interval to the error of a ratio', () => {
    expect(rounded('DOWN', 0.1, 0.3, 0.7)).toEqual([0.3, 0.7])
    expect(rounded('DOWN', 25, 11_925 * (1 / 3) * 3 - 1e-11)).toEqual([11_925])
    expect(rounded('UP', 25, 11_925 + 1e-11)).toEqual([11_925])
    expect(rounded('DOWN', 25, 11_924.99)).toEqual([11_900])
  })

  it('sees a half where the error of a ratio hides it', () => {
    // 1.005 is a little less than that in binary.
    expect(rounded('NEAREST', 0.01, 1.005, 2.675)).toEqual([1.01, 2.68])
    expect(rounded('EVEN', 0.01, 1.005, 1.015)).toEqual([1, 1.02])
  })

  it('leaves a value alone without rounding, and an infinity with it', () => {
    expect(roundTo(1.234, null)).toBe(1.234)
    expect(rounded('DOWN', 50, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ])
  })

  it('never gives a negative zero', () => {
    expect(Object.is(rounded('NEAREST', 10, -1)[0], 0)).toBe(true)
    expect(Object.is(rounded('UP', 10, -1)[0], 0)).toBe(true)
  })
})
