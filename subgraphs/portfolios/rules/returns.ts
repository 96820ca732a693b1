// Returns of instruments in one currency on the days they all have a price: what the history of a portfolio is made of.
import { findConversion, type PricedInstrument, type PriceSeries } from './market.ts'

export interface ReturnHistory {
  /** Day on which each return ends, rising. */
  readonly dates: readonly string[]
  /** Simple returns by instrument id, parallel to the dates. */
  readonly returns: ReadonlyMap<string, Float64Array>
  /** Days that some instrument has and another has not: left out. */
  readonly droppedDays: number
}

/**
 * Simple returns P(t) / P(t - h) - 1 in one currency, of windows of h days that overlap; days up to `asOf`, at most `window` returns.
 * Only days on which every instrument, and every rate it is converted by, has a price. Empty where there are no h + 1 such days.
 * @param instruments each with a conversion to the currency: see findConversion
 */
export function returnHistory(
  instruments: readonly PricedInstrument[],
  currency: string,
  rates: readonly PricedInstrument[],
  { horizonDays, window, asOf }: { horizonDays: number; window: number; asOf: string },
): ReturnHistory {
  const legs = instruments.map((instrument) => {
    const { rate, inverted } = findConversion(instrument.currency, currency, rates)!
    return { id: instrument.id, price: priceMap(instrument.series), rate: rate && priceMap(rate.series), inverted }
  })
  const all = new Set(legs.flatMap(({ price }) => [...price.keys()].filter((date) => date <= asOf)))
  const common = [...all]
    .filter((date) => legs.every(({ price, rate }) => price.has(date) && (!rate || rate.has(date))))
    .sort()
  const days = common.slice(Math.max(0, common.length - window - horizonDays))
  const count = Math.max(0, days.length - horizonDays)
  const returns = legs.map(({ id, price, rate, inverted }) => {
    const levels = days.map((date) => {
      const local = price.get(date)!
      if (!rate) return local
      return inverted ? local / rate.get(date)! : local * rate.get(date)!
    })
    return [id, Float64Array.from({ length: count }, (_, i) => levels[i + horizonDays]! / levels[i]! - 1)] as const
  })
  return { dates: days.slice(horizonDays), returns: new Map(returns), droppedDays: all.size - common.length }
}

function priceMap({ dates, prices }: PriceSeries): Map<string, number> {
  return new Map(dates.map((date, i) => [date, prices[i]!]))
}
