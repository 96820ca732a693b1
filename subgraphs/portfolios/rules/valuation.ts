// What a portfolio is worth on a day: position by position, in its own currency.
import type { Finding } from '../../shared/types.ts'
import { findConversion, lastIndex, type PricedInstrument, rateAt } from './market.ts'

export interface HeldInstrument {
  readonly instrument: PricedInstrument
  /** Negative for a short position. */
  readonly quantity: number
}

export interface PositionValue {
  readonly instrumentId: string
  readonly quantity: number
  /** In the instrument's currency; null where there is none by then. */
  readonly price: number | null
  readonly priceDate: string | null
  /** In the portfolio's currency; null where price or rate is missing. */
  readonly value: number | null
  /** Share of the portfolio's value; null where that is not known or 0. */
  readonly weight: number | null
}

export interface PortfolioValue {
  /** The day valued; null where no instrument has any price. */
  readonly asOf: string | null
  readonly currency: string
  /** null where one position has no value: a part is never taken for the whole. */
  readonly value: number | null
  /** Herfindahl-Hirschman index: sum of squared weights, 1 / n for n equal ones; null where there are no weights. */
  readonly herfindahl: number | null
  readonly positions: readonly PositionValue[]
  readonly findings: readonly Finding[]
}

/** A price this many days older than the day valued is worth a warning. */
const STALE_AFTER_DAYS = 7
const MS_PER_DAY = 86_400_000

/**
 * Values positions by the last prices on or before a day, the latest of any price where none is given.
 * A portfolio without positions is worth 0.
 * Findings: PRICES_MISSING, RATE_MISSING (naming the instrument; the value is then null), PRICE_STALE.
 */
export function valuePortfolio(
  held: readonly HeldInstrument[],
  currency: string,
  rates: readonly PricedInstrument[],
  asOf?: string | null,
): PortfolioValue {
  const day = asOf ?? latestDate(held)
  const findings: Finding[] = []
  const positions = held.map((one) => valuePosition(one, currency, rates, day, findings))
  const known = positions.every(({ value }) => value !== null)
  const value = known ? positions.reduce((sum, position) => sum + position.value!, 0) : null
  const weigh = (part: number | null) => (value === null || value === 0 ? null : part! / value)
  const weighted = positions.map((position) => ({ ...position, weight: weigh(position.value) }))
  const squares = weighted.reduce((sum, { weight }) => sum + (weight ?? 0) * (weight ?? 0), 0)
  const herfindahl = value === null || value === 0 ? null : squares
  return { asOf: day, currency, value, herfindahl, positions: weighted, findings }
}

function latestDate(held: readonly HeldInstrument[]): string | null {
  return held.reduce<string | null>((latest, { instrument }) => {
    const last = instrument.series.dates.at(-1)
    return last !== undefined && (latest === null || last > latest) ? last : latest
  }, null)
}

function valuePosition(
  { instrument, quantity }: HeldInstrument,
  currency: string,
  rates: readonly PricedInstrument[],
  day: string | null,
  findings: Finding[],
): PositionValue {
  const nothing = { instrumentId: instrument.id, quantity, price: null, priceDate: null, value: null, weight: null }
  const index = day === null ? -1 : lastIndex(instrument.series, day)
  if (day === null || index < 0) {
    findings.push(missingPrices(instrument.id, day))
    return nothing
  }
  const price = instrument.series.prices[index]!
  const priceDate = instrument.series.dates[index]!
  if (Date.parse(day) - Date.parse(priceDate) > STALE_AFTER_DAYS * MS_PER_DAY)
    findings.push(stalePrice(instrument.id, priceDate, day))
  const conversion = findConversion(instrument.currency, currency, rates)
  const rate = conversion && rateAt(conversion, day)
  if (rate === undefined) findings.push(missingRate(instrument, currency))
  return { ...nothing, price, priceDate, value: rate === undefined ? null : quantity * price * rate }
}

export function missingPrices(instrumentId: string, day: string | null): Finding {
  return {
    severity: 'ERROR',
    code: 'PRICES_MISSING',
    path: instrumentId,
    message: `${instrumentId} has no price${day === null ? '' : ` on or before ${day}`}`,
    suggestion: 'import its prices with importPrices',
  }
}

export function missingRate({ id, currency: from }: PricedInstrument, to: string): Finding {
  return {
    severity: 'ERROR',
    code: 'RATE_MISSING',
    path: id,
    message: `${id} is priced in ${from}, and no instrument of class CURRENCY joins ${from} and ${to}`,
    suggestion: `import prices of one with baseCurrency ${from} and currency ${to}`,
  }
}

function stalePrice(instrumentId: string, priceDate: string, day: string): Finding {
  return {
    severity: 'WARNING',
    code: 'PRICE_STALE',
    path: instrumentId,
    message: `the last price of ${instrumentId} is of ${priceDate}, well before ${day}`,
    suggestion: 'import newer prices, or value an earlier day',
  }
}
