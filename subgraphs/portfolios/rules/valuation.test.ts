// Valuation on a day, and conversion by exchange rates whose direction is known.
import { describe, expect, it } from 'vitest'
import { pricedInstrument as instrument } from '../../../test/support/priced-instrument.ts'
import { findConversion, lastIndex, rateAt } from './market.ts'
import { valuePortfolio } from './valuation.ts'

const SHARE = instrument('share', { '2024-01-02': 10, '2024-01-03': 11 })
const ABROAD = instrument('abroad', { '2024-01-02': 20, '2024-01-03': 20 }, { currency: 'AUD' })
const RATE = instrument(
  'aud-usd',
  { '2024-01-02': 0.5, '2024-01-03': 0.8 },
  { assetClass: 'CURRENCY', baseCurrency: 'AUD' },
)
const codes = (findings: readonly { code: string; path?: string | null }[]) =>
  findings.map(({ code, path }) => `${code} ${path}`)

describe('valuePortfolio', () => {
  it('takes the last prices, and weights that sum to 1', () => {
    const { value, asOf, positions, findings } = valuePortfolio(
      [
        { instrument: SHARE, quantity: 10 },
        { instrument: ABROAD, quantity: 5 },
      ],
      'USD',
      [RATE],
    )
    expect({ value, asOf, findings }).toEqual({ value: 110 + 80, asOf: '2024-01-03', findings: [] })
    expect(positions.map((p) => p.value)).toEqual([110, 80])
    expect(positions.reduce((sum, p) => sum + p.weight!, 0)).toBeCloseTo(1, 12)
  })

  it('values an earlier day by the prices of then', () => {
    expect(valuePortfolio([{ instrument: SHARE, quantity: 10 }], 'USD', [], '2024-01-02').value).toBe(100)
  })

  it('counts a short position below zero', () => {
    const { value, positions } = valuePortfolio([{ instrument: SHARE, quantity: -10 }], 'USD', [])
    expect(value).toBe(-110)
    expect(positions[0]!.weight).toBe(1)
  })

  it('gives no weights where long and short cancel', () => {
    const { value, positions } = valuePortfolio(
      [
        { instrument: SHARE, quantity: 1 },
        { instrument: { ...SHARE, id: 'twin' }, quantity: -1 },
      ],
      'USD',
      [],
    )
    expect(value).toBe(0)
    expect(positions.map((p) => p.weight)).toEqual([null, null])
  })

  it('has a concentration of 1 / n for n equal positions, and of 1 for a single one', () => {
    const equal = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ instrument: { ...SHARE, id: `share-${i}` }, quantity: 3 }))
    expect(valuePortfolio(equal(8), 'USD', []).herfindahl).toBe(1 / 8)
    expect(valuePortfolio(equal(1), 'USD', []).herfindahl).toBe(1)
  })

  it('is worth 0 without positions', () => {
    expect(valuePortfolio([], 'USD', [])).toEqual({
      asOf: null,
      currency: 'USD',
      value: 0,
      herfindahl: null,
      positions: [],
      findings: [],
    })
  })

  it('has no value where an instrument has no price, and names it', () => {
    const { value, positions, findings } = valuePortfolio(
      [
        { instrument: SHARE, quantity: 1 },
        { instrument: instrument('bare', {}), quantity: 1 },
      ],
      'USD',
      [],
    )
    expect(value).toBeNull()
    expect(positions.map((p) => p.weight)).toEqual([null, null])
    expect(codes(findings)).toEqual(['PRICES_MISSING bare'])
  })

  it('has no value before the first price, and none where no instrument has any', () => {
    expect(codes(valuePortfolio([{ instrument: SHARE, quantity: 1 }], 'USD', [], '2023-12-31').findings)).toEqual([
      'PRICES_MISSING share',
    ])
    expect(valuePortfolio([{ instrument: instrument('bare', {}), quantity: 1 }], 'USD', [])).toMatchObject({
      asOf: null,
      value: null,
    })
  })

  it('has no value where no rate joins two currencies, or the rate has no price by then', () => {
    expect(codes(valuePortfolio([{ instrument: ABROAD, quantity: 1 }], 'EUR', [RATE]).findings)).toEqual([
      'RATE_MISSING abroad',
    ])
    const late = { ...RATE, series: { dates: ['2024-02-01'], prices: [0.7] } }
    expect(valuePortfolio([{ instrument: ABROAD, quantity: 1 }], 'USD', [late], '2024-01-03').value).toBeNull()
  })

  it('warns of a price that is more than a week older than the day', () => {
    expect(codes(valuePortfolio([{ instrument: SHARE, quantity: 1 }], 'USD', [], '2024-01-10').findings)).toEqual([])
    const { value, findings } = valuePortfolio([{ instrument: SHARE, quantity: 1 }], 'USD', [], '2024-01-11')
    expect([value, codes(findings)]).toEqual([11, ['PRICE_STALE share']])
  })
})

describe('conversion', () => {
  it('multiplies by a rate of the one currency in the other, and divides by it the other way round', () => {
    expect(rateAt(findConversion('AUD', 'USD', [RATE])!, '2024-01-03')).toBe(0.8)
    expect(rateAt(findConversion('USD', 'AUD', [RATE])!, '2024-01-03')).toBe(1.25)
    expect(rateAt(findConversion('USD', 'USD', [])!, '2024-01-03')).toBe(1)
    expect(findConversion('USD', 'EUR', [RATE])).toBeUndefined()
  })
})

describe('lastIndex', () => {
  it('finds the last date that is not after the day', () => {
    const series = { dates: ['2024-01-02', '2024-01-03', '2024-01-05'], prices: [1, 2, 3] }
    expect(
      ['2024-01-01', '2024-01-02', '2024-01-04', '2024-01-05', '2030-01-01'].map((day) => lastIndex(series, day)),
    ).toEqual([-1, 0, 1, 2, 2])
    expect(lastIndex({ dates: [], prices: [] }, '2024-01-01')).toBe(-1)
  })
})
