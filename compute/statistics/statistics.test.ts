// Statistics of weighted values: definitions worked by hand, degenerate cases, and what holds for any values.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distributionOf } from './distribution.ts'
import { gini, giniNormalized, halfMeanDifference } from './gini.ts'
import { addedUp, fallsOf, householdsOf, ofFirst } from './households.ts'
import { poverty } from './poverty.ts'
import { quantiles } from './quantiles.ts'
import { rankGroups } from './rank-groups.ts'
import { risingOrder } from './rising-order.ts'
import { type Sorted, sorted } from './sorted.ts'
import { sumOf, sumOfProducts } from './sum-of.ts'
import { topShares } from './top-shares.ts'

const given = (values: readonly number[], weights: readonly number[] = values.map(() => 1)): Sorted =>
  sorted(Float64Array.from(values), Float64Array.from(weights))
const of = (incomes: Sorted) => distributionOf(incomes, [0.1, 0.5, 0.9], [0.01, 0.1])
const mean = ({ values, weights, weight }: Sorted) => sumOfProducts(weights, values) / weight
const giniOf = (incomes: Sorted) => gini(halfMeanDifference(incomes), mean(incomes))

/** Incomes in whole cents. */
const positive = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 1e9 }).map((cents) => cents / 100),
    w: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
  }),
  { minLength: 1, maxLength: 50 },
)
const pairs = (all: readonly { x: number; w: number }[]) =>
  given(
    all.map(({ x }) => x),
    all.map(({ w }) => w),
  )

describe('the Gini coefficient', () => {
  it.each<[string, readonly number[], readonly number[] | undefined, number]>([
    ['of equal incomes', [7, 7, 7], undefined, 0],
    ['of one', [5], undefined, 0],
    ['where one of four has all', [0, 0, 0, 10], undefined, 0.75],
    ['of 1, 2, 3', [1, 2, 3], undefined, 2 / 9],
    ['of weights as of so many repeated', [1, 2], [1, 3], giniOf(given([1, 2, 2, 2]))],
    ['with a loss, above 1', [-1, 0, 1.5], undefined, 10 / 3],
  ])('%s is as worked by hand', (_, values, weights, expected) => {
    expect(giniOf(given(values, weights))).toBeCloseTo(expected, 12)
  })

  it('is NaN where the mean is not positive, and where nothing has weight', () => {
    expect([giniOf(given([-1, 1])), giniOf(given([0, 0])), giniOf(given([1, 2], [0, 0]))]).toEqual([NaN, NaN, NaN])
  })

  it('does not change when all incomes or all weights are scaled', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0.001, max: 1000, noNaN: true }), (all, scale) => {
        const before = giniOf(pairs(all))
        if (Number.isNaN(before)) return
        expect(giniOf(pairs(all.map(({ x, w }) => ({ x: x * scale, w }))))).toBeCloseTo(before, 9)
        expect(giniOf(pairs(all.map(({ x, w }) => ({ x, w: w * scale }))))).toBeCloseTo(before, 9)
      }),
    )
  })

  it('falls with a transfer from a higher income to a lower one that does not turn their order', () => {
    fc.assert(
      fc.property(positive, fc.nat(), fc.nat(), fc.double({ min: 0.01, max: 1, noNaN: true }), (all, i, j, part) => {
        const [a, b] = [all[i % all.length]!, all[j % all.length]!]
        const [low, high] = a.x < b.x ? [a, b] : [b, a]
        if (high.x - low.x < 1) return
        // So much money that both end at most at their common mean.
        const meeting = (high.x - low.x) / (1 / low.w + 1 / high.w)
        const moved = all.map((one) => {
          if (one === low) return { ...one, x: one.x + (part * meeting) / low.w }
          return one === high ? { ...one, x: one.x - (part * meeting) / high.w } : one
        })
        expect(giniOf(pairs(moved))).toBeLessThanOrEqual(giniOf(pairs(all)) + 1e-12)
      }),
    )
  })

  it('normalized lies within 0 and 1 whatever the signs, and is the plain one where none is negative', () => {
    const any = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(any, (values) => {
        const { giniNormalized: normalized, gini: plain } = of(given(values))
        expect(normalized).toBeGreaterThanOrEqual(0)
        expect(normalized).toBeLessThanOrEqual(1)
        const positives = of(given(values.map(Math.abs)))
        if (!Number.isNaN(plain)) expect(positives.giniNormalized).toBeCloseTo(positives.gini, 9)
      }),
    )
    expect(giniNormalized(0, 0)).toBe(0)
    expect(of(given([-1, 0, 1.5])).giniNormalized).toBeCloseTo(2 / 3, 12)
  })
})

