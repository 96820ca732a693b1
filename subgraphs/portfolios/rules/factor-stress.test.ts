// A macro path carried to a portfolio.
import { describe, expect, it } from 'vitest'
import type { MacroPath } from '../../shared/types.ts'
import {
  assumedFactors,
  type MacroFactor,
  priceChange,
  type StressedInstrument,
  stressPortfolio,
} from './factor-stress.ts'

const factor = (more: Partial<MacroFactor>): MacroFactor => ({
  variable: 'gdp',
  target: 'PRICE',
  beta: 0,
  gamma: 0,
  standardError: 0,
  assumed: true,
  provenance: 'a test',
  ...more,
})
const instrument = (more: Partial<StressedInstrument>): StressedInstrument => ({
  id: 'share',
  assetClass: 'EQUITY',
  currency: 'USD',
  baseCurrency: null,
  series: { dates: [], prices: [] },
  factors: [],
  duration: null,
  convexity: null,
  ...more,
})
const path = (...gdp: number[]): MacroPath => ({
  times: gdp.map((_, i) => i / 4),
  columns: [
    { variable: 'gdp', unit: 'percent', baseline: gdp.map(() => 0), scenario: gdp },
    { variable: 'unemployment_rate', unit: 'percent', baseline: gdp.map(() => 4), scenario: gdp.map((x) => 4 - x / 2) },
  ],
})
const SHARE = instrument({ factors: [factor({ beta: 0.03, standardError: 0.01 })] })
const BOND = instrument({
  id: 'bond',
  assetClass: 'GOVERNMENT_BOND',
  duration: 8,
  convexity: 80,
  factors: [factor({ target: 'YIELD', beta: 0.002 })],
})
const RATE = instrument({
  id: 'aud-usd',
  assetClass: 'CURRENCY',
  baseCurrency: 'AUD',
  factors: [factor({ target: 'LOG_PRICE', beta: 0.1 })],
})
const change = (one: StressedInstrument, gdp: number) => priceChange(one, new Map([['gdp', [gdp]]]), 0)

describe('priceChange', () => {
  it('is beta x + gamma x^2 / 2 on the price', () => {
    expect(change(instrument({ factors: [factor({ beta: 0.03, gamma: 0.01 })] }), -2)).toBeCloseTo(-0.06 + 0.02, 15)
  })

  it('is minus duration dy plus convexity dy^2 / 2 on the yield', () => {
    // dy = -0.004: 8 x 0.004 + 0.5 x 80 x 0.000016
    expect(change(BOND, -2)).toBeCloseTo(0.032 + 0.00064, 15)
  })

  it('is e^ds - 1 on the logarithm of the price', () => {
    expect(change(RATE, 2)).toBeCloseTo(Math.exp(0.2) - 1, 14)
  })

  it('adds the factors on one target before duration and convexity act on their sum', () => {
    const two = instrument({
      ...BOND,
      factors: [factor({ target: 'YIELD', beta: 0.001 }), factor({ target: 'YIELD', beta: 0.001 })],
    })
    expect(change(two, -2)).toBeCloseTo(change(BOND, -2), 15)
  })

  it('is 0 for a variable that does not move, bit for bit', () => {
    for (const one of [SHARE, BOND, RATE]) expect(Object.is(change(one, 0), 0)).toBe(true)
  })
})

describe('stressPortfolio', () => {
  it('leaves every value as it is where the path is its baseline, bit for bit', () => {
    const { total, loss, standardError } = stressPortfolio(
      [{ instrument: SHARE, value: 123.456 }],
      'USD',
      [],
      path(0, 0),
    )
    expect([[...total], [...loss], [...standardError]]).toEqual([
      [123.456, 123.456],
      [0, 0],
      [0, 0],
    ])
  })

  it('gives values by position and in total, and a loss that is positive', () => {
    const book = [
      { instrument: SHARE, value: 1000 },
      { instrument: BOND, value: 500 },
    ]
    const { times, positions, total, loss } = stressPortfolio(book, 'USD', [], path(0, -2))
    expect(times).toEqual([0, 0.25])
    expect(positions[0]![1]).toBeCloseTo(940, 9)
    expect(total[1]).toBeCloseTo(940 + 516.32, 9)
    expect(loss[1]).toBeCloseTo(1500 - 1456.32, 9)
  })

  it('moves what is held abroad by its own factors and by those of the rate', () => {
    const abroad = instrument({ id: 'abroad', currency: 'AUD', factors: SHARE.factors })
    const { total } = stressPortfolio([{ instrument: abroad, value: 1000 }], 'USD', [RATE], path(-2))
    expect(total[0]).toBeCloseTo(1000 * 0.94 * Math.exp(-0.2), 9)
    const home = stressPortfolio([{ instrument: SHARE, value: 1000 }], 'AUD', [RATE], path(-2))
    expect(home.total[0]).toBeCloseTo((1000 * 0.94) / Math.exp(-0.2), 9)
  })

  it('says how far the standard errors of the betas carry', () => {
    expect(stressPortfolio([{ instrument: SHARE, value: 1000 }], 'USD', [], path(-2)).standardError[0]).toBeCloseTo(
      20,
      9,
    )
  })

  it('counts the standard errors of an exchange rate once for all that is converted by it', () => {
    const rate = { ...RATE, factors: [factor({ target: 'LOG_PRICE', beta: 0.1, standardError: 0.01 })] }
    const abroad = (id: string, value: number) => ({ instrument: instrument({ id, currency: 'AUD' }), value })
    const error = (...book: { instrument: StressedInstrument; value: number }[]) =>
      stressPortfolio(book, 'USD', [rate], path(-2)).standardError[0]
    expect(error(abroad('one', 600), abroad('two', 400))).toBeCloseTo(20, 9)
    expect(error(abroad('long', 500), abroad('short', -500))).toBe(0)
  })

  it('doubles the loss of a linear book when the path is doubled', () => {
    const loss = (x: number) => stressPortfolio([{ instrument: SHARE, value: 1000 }], 'USD', [], path(x)).loss[0]!
    expect(loss(-4)).toBeCloseTo(2 * loss(-2), 9)
  })

  it('names what has no factors, what has factors that the path lacks, and what is stretched below zero', () => {
    const lost = instrument({ id: 'lost', factors: [factor({ variable: 'rainfall', beta: 1 })] })
    const wild = instrument({ id: 'wild', factors: [factor({ beta: 1 })] })
    const book = [instrument({ id: 'bare' }), lost, wild, instrument({ id: 'cash', assetClass: 'CASH' })].map(
      (one) => ({ instrument: one, value: 1 }),
    )
    const { findings } = stressPortfolio(book, 'USD', [], path(-2))
    expect(findings.map(({ code, path: at }) => `${code} ${at}`)).toEqual([
      'FACTORS_MISSING bare',
      'FACTOR_WITHOUT_PATH lost',
      'BELOW_ZERO wild',
    ])
  })

  it('names what was assumed, of the rates too, each once', () => {
    const estimated = instrument({ id: 'estimated', factors: [factor({ assumed: false })] })
    const abroad = (id: string) => instrument({ id, currency: 'AUD', factors: [factor({})] })
    const assumed = assumedFactors([SHARE, estimated, abroad('one'), abroad('two')], 'USD', [RATE])
    expect(assumed.map(({ instrumentId }) => instrumentId)).toEqual(['share', 'one', 'aud-usd', 'two'])
  })

  it('is nothing for an empty book', () => {
    expect([...stressPortfolio([], 'USD', [], path(-2)).total]).toEqual([0])
  })
})
