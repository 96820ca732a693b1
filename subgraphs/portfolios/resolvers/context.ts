// What the resolvers of portfolios share: their context, and a portfolio with all that its valuation needs.
import { QuesnayError } from '../../../schema/errors.ts'
import { assertIsoDate } from '../../../schema/terms/date.ts'
import type { SubgraphContext } from '../../shared/context.ts'
import type { PortfoliosLoaders } from '../loaders.ts'
import type { StressedInstrument } from '../rules/factor-stress.ts'
import { type PortfolioValue, valuePortfolio } from '../rules/valuation.ts'
import type { InstrumentRow, PortfolioRow } from '../store/rows.ts'
import type { PortfoliosStore } from '../store.ts'

export type Context = SubgraphContext<PortfoliosStore, PortfoliosLoaders>

/** @throws NOT_FOUND */
export async function requirePortfolio(context: Context, id: string, path: string): Promise<PortfolioRow> {
  const row = await context.loaders.portfolio.load(id)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no portfolio "${id}"`, { path, suggestion: 'list them with portfolios' })
}

/** @throws NOT_FOUND */
export async function requireInstrument(context: Context, id: string, path: string): Promise<InstrumentRow> {
  const row = await context.loaders.instrument.load(id)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no instrument "${id}"`, { path, suggestion: 'list them with instruments' })
}

const NO_PRICES = { dates: [], prices: [] }

async function priced(context: Context, row: InstrumentRow): Promise<StressedInstrument> {
  return { ...row, series: (await context.loaders.prices.load(row.id)) ?? NO_PRICES }
}

export interface HeldPosition {
  readonly instrument: StressedInstrument
  readonly quantity: number
}

export interface LoadedBook {
  readonly portfolioId: string
  readonly currency: string
  readonly held: readonly HeldPosition[]
  /** Exchange rates, where a position is in another currency; none otherwise. */
  readonly rates: readonly StressedInstrument[]
}

/** A portfolio with its instruments, prices and exchange rates. */
export async function loadBook(
  context: Context,
  portfolio: Pick<PortfolioRow, 'id' | 'currency'>,
): Promise<LoadedBook> {
  const positions = await context.loaders.positionsOf.load(portfolio.id)
  const held = await Promise.all(
    positions.map(async ({ instrumentId, quantity }) => ({
      instrument: await priced(context, await requireInstrument(context, instrumentId, 'positions')),
      quantity,
    })),
  )
  const foreign = held.some(({ instrument }) => instrument.currency !== portfolio.currency)
  const rates = foreign ? await Promise.all((await context.loaders.rates()).map((row) => priced(context, row))) : []
  return { portfolioId: portfolio.id, currency: portfolio.currency, held, rates }
}

/** @throws BAD_INPUT where asOf is no date */
export async function valueBook(
  context: Context,
  portfolio: Pick<PortfolioRow, 'id' | 'currency'>,
  asOf?: string | null,
): Promise<PortfolioValue> {
  if (asOf != null) assertIsoDate(asOf, 'asOf')
  const { held, currency, rates } = await loadBook(context, portfolio)
  return valuePortfolio(held, currency, rates, asOf)
}
