// Queries of instruments, prices, portfolios and runs of risk.
import type { DataSource } from 'typeorm'
import type { Sql, Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import type { PriceOrigin } from '../../schema/terms/portfolio.ts'
import { type PageOf, pageOf, rowsById, rowsOf } from '../shared/store.ts'
import type { PortfolioSpec } from './rules/check-portfolio.ts'
import type { InstrumentSpec, PriceColumn } from './rules/check-prices.ts'
import { InstrumentRow, PortfolioRow, PositionRow, RiskRunRow } from './store/rows.ts'

/** Prices of one instrument, dates rising. */
export interface StoredPrices {
  readonly instrumentId: string
  readonly dates: readonly string[]
  readonly prices: readonly number[]
  readonly origin: PriceOrigin
}

export interface PriceImport {
  readonly instruments: readonly InstrumentSpec[]
  readonly columns: readonly PriceColumn[]
  readonly origin: PriceOrigin
}

export class PortfoliosStore {
  readonly #store: Store
  readonly #source: DataSource

  constructor(store: Store, source: DataSource) {
    this.#store = store
    this.#source = source
  }

  static async open(store: Store): Promise<PortfoliosStore> {
    return new PortfoliosStore(store, await store.entities([InstrumentRow, PortfolioRow, PositionRow, RiskRunRow]))
  }

  /** In no particular order; those that the tenant does not have are left out, here and below. */
  instruments(tenant: string, ids: readonly string[]): Promise<InstrumentRow[]> {
    return rowsById(this.#source, InstrumentRow, tenant, ids)
  }

  instrumentPage(tenant: string, first: number, after?: string): Promise<PageOf<InstrumentRow>> {
    return pageOf(this.#source, InstrumentRow, tenant, first, after)
  }

  /** Every id that is taken. */
  async instrumentIds(tenant: string): Promise<string[]> {
    const rows = await this.#store.query<{ id: string }>('select id from portfolios.instrument where tenant = $1', [
      tenant,
    ])
    return rows.map(({ id }) => id)
  }

  /** Exchange rates, by id. */
  rates(tenant: string): Promise<InstrumentRow[]> {
    return rowsOf(this.#source, InstrumentRow)
      .where("r.tenant = :tenant and r.assetClass = 'CURRENCY'", { tenant })
      .orderBy('r.id')
      .getMany()
  }

  instrumentsOf(tenant: string, economyIds: readonly string[]): Promise<InstrumentRow[]> {
    return rowsOf(this.#source, InstrumentRow)
      .where('r.tenant = :tenant and r.economyId = any(:economyIds)', { tenant, economyIds })
      .orderBy('r.id')
      .getMany()
  }

  /** Portfolios that hold an instrument of each economy, by id. */
  async exposedTo(
    tenant: string,
    economyIds: readonly string[],
  ): Promise<{ economyId: string; portfolio: PortfolioRow }[]> {
    const links = await this.#store.query<{ economyId: string; portfolioId: string }>(
      `select distinct i.economy_id as "economyId", p.portfolio_id as "portfolioId"
       from portfolios.position p join portfolios.instrument i on i.tenant = p.tenant and i.id = p.instrument_id
       where p.tenant = $1 and i.economy_id = any($2) and p.quantity <> 0 order by 2`,
      [tenant, economyIds],
    )
    const rows = new Map(
      (
        await this.portfolios(
          tenant,
          links.map((l) => l.portfolioId),
        )
      ).map((row) => [row.id, row]),
    )
    return links.map(({ economyId, portfolioId }) => ({ economyId, portfolio: rows.get(portfolioId)! }))
  }

  portfolios(tenant: string, ids: readonly string[]): Promise<PortfolioRow[]> {
    return rowsById(this.#source, PortfolioRow, tenant, ids)
  }

  portfolioPage(tenant: string, first: number, after?: string): Promise<PageOf<PortfolioRow>> {
    return pageOf(this.#source, PortfolioRow, tenant, first, after)
  }

  /** In the order they were given. */
  positionsOf(tenant: string, portfolioIds: readonly string[]): Promise<PositionRow[]> {
    return rowsOf(this.#source, PositionRow)
      .where('r.tenant = :tenant and r.portfolioId = any(:portfolioIds)', { tenant, portfolioIds })
      .orderBy('r.ordinal')
      .getMany()
  }

  /** An instrument without prices is left out. */
  prices(tenant: string, instrumentIds: readonly string[]): Promise<StoredPrices[]> {
    return this.#store.query<StoredPrices>(
      `select instrument_id as "instrumentId", array_agg(day::text order by day) as dates, array_agg(price order by day) as prices,
         min(origin) as origin
       from portfolios.price where tenant = $1 and instrument_id = any($2) group by instrument_id`,
      [tenant, instrumentIds],
    )
  }

  /**
   * Makes instruments and stores prices in one transaction; a price of a day that stands is replaced.
   * Imported prices drive out all generated ones of their instrument, and never the other way: the two are not mixed.
   * Returns how many prices were replaced. An instrument that stands is left as it is.
   */
  async importPrices(tenant: string, { instruments, columns, origin }: PriceImport): Promise<number> {
    return this.#store.transaction(async (sql) => {
      await insertInstruments(sql, tenant, instruments)
      const ids = columns.map(({ instrumentId }) => instrumentId)
      if (origin === 'IMPORTED')
        await sql.query(
          `delete from portfolios.price where tenant = $1 and instrument_id = any($2) and origin = 'GENERATED'`,
          [tenant, ids],
        )
      const keys = columns.flatMap(({ instrumentId, dates }) => dates.map(() => instrumentId))
      const values = [tenant, keys, columns.flatMap(({ dates }) => dates), columns.flatMap(({ prices }) => prices)]
      const [before] = await sql.query<{ n: number }>(
        `select count(*)::int as n from portfolios.price p
         join unnest($2::text[], $3::date[]) as r(id, day) on p.instrument_id = r.id and p.day = r.day where p.tenant = $1`,
        values.slice(0, 3),
      )
      await sql.query(
        `insert into portfolios.price (tenant, instrument_id, day, price, origin)
         select $1, r.id, r.day, r.price, $5 from unnest($2::text[], $3::date[], $4::float8[]) as r(id, day, price)
         where $5 = 'IMPORTED' or not exists (
           select from portfolios.price p where p.tenant = $1 and p.instrument_id = r.id and p.origin = 'IMPORTED')
         on conflict (tenant, instrument_id, day) do update set price = excluded.price, origin = excluded.origin`,
        [...values, origin],
      )
      return before?.n ?? 0
    })
  }

  /**
   * Stores a portfolio with its positions; the same content under the same id is the one that stands already.
   * @throws ALREADY_EXISTS where the id is taken by other content
   */
  async insertPortfolio(tenant: string, spec: PortfolioSpec, createdAt: Date): Promise<{ existed: boolean }> {
    const inserted = await this.#store.transaction(async (sql) => {
      const rows = await sql.query(
        `insert into portfolios.portfolio (tenant, id, title, description, currency, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
        [tenant, spec.id, spec.title, spec.description, spec.currency, createdAt],
      )
      if (rows.length > 0)
        await sql.query(
          `insert into portfolios.position (tenant, portfolio_id, instrument_id, quantity, ordinal)
           select $1, $2, r.id, r.quantity, r.ordinal
           from unnest($3::text[], $4::float8[]) with ordinality as r(id, quantity, ordinal)`,
          [tenant, spec.id, spec.positions.map((p) => p.instrumentId), spec.positions.map((p) => p.quantity)],
        )
      return rows.length > 0
    })
    if (!inserted) await this.#assertSame(tenant, spec)
    return { existed: !inserted }
  }

  /** Latest run that was asked this question. */
  async runOf(tenant: string, questionHash: string): Promise<string | undefined> {
    const row = await rowsOf(this.#source, RiskRunRow)
      .where('r.tenant = :tenant and r.questionHash = :questionHash', { tenant, questionHash })
      .orderBy('r.createdAt', 'DESC')
      .addOrderBy('r.runId', 'DESC')
      .limit(1)
      .getOne()
    return row?.runId
  }

  async rememberRun(row: RiskRunRow): Promise<void> {
    await this.#source.getRepository(RiskRunRow).insert(row as never)
  }

  riskRuns(tenant: string, runIds: readonly string[]): Promise<RiskRunRow[]> {
    return rowsOf(this.#source, RiskRunRow)
      .where('r.tenant = :tenant and r.runId = any(:runIds)', { tenant, runIds })
      .getMany()
  }

  async #assertSame(tenant: string, spec: PortfolioSpec): Promise<void> {
    const [[row], positions] = await Promise.all([
      this.portfolios(tenant, [spec.id]),
      this.positionsOf(tenant, [spec.id]),
    ])
    const { title, description, currency } = row!
    const held = positions.map(({ instrumentId, quantity }) => ({ instrumentId, quantity }))
    if (hashOf({ id: spec.id, title, description, currency, positions: held }) === hashOf(spec)) return
    throw new QuesnayError('ALREADY_EXISTS', `a portfolio "${spec.id}" with other content exists`, {
      path: 'input.id',
      suggestion: 'choose another id, or leave it out to have one made',
    })
  }
}

async function insertInstruments(sql: Sql, tenant: string, instruments: readonly InstrumentSpec[]): Promise<void> {
  await sql.query(
    `insert into portfolios.instrument
       (tenant, id, name, asset_class, currency, base_currency, economy_id, duration, convexity, factors)
     select $1, r.id, r.name, r."assetClass", r.currency, r."baseCurrency", r."economyId", r.duration, r.convexity, r.factors
     from jsonb_to_recordset($2::jsonb) as r(id text, name text, "assetClass" text, currency text, "baseCurrency" text,
       "economyId" text, duration float8, convexity float8, factors jsonb)
     on conflict do nothing`,
    [tenant, JSON.stringify(instruments)],
  )
}
