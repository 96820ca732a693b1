import { describe, expect, it } from 'vitest'
import { calculateScale } from './calculate-scale.ts'

const schedule = { thresholds: [0, 100, 200], values: [0.1, 0.2, 0.4] }
const amounts = { thresholds: [10, 100, 200], values: [1, 5, 9] }

describe('a scale of marginal rates', () => {
  it('takes each bracket at its own rate', () => {
    expect(calculateScale('MARGINAL_RATE', schedule, [0, 50, 100, 150, 300])).toEqual([0, 5, 10, 20, 70])
  })

  it('gives nothing below its first threshold, and for less than nothing', () => {
    expect(calculateScale('MARGINAL_RATE', { thresholds: [100], values: [0.5] }, [99, 100, -5, 102])).toEqual([
      0, 0, 0, 1,
    ])
  })

  it('never reaches an infinite threshold', () => {
    const open = { thresholds: [0, Number.POSITIVE_INFINITY], values: [0.5, 0.9] }
    expect(calculateScale('MARGINAL_RATE', open, [1e12])).toEqual([5e11])
  })

  it('is the tax of the law: 15,889.50 on 90,000 of a single taxpayer in 2018', () => {
    // 10 % to 9,525, 12 % to 38,700, 22 % to 82,500, 24 % above.
    const law = { thresholds: [0, 9_525, 38_700, 82_500], values: [0.1, 0.12, 0.22, 0.24] }
    expect(calculateScale('MARGINAL_RATE', law, [90_000])[0]).toBeCloseTo(952.5 + 3_501 + 9_636 + 1_800, 9)
  })
})

describe('a scale of single amounts', () => {
  it('gives the amount of the bracket, in which its threshold lies', () => {
    expect(calculateScale('SINGLE_AMOUNT', amounts, [9, 10, 99, 100, 200, 1e9])).toEqual([0, 1, 1, 5, 9, 9])
  })

  it('counts a threshold to the bracket below where it is closed on the right', () => {
    expect(calculateScale('SINGLE_AMOUNT', amounts, [10, 11, 100, 200, 201], { right: true })).toEqual([0, 1, 1, 5, 9])
  })
})

describe('a scale of marginal amounts', () => {
  it('sums the amounts of all brackets whose threshold is exceeded', () => {
    expect(calculateScale('MARGINAL_AMOUNT', amounts, [9, 10, 11, 100, 101, 500])).toEqual([0, 0, 1, 1, 6, 15])
  })
})

describe('a scale of average rates', () => {
  it('takes all of the amount at a rate that runs from threshold to threshold', () => {
    const halves = { thresholds: [0, 100, 200], values: [0.125, 0.25, 0.5] }
    expect(calculateScale('AVERAGE_RATE', halves, [0, 50, 100, 150])).toEqual([0, 9.375, 25, 56.25])
  })

  it('holds the last rate, and the one before an infinite threshold', () => {
    expect(calculateScale('AVERAGE_RATE', schedule, [200, 1_000])).toEqual([80, 400])
    const open = { thresholds: [0, Number.POSITIVE_INFINITY], values: [0.5, 0.9] }
    expect(calculateScale('AVERAGE_RATE', open, [1_000])).toEqual([500])
  })

  it('takes the rate of the bracket where it does not run', () => {
    expect(calculateScale('AVERAGE_RATE', schedule, [50, 100, 150, 200], { interpolate: false })).toEqual([
      5, 20, 30, 80,
    ])
  })

  it('has the one rate that there is everywhere, and none below the first threshold of several', () => {
    expect(calculateScale('AVERAGE_RATE', { thresholds: [100], values: [0.1] }, [50])).toEqual([5])
    expect(calculateScale('AVERAGE_RATE', { thresholds: [100, 200], values: [0.1, 0.2] }, [50])).toEqual([0])
  })
})

describe('a scale without brackets', () => {
  it.each(['MARGINAL_RATE', 'SINGLE_AMOUNT', 'MARGINAL_AMOUNT', 'AVERAGE_RATE'] as const)(
    'of kind %s gives 0',
    (kind) => {
      expect(calculateScale(kind, { thresholds: [], values: [] }, [100])).toEqual([0])
    },
  )
})
