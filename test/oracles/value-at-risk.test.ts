// Known answers of value at risk and expected shortfall.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../compute/model/math/normal.ts'
import { generatePrices } from '../../subgraphs/portfolios/rules/price-generator.ts'
import { returnColumn, valueInput } from '../../subgraphs/portfolios/rules/risk-model.ts'
import { prepareRisk } from '../../subgraphs/portfolios/rules/risk-question.ts'
import {
  DEFAULT_CONVENTIONS,
  fitNormal,
  historicalRisk,
  incrementalRisk,
  parametricRisk,
  type RiskConventions,
  riskComponents,
  scaleDays,
} from '../../subgraphs/portfolios/rules/value-at-risk.ts'

const by = (more: Partial<RiskConventions> = {}): RiskConventions => ({ ...DEFAULT_CONVENTIONS, ...more })
const losses = (...values: number[]) => Float64Array.from(values, (value) => -value)
/** Normal scores: a sample whose shape is as near to a normal distribution as n values can be. */
const scores = (n: number, sd: number) => Float64Array.from({ length: n }, (_, i) => sd * normalQuantile((i + 0.5) / n))

describe('historical value at risk', () => {
  it.each([
    [0.1, 41],
    [0.2, 81],
    [0.3, 81.5],
  ])('of the losses 1, 81..85 at %s is %s by quantile type 7', (confidence, expected) => {
    expect(historicalRisk(losses(1, 81, 82, 83, 84, 85), confidence, 1, by()).valueAtRisk).toBeCloseTo(expected, 12)
  })

  it('by order statistic is the fifth worst of a hundred at 95 %, although 1 - 0.95 is a little above 0.05', () => {
    const hundred = losses(...Array.from({ length: 100 }, (_, i) => i + 1))
    expect(historicalRisk(hundred, 0.95, 1, by({ quantileRule: 'ORDER_STATISTIC' })).valueAtRisk).toBe(96)
  })

  it('has an expected shortfall that counts the loss at the value at risk, or does not, or weighs it', () => {
    const hundred = losses(...Array.from({ length: 100 }, (_, i) => i + 1))
    const shortfall = (shortfallRule: RiskConventions['shortfallRule']) =>
      historicalRisk(hundred, 0.95, 1, by({ quantileRule: 'ORDER_STATISTIC', shortfallRule })).expectedShortfall
    expect(shortfall('INCLUDING')).toBe(98)
    expect(shortfall('EXCLUDING')).toBe(98.5)
    // 96 + (1 + 2 + 3 + 4) / 100 / 0.05
    expect(shortfall('ROCKAFELLAR_URYASEV')).toBeCloseTo(98, 12)
  })
})

describe('parametric value at risk', () => {
  it('of a normal distribution has an expected shortfall of 1.254 times it at 95 %', () => {
    const { valueAtRisk, expectedShortfall } = parametricRisk(scores(1000, 1), 0.95, 1, by())
    expect(expectedShortfall / valueAtRisk).toBeCloseTo(1.254, 3)
  })

  it('at 95 and 99 % is 1.6449 and 2.3263 standard deviations', () => {
    const sample = scores(1000, 50)
    const { sd } = fitNormal(sample, by())
    expect(parametricRisk(sample, 0.95, 1, by()).valueAtRisk / sd).toBeCloseTo(1.6448536269514722, 12)
    expect(parametricRisk(sample, 0.99, 1, by()).valueAtRisk / sd).toBeCloseTo(2.3263478740408408, 12)
  })

  it('takes the standard deviation of a day: a book of a million with 1 % a day loses 16,449 and not the 261,000 of its annual one', () => {
    const sample = scores(750, 10_000)
    const { valueAtRisk } = parametricRisk(sample, 0.95, 1, by({ varianceRule: 'POPULATION' }))
    expect(valueAtRisk).toBeGreaterThan(16_300)
    expect(valueAtRisk).toBeLessThan(16_500)
  })

  it('over ten days is the square root of ten times that of one, less the mean of ten', () => {
    const sample = Float64Array.from(scores(500, 100), (value) => value + 7)
    const one = parametricRisk(sample, 0.99, 1, by({ meanRule: 'SAMPLE_MEAN' }))
    const ten = parametricRisk(sample, 0.99, 10, by({ meanRule: 'SAMPLE_MEAN' }))
    const { mean } = fitNormal(sample, by({ meanRule: 'SAMPLE_MEAN' }))
    expect(mean).toBeCloseTo(7, 9)
    expect(ten.valueAtRisk).toBeCloseTo((one.valueAtRisk + mean) * Math.sqrt(10) - 10 * mean, 9)
  })

  it('agrees with the historical one on normal scores to two per mille', () => {
    const sample = scores(2000, 1000)
    const ratio = historicalRisk(sample, 0.95, 1, by()).valueAtRisk / parametricRisk(sample, 0.95, 1, by()).valueAtRisk
    expect(Math.abs(ratio - 1)).toBeLessThan(0.002)
  })
})

