// An instrument with prices for tests of portfolios.
import type { PricedInstrument } from '../../subgraphs/portfolios/rules/market.ts'

/** A share priced in USD by { date: price }; more members replace those. */
export function pricedInstrument(
  id: string,
  prices: Record<string, number>,
  more: Partial<PricedInstrument> = {},
): PricedInstrument {
  return {
    id,
    assetClass: 'EQUITY',
    currency: 'USD',
    baseCurrency: null,
    series: { dates: Object.keys(prices), prices: Object.values(prices) },
    ...more,
  }
}
