// The DataLoaders of one request: however many economies are asked for, each kind of row costs one query.
import DataLoader from 'dataloader'
import type { Dispatch } from '../../compute/dispatch/port.ts'
import type { ReadVersions } from '../shared/read-versions.ts'
import type { FlowFrame, RoleSeries } from './rules/frame.ts'
import type { DatasetRow, EconomyRow, SeriesRow } from './store/rows.ts'
import type { EconomiesStore, SeriesObservations } from './store.ts'

export interface EconomiesLoaders {
  readonly economy: DataLoader<string, EconomyRow | undefined>
  readonly dataset: DataLoader<string, DatasetRow | undefined>
  readonly datasetsOf: DataLoader<string, DatasetRow[]>
  readonly series: DataLoader<string, SeriesRow | undefined>
  readonly seriesOf: DataLoader<string, SeriesRow[]>
  readonly observations: DataLoader<string, SeriesObservations>
  /** The circular flow's figures of a dataset, by its id. */
  readonly frame: DataLoader<string, FlowFrame | undefined>
}

export function economiesLoaders(
  store: EconomiesStore,
  tenant: string,
  _dispatch: Dispatch,
  versions: ReadVersions,
): EconomiesLoaders {
  const byId = <Row extends { id: string }>(read: (tenant: string, ids: readonly string[]) => Promise<Row[]>) =>
    new DataLoader<string, Row | undefined>(async (ids) => {
      const rows = new Map((await read.call(store, tenant, ids)).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id))
    })
  const economy = byId(store.economies)
  const noted = (rows: DatasetRow[]) => {
    for (const { id } of rows) versions.noteId('dataset', id)
    return rows
  }
  const dataset = byId(async (_, ids) => noted(await store.datasets(tenant, ids)))
  const seriesOf = new DataLoader<string, SeriesRow[]>(async (ids) => {
    const rows = await store.seriesOf(tenant, ids)
    return ids.map((id) => rows.filter((row) => row.datasetId === id))
  })
  const observations = new DataLoader<string, SeriesObservations>(async (ids) => {
    const rows = new Map((await store.observations(tenant, ids)).map((row) => [row.seriesId, row]))
    return ids.map((seriesId) => rows.get(seriesId) ?? { seriesId, periods: [], values: [] })
  })
  const loadFrame = async (id: string): Promise<FlowFrame | undefined> => {
    const row = await dataset.load(id)
    if (!row) return undefined
    const [owner, all] = await Promise.all([economy.load(row.economyId), seriesOf.load(id)])
    const series = all.filter(({ role }) => role !== null)
    const values = await Promise.all(series.map((one) => observations.load(one.id)))
    return assembleFrame(row, owner?.currency ?? '', series, values)
  }
  return {
    economy,
    dataset,
    datasetsOf: new DataLoader(async (ids) => {
      const rows = noted(await store.datasetsOf(tenant, ids))
      return ids.map((id) => rows.filter((row) => row.economyId === id))
    }),
    series: byId(store.series),
    seriesOf,
    observations,
    frame: new DataLoader((ids) => Promise.all(ids.map(loadFrame))),
  }
}

/** `series` are those with a role; `values` stand in the same order. */
export function assembleFrame(
  dataset: DatasetRow,
  currency: string,
  series: readonly SeriesRow[],
  values: readonly SeriesObservations[],
): FlowFrame {
  const roleSeries = series.map(({ kind, precision }, i): RoleSeries => {
    const { periods, values: numbers } = values[i]!
    return {
      kind,
      roundingError: (precision ?? 0) / 2,
      values: new Map(periods.map((period, j) => [period, numbers[j]!])),
    }
  })
  return {
    currency,
    unit: series[0]?.unit ?? currency,
    frequency: dataset.frequency,
    conventions: {
      incomeMeasure: dataset.incomeMeasure,
      governmentScope: dataset.governmentScope,
      discrepancy: dataset.discrepancy,
    },
    series: new Map(series.map(({ role }, i) => [role!, roleSeries[i]!])),
  }
}