describe('a book of generated prices with a volatility of 15 % a year', () => {
  it('has a daily value at risk of 1.645 x 15 % / sqrt(252) of its value, not of 1.645 x 15 %', () => {
    const { dates, prices } = generatePrices({
      seed: [1, 2],
      days: 2001,
      lastDay: '2024-12-31',
      factors: { equity: 0.15 },
      degreesOfFreedom: 30,
      regime: { multiplier: 1, enter: 0, leave: 1 },
      instruments: [{ id: 'index', start: 100, drift: 0, loadings: { equity: 1 }, residual: 0 }],
    })
    const instrument = {
      id: 'index',
      assetClass: 'EQUITY' as const,
      currency: 'USD',
      baseCurrency: null,
      series: { dates, prices: [...prices['index']!] },
    }
    const book = { portfolioId: 'index', currency: 'USD', held: [{ instrument, quantity: 1 }], rates: [] }
    const asked = { confidence: [0.95], horizonDays: 1, window: 2000, conventions: by() }
    const { columns, inputs } = prepareRisk(book, asked)
    const value = inputs[valueInput('index')]!
    const pnl = columns[returnColumn('index')]!.map((r) => r * value)
    const share = parametricRisk(pnl, 0.95, 1, by()).valueAtRisk / value
    expect(share / (1.645 * (0.15 / Math.sqrt(252)))).toBeGreaterThan(0.93)
    expect(share / (1.645 * (0.15 / Math.sqrt(252)))).toBeLessThan(1.07)
  })
})

describe('components', () => {
  const part = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 12, maxLength: 12 })

  it.each(['ZERO', 'SAMPLE_MEAN'] as const)(
    'sum to the value at risk within 1e-12, with the mean rule %s',
    (meanRule) => {
      fc.assert(
        fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom(1, 10), (rows, days) => {
          const parts = rows.map((row) => Float64Array.from(row, (value) => value / 100))
          const pnl = Float64Array.from({ length: 12 }, (_, i) => parts.reduce((sum, values) => sum + values[i]!, 0))
          const conventions = by({ meanRule })
          const components = riskComponents(pnl, parts, 0.99, days, conventions)
          const { valueAtRisk } = parametricRisk(pnl, 0.99, days, conventions)
          const scale = components.reduce((sum, value) => sum + Math.abs(value), Math.abs(valueAtRisk))
          expect(Math.abs(components.reduce((sum, value) => sum + value, 0) - valueAtRisk)).toBeLessThanOrEqual(
            1e-12 * (scale + 1),
          )
        }),
      )
    },
  )

  it('are not weights times each position alone: a hedge takes risk away', () => {
    const book = scores(100, 100)
    const hedge = book.map((value) => -0.5 * value)
    const pnl = book.map((value, i) => value + hedge[i]!)
    const [long, short] = riskComponents(pnl, [book, hedge], 0.95, 1, by())
    expect(long).toBeGreaterThan(0)
    expect(short).toBeLessThan(0)
    expect(long! / short!).toBeCloseTo(-2, 12)
  })

  it('of a position of nothing is 0', () => {
    const book = scores(100, 100)
    expect(riskComponents(book, [book, new Float64Array(100)], 0.95, 1, by())[1]).toBe(0)
  })
})

describe('incremental value at risk', () => {
  const book = scores(100, 100)

  it('of a position of nothing is 0', () => {
    expect(incrementalRisk(book, new Float64Array(100), 0.95, 1, by())).toBe(0)
  })

  it('is the whole value at risk for the only position', () => {
    expect(incrementalRisk(book, book, 0.95, 1, by())).toBe(parametricRisk(book, 0.95, 1, by()).valueAtRisk)
  })

  it('of a hedge is below 0', () => {
    const hedge = book.map((value) => -0.5 * value)
    const pnl = book.map((value, i) => value + hedge[i]!)
    const whole = parametricRisk(book, 0.95, 1, by()).valueAtRisk
    expect(incrementalRisk(pnl, hedge, 0.95, 1, by())).toBeCloseTo(-0.5 * whole, 9)
  })
})

describe('degenerate samples', () => {
  it('one observation is its own value at risk and shortfall, by any rule', () => {
    for (const quantileRule of ['TYPE_7', 'ORDER_STATISTIC'] as const)
      for (const shortfallRule of ['INCLUDING', 'EXCLUDING', 'ROCKAFELLAR_URYASEV'] as const)
        expect(historicalRisk(losses(5), 0.99, 1, by({ quantileRule, shortfallRule }))).toEqual({
          valueAtRisk: 5,
          expectedShortfall: 5,
        })
  })

  it('a book that never moves has no risk', () => {
    const still = new Float64Array(10)
    expect(historicalRisk(still, 0.95, 1, by())).toEqual({ valueAtRisk: 0, expectedShortfall: 0 })
    expect(parametricRisk(still, 0.95, 1, by())).toEqual({ valueAtRisk: 0, expectedShortfall: 0 })
    expect(riskComponents(still, [still], 0.95, 1, by())).toEqual([0])
  })

  it('a book that only gains has a negative value at risk', () => {
    expect(historicalRisk(losses(-1, -2, -3), 0.5, 1, by()).valueAtRisk).toBe(-2)
  })

  it('no observations, and a confidence of 0, 1 or NaN, are refused', () => {
    expect(() => historicalRisk(new Float64Array(0), 0.95, 1, by())).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    )
    expect(() => parametricRisk(new Float64Array(0), 0.95, 1, by())).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    )
    for (const confidence of [0, 1, -1, 95, Number.NaN])
      expect(() => historicalRisk(losses(1), confidence, 1, by())).toThrow(/between 0 and 1/)
  })

  it('overlapping returns are of the horizon already, so nothing scales them', () => {
    expect(scaleDays(10, by({ horizonRule: 'OVERLAPPING_RETURNS' }))).toBe(1)
    expect(scaleDays(10, by())).toBe(10)
  })
})
