// Prices of instruments, and what they are in another currency.
import type { AssetClass } from '../../../schema/terms/portfolio.ts'

export interface PriceSeries {
  /** ISO dates, rising. */
  readonly dates: readonly string[]
  readonly prices: readonly number[]
}

/** What valuation needs to know of an instrument. */
export interface PricedInstrument {
  readonly id: string
  readonly assetClass: AssetClass
  /** ISO 4217 code that it is priced in. */
  readonly currency: string
  /** Of an instrument of class CURRENCY: the currency that the price is of one unit of. */
  readonly baseCurrency: string | null
  readonly series: PriceSeries
}

/** Position of the last date that is not after the one given; -1 where there is none. */
export function lastIndex({ dates }: PriceSeries, asOf: string): number {
  let low = 0
  let high = dates.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (dates[middle]! <= asOf) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** How an amount of one currency becomes one of another. */
export interface Conversion {
  /** null: they are the same. */
  readonly rate: PricedInstrument | null
  /** Whether the amount is divided by the rate instead of multiplied: the rate's direction is stored with it. */
  readonly inverted: boolean
}

/** The conversion by one rate, in either direction; undefined where no rate joins the two. */
export function findConversion(from: string, to: string, rates: readonly PricedInstrument[]): Conversion | undefined {
  if (from === to) return { rate: null, inverted: false }
  const direct = rates.find(({ baseCurrency, currency }) => baseCurrency === from && currency === to)
  if (direct) return { rate: direct, inverted: false }
  const inverse = rates.find(({ baseCurrency, currency }) => baseCurrency === to && currency === from)
  return inverse && { rate: inverse, inverted: true }
}

/** Units of the target currency for one unit, on or before a date; undefined where the rate has no price by then. */
export function rateAt({ rate, inverted }: Conversion, asOf: string): number | undefined {
  if (!rate) return 1
  const index = lastIndex(rate.series, asOf)
  if (index < 0) return undefined
  const price = rate.series.prices[index]!
  return inverted ? 1 / price : price
}
