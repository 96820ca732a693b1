// Queries of economies, datasets, series and their values.
import type { DataSource } from 'typeorm'
import type { Sql, Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import { type PageOf, pageOf, rowsById, rowsOf } from '../shared/store.ts'
import type { DatasetSpec, SeriesColumn } from './rules/check-dataset.ts'
import { DatasetRow, EconomyRow, SeriesRow } from './store/rows.ts'

export interface SeriesObservations {
  readonly seriesId: string
  readonly periods: readonly string[]
  readonly values: readonly number[]
}

/** An economy as an import names it. */
export interface EconomySpec {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly unemploymentRatePct?: number | null
}

export interface DatasetImport {
  readonly economy: EconomySpec
  readonly spec: DatasetSpec
  readonly columns: readonly SeriesColumn[]
  /** Also where the economy has another one; a new economy takes its first dataset anyhow. */
  readonly makeDefault: boolean
  readonly createdAt: Date
}

export class EconomiesStore {
  readonly #store: Store
  readonly #source: DataSource

  constructor(store: Store, source: DataSource) {
    this.#store = store
    this.#source = source
  }

  static async open(store: Store): Promise<EconomiesStore> {
    return new EconomiesStore(store, await store.entities([EconomyRow, DatasetRow, SeriesRow]))
  }

  /** In no particular order; those that the tenant does not have are left out, here and below. */
  economies(tenant: string, ids: readonly string[]): Promise<EconomyRow[]> {
    return rowsById(this.#source, EconomyRow, tenant, ids)
  }

  economyPage(tenant: string, first: number, after?: string): Promise<PageOf<EconomyRow>> {
    return pageOf(this.#source, EconomyRow, tenant, first, after)
  }

  datasets(tenant: string, ids: readonly string[]): Promise<DatasetRow[]> {
    return rowsById(this.#source, DatasetRow, tenant, ids)
  }

  datasetPage(tenant: string, first: number, after?: string): Promise<PageOf<DatasetRow>> {
    return pageOf(this.#source, DatasetRow, tenant, first, after)
  }

  /** Of all the economies named, by id. */
  datasetsOf(tenant: string, economyIds: readonly string[]): Promise<DatasetRow[]> {
    return rowsOf(this.#source, DatasetRow)
      .where('r.tenant = :tenant and r.economyId = any(:economyIds)', { tenant, economyIds })
      .orderBy('r.id')
      .getMany()
  }

  series(tenant: string, ids: readonly string[]): Promise<SeriesRow[]> {
    return rowsById(this.#source, SeriesRow, tenant, ids)
  }

  /** Of all the datasets named, in the order of their columns. */
  seriesOf(tenant: string, datasetIds: readonly string[]): Promise<SeriesRow[]> {
    return rowsOf(this.#source, SeriesRow)
      .where('r.tenant = :tenant and r.datasetId = any(:datasetIds)', { tenant, datasetIds })
      .orderBy('r.position')
      .getMany()
  }

  /** Values of series, periods rising; a series without values is left out. */
  observations(tenant: string, seriesIds: readonly string[]): Promise<SeriesObservations[]> {
    return this.#store.query<SeriesObservations>(
      `select series_id as "seriesId", array_agg(period order by period) as periods, array_agg(value order by period) as values
       from economies.observation where tenant = $1 and series_id = any($2) group by series_id`,
      [tenant, seriesIds],
    )
  }

  /**
   * Stores a dataset with all its values in one transaction, and its economy where that is new.
   * The same content under the same id is no error: then nothing is stored.
   * @throws ALREADY_EXISTS where the id stands with other content
   */
  async importDataset(
    tenant: string,
    { economy, spec, columns, makeDefault, createdAt }: DatasetImport,
  ): Promise<void> {
    const dataVersion = hashOf({ spec, columns })
    await this.#store.transaction(async (sql) => {
      await sql.query(
        `insert into economies.economy (tenant, id, name, currency, unemployment_rate_pct) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [tenant, economy.id, economy.name, economy.currency, economy.unemploymentRatePct ?? null],
      )
      const inserted = await sql.query(
        `insert into economies.dataset
           (tenant, id, economy_id, title, frequency, income_measure, government_scope, discrepancy, data_version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id`,
        [
          tenant,
          spec.id,
          economy.id,
          spec.title,
          spec.frequency,
          spec.incomeMeasure,
          spec.governmentScope,
          spec.discrepancy,
          dataVersion,
          createdAt,
        ],
      )
      if (inserted.length === 0) return assertSame(sql, tenant, spec.id, dataVersion)
      await insertSeries(sql, tenant, spec)
      await insertObservations(sql, tenant, spec.id, columns)
      await sql.query(
        `update economies.economy set default_dataset_id = $3
         where tenant = $1 and id = $2 and ($4 or default_dataset_id is null)`,
        [tenant, economy.id, spec.id, makeDefault],
      )
    })
  }
}

async function assertSame(sql: Sql, tenant: string, id: string, dataVersion: string): Promise<void> {
  const [standing] = await sql.query<{ data_version: string }>(
    'select data_version from economies.dataset where tenant = $1 and id = $2',
    [tenant, id],
  )
  if (standing?.data_version === dataVersion) return
  throw new QuesnayError(
    'ALREADY_EXISTS',
    `the dataset "${id}" stands with other content, and a version never changes`,
    {
      path: 'input.datasetId',
      suggestion: 'give it a new version: name@version',
    },
  )
}

async function insertSeries(sql: Sql, tenant: string, spec: DatasetSpec): Promise<void> {
  const rows = spec.series.map((series, position) => ({ ...series, id: `${spec.id}/${series.name}`, position }))
  await sql.query(
    `insert into economies.series
       (tenant, dataset_id, id, position, name, label, role, unit, kind, price_basis, precision_step, origin, licence, retrieved)
     select $1, $2, r.id, r.position, r.name, r.label, r.role, r.unit, r.kind, r."priceBasis", r.precision, r.origin, r.licence, r.retrieved
     from jsonb_to_recordset($3::jsonb) as r(id text, position int, name text, label text, role text, unit text, kind text,
       "priceBasis" text, precision float8, origin text, licence text, retrieved date)`,
    [tenant, spec.id, JSON.stringify(rows)],
  )
}

async function insertObservations(sql: Sql, tenant: string, datasetId: string, columns: readonly SeriesColumn[]) {
  const ids = columns.flatMap(({ name, periods }) => periods.map(() => `${datasetId}/${name}`))
  await sql.query(
    `insert into economies.observation (tenant, series_id, period, value)
     select $1, * from unnest($2::text[], $3::text[], $4::float8[])`,
    [tenant, ids, columns.flatMap(({ periods }) => periods), columns.flatMap(({ values }) => values)],
  )
}