describe('quantiles', () => {
  const at = (values: readonly number[], p: number, weights?: readonly number[]) =>
    quantiles(given(values, weights), [p])[0]

  it.each<[readonly number[], number, readonly number[] | undefined, number]>([
    [[4, 1, 3, 2], 0.5, undefined, 2.5],
    [[3, 1, 2], 0.5, undefined, 2],
    [[1, 2, 3, 4], 0.25, undefined, 1.5],
    [[1, 2, 3, 4], 0.99, undefined, 4],
    [[5], 0.05, undefined, 5],
    [[1, 2, 3], 0.5, [1, 1, 2], 2.5],
    [[1, 2, 3], 0.5, [1, 0, 1], 2],
    [[1, 2, 3], 0.01, [0, 1, 1], 2],
    [[1, 2, 3], 0.99, [1, 1, 0], 2],
    [[-5, -1], 0.5, undefined, -3],
  ])('of %j at %f with weights %j is %f', (values, p, weights, expected) => {
    expect(at(values, p, weights)).toBe(expected)
  })

  it('are NaN where nothing has weight', () => {
    expect(at([1, 2], 0.5, [0, 0])).toBe(NaN)
  })

  it('do not fall as probabilities rise, lie among the values, and scale with them', () => {
    const probabilities = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    fc.assert(
      fc.property(positive, (all) => {
        const found = quantiles(pairs(all), probabilities)
        for (let i = 1; i < found.length; i++) expect(found[i]).toBeGreaterThanOrEqual(found[i - 1]!)
        expect(found[0]).toBeGreaterThanOrEqual(Math.min(...all.map(({ x }) => x)))
        expect(found.at(-1)).toBeLessThanOrEqual(Math.max(...all.map(({ x }) => x)))
        expect(quantiles(pairs(all.map(({ x, w }) => ({ x: 2 * x, w }))), probabilities)).toEqual(
          found.map((x) => 2 * x),
        )
      }),
    )
  })
})

describe('top shares', () => {
  const shares = (incomes: Sorted, ...tops: number[]) => [
    ...topShares(incomes, sumOfProducts(incomes.weights, incomes.values), tops),
  ]

  it('count the one on the border by its part above it', () => {
    expect(shares(given([1, 2, 3, 4]), 0.25, 0.375, 1)).toEqual([0.4, 0.55, 1])
  })

  it('are NaN where there is no income to share', () => {
    expect(shares(given([0, 0]), 0.1)).toEqual([NaN])
    expect(shares(given([-1, 1]), 0.1)).toEqual([NaN])
  })

  it('of groups that part the population add up to one, and rise with the group', () => {
    fc.assert(
      fc.property(positive, (all) => {
        const incomes = pairs(all)
        const tenths = Array.from({ length: 10 }, (_, i) => (i + 1) / 10)
        const found = shares(incomes, ...tenths)
        if (Number.isNaN(found[0])) return
        expect(found.at(-1)).toBeCloseTo(1, 9)
        for (let i = 1; i < 10; i++)
          expect(found[i]! - found[i - 1]!).toBeLessThanOrEqual(
            (i > 1 ? found[i - 1]! - found[i - 2]! : found[0]!) + 1e-9,
          )
      }),
    )
  })
})

