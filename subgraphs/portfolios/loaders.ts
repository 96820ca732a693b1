// The DataLoaders of one request: however many portfolios are asked for, each kind of row costs one query.
import DataLoader from 'dataloader'
import type { Dispatch, RunRecord } from '../../compute/dispatch/port.ts'
import type { InstrumentRow, PortfolioRow, PositionRow, RiskRunRow } from './store/rows.ts'
import type { PortfoliosStore, StoredPrices } from './store.ts'

export interface PortfoliosLoaders {
  readonly instrument: DataLoader<string, InstrumentRow | undefined>
  readonly prices: DataLoader<string, StoredPrices | undefined>
  readonly portfolio: DataLoader<string, PortfolioRow | undefined>
  readonly positionsOf: DataLoader<string, PositionRow[]>
  readonly instrumentsOf: DataLoader<string, InstrumentRow[]>
  readonly exposedTo: DataLoader<string, PortfolioRow[]>
  readonly riskRun: DataLoader<string, RiskRunRow | undefined>
  readonly run: DataLoader<string, RunRecord | undefined>
  /** Every exchange rate of the tenant, read at most once. */
  rates(): Promise<InstrumentRow[]>
  forgetRates(): void
}

export function portfoliosLoaders(store: PortfoliosStore, tenant: string, dispatch: Dispatch): PortfoliosLoaders {
  const one = <Row>(read: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string) =>
    new DataLoader<string, Row | undefined>(async (ids) => {
      const rows = new Map((await read(ids)).map((row) => [keyOf(row), row]))
      return ids.map((id) => rows.get(id))
    })
  const many = <Row>(read: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string | null) =>
    new DataLoader<string, Row[]>(async (ids) => {
      const rows = await read(ids)
      return ids.map((id) => rows.filter((row) => keyOf(row) === id))
    })
  let rates: Promise<InstrumentRow[]> | undefined
  return {
    instrument: one(
      (ids) => store.instruments(tenant, ids),
      (row) => row.id,
    ),
    prices: one(
      (ids) => store.prices(tenant, ids),
      (row) => row.instrumentId,
    ),
    portfolio: one(
      (ids) => store.portfolios(tenant, ids),
      (row) => row.id,
    ),
    positionsOf: many(
      (ids) => store.positionsOf(tenant, ids),
      (row) => row.portfolioId,
    ),
    instrumentsOf: many(
      (ids) => store.instrumentsOf(tenant, ids),
      (row) => row.economyId,
    ),
    exposedTo: new DataLoader(async (ids) => {
      const rows = await store.exposedTo(tenant, ids)
      return ids.map((id) => rows.flatMap(({ economyId, portfolio }) => (economyId === id ? [portfolio] : [])))
    }),
    riskRun: one(
      (ids) => store.riskRuns(tenant, ids),
      (row) => row.runId,
    ),
    run: new DataLoader((ids) => dispatch.load(tenant, ids)),
    rates: () => (rates ??= store.rates(tenant)),
    forgetRates: () => {
      rates = undefined
    },
  }
}
