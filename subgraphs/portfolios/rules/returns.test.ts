// Histories of returns on common days, in one currency.
import { describe, expect, it } from 'vitest'
import { pricedInstrument as instrument } from '../../../test/support/priced-instrument.ts'
import { returnHistory } from './returns.ts'

const A = instrument('a', { '2024-01-01': 100, '2024-01-02': 110, '2024-01-03': 99, '2024-01-04': 198 })
const ALL = { horizonDays: 1, window: 100, asOf: '2030-01-01' }
const rounded = (values: Float64Array | undefined) => Array.from(values ?? [], (value) => Math.round(value * 1e9) / 1e9)

describe('returnHistory', () => {
  it('gives simple returns dated by the day they end on', () => {
    const { dates, returns, droppedDays } = returnHistory([A], 'USD', [], ALL)
    expect(dates).toEqual(['2024-01-02', '2024-01-03', '2024-01-04'])
    expect(rounded(returns.get('a'))).toEqual([0.1, -0.1, 1])
    expect(droppedDays).toBe(0)
  })

  it('gives returns over several days from windows that overlap', () => {
    expect(rounded(returnHistory([A], 'USD', [], { ...ALL, horizonDays: 2 }).returns.get('a'))).toEqual([-0.01, 0.8])
  })

  it('keeps the latest of a window, and none after the day asked for', () => {
    expect(returnHistory([A], 'USD', [], { ...ALL, window: 1 }).dates).toEqual(['2024-01-04'])
    expect(returnHistory([A], 'USD', [], { ...ALL, asOf: '2024-01-02' }).dates).toEqual(['2024-01-02'])
  })

  it('leaves out the days on which one instrument has no price, and counts them', () => {
    const b = instrument('b', { '2024-01-01': 1, '2024-01-03': 2 })
    const { dates, returns, droppedDays } = returnHistory([A, b], 'USD', [], ALL)
    expect([dates, droppedDays]).toEqual([['2024-01-03'], 2])
    expect(rounded(returns.get('a'))).toEqual([-0.01])
  })

  it('joins the return of the exchange rate to that of what is held abroad, in either direction', () => {
    const abroad = instrument('abroad', { '2024-01-01': 10, '2024-01-02': 11 }, { currency: 'AUD' })
    const rate = instrument(
      'aud-usd',
      { '2024-01-01': 0.5, '2024-01-02': 0.6 },
      { assetClass: 'CURRENCY', baseCurrency: 'AUD' },
    )
    expect(rounded(returnHistory([abroad], 'USD', [rate], ALL).returns.get('abroad'))).toEqual([0.32])
    const home = instrument('home', { '2024-01-01': 10, '2024-01-02': 12 })
    expect(rounded(returnHistory([home], 'AUD', [rate], ALL).returns.get('home'))).toEqual([0])
  })

  it('is empty where there are not enough common days, and without instruments', () => {
    expect(returnHistory([instrument('one', { '2024-01-01': 1 })], 'USD', [], ALL).dates).toEqual([])
    expect(returnHistory([A, instrument('none', {})], 'USD', [], ALL).dates).toEqual([])
    expect(returnHistory([], 'USD', [], ALL).dates).toEqual([])
  })
})
