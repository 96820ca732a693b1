// Generated prices: the same for the same seed, and of the shape they are said to have.
import { describe, expect, it } from 'vitest'
import { readExample } from '../seed.ts'
import { businessDays, generatePrices, type MarketSpec } from './price-generator.ts'

const SPEC: MarketSpec = {
  seed: [1, 2],
  days: 2000,
  lastDay: '2024-12-31',
  factors: { equity: 0.16, rates: 0.07 },
  degreesOfFreedom: 5,
  regime: { multiplier: 2, enter: 0.01, leave: 0.05 },
  instruments: [
    { id: 'index', start: 100, drift: 0.05, loadings: { equity: 1 }, residual: 0 },
    { id: 'twin', start: 10, drift: 0.05, loadings: { equity: 1 }, residual: 0.05 },
    { id: 'bond', start: 100, drift: 0.02, loadings: { rates: 1 }, residual: 0.01 },
    { id: 'cash', start: 1, drift: 0, loadings: {}, residual: 0 },
  ],
}

const returnsOf = (prices: Float64Array) => Array.from(prices.slice(1), (price, i) => price / prices[i]! - 1)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
function correlation(a: readonly number[], b: readonly number[]): number {
  const product = mean(a.map((x, i) => (x - mean(a)) * (b[i]! - mean(b))))
  const spread = (xs: readonly number[]) => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)))
  return product / spread(a) / spread(b)
}
const kurtosis = (xs: readonly number[]) =>
  mean(xs.map((x) => (x - mean(xs)) ** 4)) / mean(xs.map((x) => (x - mean(xs)) ** 2)) ** 2

describe('generatePrices', () => {
  it('gives the same bits for the same seed, and others for another', () => {
    expect(generatePrices(SPEC)).toEqual(generatePrices(SPEC))
    expect(generatePrices({ ...SPEC, seed: [1, 3] }).prices['index']).not.toEqual(generatePrices(SPEC).prices['index'])
  })

  it('leaves the prices of the others alone when an instrument is added', () => {
    const more = { id: 'more', start: 5, drift: 0, loadings: { equity: 1 }, residual: 0.2 }
    const added = generatePrices({ ...SPEC, instruments: [...SPEC.instruments, more] })
    for (const { id } of SPEC.instruments) expect(added.prices[id]).toEqual(generatePrices(SPEC).prices[id])
  })

  it('starts every instrument at its start, keeps prices above 0 and cash at 1', () => {
    const { prices, dates } = generatePrices(SPEC)
    expect(dates).toHaveLength(2000)
    for (const { id, start } of SPEC.instruments) {
      expect(prices[id]![0]).toBe(start)
      expect(Math.min(...prices[id]!)).toBeGreaterThan(0)
    }
    expect(new Set(prices['cash'])).toEqual(new Set([1]))
  })

  it('makes what loads on one factor move together and the rest apart', () => {
    const { prices } = generatePrices(SPEC)
    const [index, twin, bond] = ['index', 'twin', 'bond'].map((id) => returnsOf(prices[id]!)) as [
      number[],
      number[],
      number[],
    ]
    expect(correlation(index, twin)).toBeGreaterThan(0.9)
    expect(Math.abs(correlation(index, bond))).toBeLessThan(0.15)
  })

  it('has the volatility asked for in quiet times, and fatter tails than a normal distribution', () => {
    const quiet = { ...SPEC, regime: { multiplier: 2, enter: 0, leave: 1 } }
    const returns = returnsOf(generatePrices(quiet).prices['index']!)
    const annual = Math.sqrt(mean(returns.map((r) => r * r)) * 252)
    expect(annual).toBeGreaterThan(0.13)
    expect(annual).toBeLessThan(0.19)
    expect(kurtosis(returnsOf(generatePrices(SPEC).prices['index']!))).toBeGreaterThan(4)
  })

  it('gives one price for a market of one day', () => {
    expect(generatePrices({ ...SPEC, days: 1 }).prices['index']).toEqual(Float64Array.of(100))
  })

  it.each<[string, Partial<MarketSpec>]>([
    ['no days', { days: 0 }],
    ['two degrees of freedom', { degreesOfFreedom: 2 }],
    ['a start of 0', { instruments: [{ ...SPEC.instruments[0]!, start: 0 }] }],
    ['a loading on no factor', { instruments: [{ ...SPEC.instruments[0]!, loadings: { weather: 1 } }] }],
  ])('refuses %s', (_, more) => {
    expect(() => generatePrices({ ...SPEC, ...more })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

describe('businessDays', () => {
  it('are Mondays to Fridays up to the last one', () => {
    expect(businessDays('2024-12-31', 4)).toEqual(['2024-12-26', '2024-12-27', '2024-12-30', '2024-12-31'])
    expect(businessDays('2024-12-29', 1)).toEqual(['2024-12-27'])
  })
})

describe('the example market', () => {
  it('has 750 days of nine instruments, and a portfolio of them worth about a million', async () => {
    const { market, instruments, portfolio } = await readExample()
    const { dates, prices } = generatePrices(market)
    expect([dates.length, dates.at(-1), instruments.length]).toEqual([750, '2024-12-31', 9])
    const last = (id: string) => prices[id]!.at(-1)!
    const value = portfolio.positions.reduce((sum, { instrumentId, quantity }) => {
      const local = instruments.find(({ id }) => id === instrumentId)!.currency
      return sum + quantity * last(instrumentId) * (local === 'AUD' ? last('aud-usd') : 1)
    }, 0)
    expect(value).toBeGreaterThan(700_000)
    expect(value).toBeLessThan(1_400_000)
  })

  it('flags every beta as assumed and says so', async () => {
    for (const { factors } of (await readExample()).instruments)
      for (const { assumed, provenance, standardError } of factors) {
        expect(assumed).toBe(true)
        expect(provenance).toMatch(/^Assumed/)
        expect(standardError).toBeGreaterThan(0)
      }
  })
})
