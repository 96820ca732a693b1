// The example that Quesnay ships: instruments whose prices a seeded rule makes, and a portfolio of them.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Clock } from '../../infra/clock.ts'
import { packageFile } from '../../infra/paths.ts'
import type { PortfolioSpec } from './rules/check-portfolio.ts'
import type { InstrumentSpec, PriceColumn } from './rules/check-prices.ts'
import type { MacroFactor } from './rules/factor-stress.ts'
import { type GeneratedInstrument, generatePrices, type MarketSpec } from './rules/price-generator.ts'
import type { PortfoliosStore } from './store.ts'

interface InstrumentFile {
  readonly id: string
  readonly name: string
  readonly assetClass: InstrumentSpec['assetClass']
  readonly currency: string
  readonly baseCurrency?: string
  readonly economy?: string
  readonly duration?: number
  readonly convexity?: number
  readonly factors: readonly (Pick<MacroFactor, 'variable' | 'target' | 'beta' | 'standardError'> & {
    readonly gamma?: number
  })[]
  readonly generator: Omit<GeneratedInstrument, 'id'>
}

interface MarketFile {
  readonly market: Omit<MarketSpec, 'instruments'>
  readonly instruments: readonly InstrumentFile[]
  readonly portfolio: PortfolioSpec
}

export interface ExampleMarket {
  readonly market: MarketSpec
  readonly instruments: readonly InstrumentSpec[]
  readonly portfolio: PortfolioSpec
}

const PROVENANCE = 'Assumed: a round figure of the usual size and sign, estimated from nothing.'

/** Reads data/example-market.yaml. */
export async function readExample(): Promise<ExampleMarket> {
  const text = await readFile(packageFile('subgraphs', 'portfolios', 'data', 'example-market.yaml'), 'utf8')
  const { market, instruments, portfolio } = parse(text) as MarketFile
  return {
    market: { ...market, instruments: instruments.map(({ id, generator }) => ({ id, ...generator })) },
    instruments: instruments.map(specOf),
    portfolio,
  }
}

function specOf(file: InstrumentFile): InstrumentSpec {
  const { id, name, assetClass, currency, baseCurrency, economy, duration, convexity, factors } = file
  return {
    id,
    name,
    assetClass,
    currency,
    baseCurrency: baseCurrency ?? null,
    economyId: economy ?? null,
    duration: duration ?? null,
    convexity: convexity ?? null,
    factors: factors.map((factor) => ({ gamma: 0, ...factor, assumed: true, provenance: PROVENANCE })),
  }
}

/** Makes and stores the example where the tenant does not have it; safe at every start and for several processes at once. */
export async function seedPortfolios(store: PortfoliosStore, clock: Clock, tenant: string): Promise<void> {
  const { market, instruments, portfolio } = await readExample()
  if ((await store.portfolios(tenant, [portfolio.id])).length > 0) return
  const { dates, prices } = generatePrices(market)
  const columns = instruments.map(({ id }): PriceColumn => ({ instrumentId: id, dates, prices: [...prices[id]!] }))
  await store.importPrices(tenant, { instruments, columns, origin: 'GENERATED' })
  await store.insertPortfolio(tenant, portfolio, new Date(clock.now()))
}