describe('poverty', () => {
  const against = (line: number, values: readonly number[], weights = values.map(() => 1)) =>
    poverty(Float64Array.from(values), Float64Array.from(weights), sumOf(Float64Array.from(weights)), line)

  it('counts those below the line, not those on it', () => {
    expect(against(10, [5, 10, 15, 0])).toEqual({ poor: 2, rate: 0.5, gap: (0.5 + 1) / 4 })
  })

  it('has no gap against a line that is not positive, and nothing against none', () => {
    expect(against(0, [-5, 5])).toEqual({ poor: 1, rate: 0.5, gap: NaN })
    expect(against(NaN, [1])).toEqual({ poor: NaN, rate: NaN, gap: NaN })
    expect(against(10, [5], [0])).toEqual({ poor: 0, rate: NaN, gap: NaN })
  })

  it('does not fall when the line rises, and its gap lies below its rate where nobody has a loss', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 1, max: 1e7, noNaN: true }), (all, line) => {
        const values = all.map(({ x }) => x)
        const weights = all.map(({ w }) => w)
        const { rate, gap } = against(line, values, weights)
        expect(against(line * 1.5, values, weights).rate).toBeGreaterThanOrEqual(rate - 1e-12)
        expect(gap).toBeLessThanOrEqual(rate + 1e-12)
      }),
    )
  })
})

describe('rank groups', () => {
  const groups = (weights: readonly number[], count: number) => [
    ...rankGroups({ weights: Float64Array.from(weights), weight: sumOf(Float64Array.from(weights)) }, count),
  ]

  it('part equal weights evenly', () => {
    expect(groups([1, 1, 1, 1], 2)).toEqual([0, 2, 4])
    expect(groups([1, 1, 1], 3)).toEqual([0, 1, 2, 3])
  })

  it('put one where the middle of its weight falls, and leave groups empty', () => {
    expect(groups([8, 1, 1], 2)).toEqual([0, 1, 3])
    expect(groups([1], 4)).toEqual([0, 0, 0, 1, 1])
  })

  it('put those without weight where they fall, and all into the first where nothing has weight', () => {
    expect(groups([0, 1, 0, 1, 0], 2)).toEqual([0, 2, 5])
    expect(groups([0, 0], 3)).toEqual([0, 2, 2, 2])
    expect(groups([], 3)).toEqual([0, 0, 0, 0])
  })

  it('have their part of the weight, give or take one', () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 2, max: 12 }), (all, count) => {
        const { weights, weight } = pairs(all)
        const begins = rankGroups({ weights, weight }, count)
        const largest = Math.max(...weights)
        for (let group = 0; group < count; group++) {
          const own = sumOf(weights.subarray(begins[group], begins[group + 1]))
          expect(Math.abs(own - weight / count)).toBeLessThanOrEqual(largest * (1 + 1e-9))
        }
      }),
    )
  })
})

describe('an order', () => {
  it('rises, with ties as they stand, for any values', () => {
    const any = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), { maxLength: 200 })
    fc.assert(
      fc.property(any, (values) => {
        const order = [...risingOrder(Float64Array.from(values))]
        const expected = [...values.keys()].sort((a, b) =>
          values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b,
        )
        expect(order).toEqual(expected)
      }),
    )
  })
})

describe('households', () => {
  const begins = householdsOf(Float64Array.of(3, 3, 5, 9, 9, 9))

  it('begin where the number changes', () => {
    expect([...begins]).toEqual([0, 2, 3, 6])
    expect([...householdsOf(new Float64Array())]).toEqual([0])
  })

  it('add up incomes and take the weight of the first', () => {
    const values = Float64Array.of(1, 2, 3, 4, 5, 6)
    expect([...addedUp(values, begins)]).toEqual([3, 3, 15])
    expect([...ofFirst(values, begins)]).toEqual([1, 3, 4])
  })

  it('whose numbers fall are found', () => {
    expect(fallsOf(Float64Array.of(1, 1, 0, 4, 2))).toEqual({ first: 2, count: 2 })
    expect(fallsOf(Float64Array.of(1, 1, 2))).toEqual({ first: -1, count: 0 })
  })
})

describe('sums', () => {
  it('keep what rounding loses', () => {
    expect(sumOf(Float64Array.of(1e16, 1, 1, -1e16))).toBe(2)
    expect(sumOfProducts(Float64Array.of(1e16, 1, 1, 1e16), Float64Array.of(1, 1, 1, -1))).toBe(2)
  })
})
