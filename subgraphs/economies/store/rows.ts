// The rows of the economies' tables.
import { Column, Entity } from 'typeorm'
import type {
  DiscrepancyRule,
  Frequency,
  GovernmentScope,
  IncomeMeasure,
  PriceBasis,
  SeriesKind,
  SeriesRole,
} from '../../../schema/terms/economy.ts'
import { ObjectRow } from '../../shared/store.ts'

@Entity({ schema: 'economies', name: 'economy' })
export class EconomyRow extends ObjectRow {
  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  currency: string

  @Column({ type: 'text', name: 'default_dataset_id', nullable: true })
  defaultDatasetId: string | null

  @Column({ type: 'float8', name: 'unemployment_rate_pct', nullable: true })
  unemploymentRatePct: number | null
}

@Entity({ schema: 'economies', name: 'dataset' })
export class DatasetRow extends ObjectRow {
  @Column({ type: 'text', name: 'economy_id' })
  economyId: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text' })
  frequency: Frequency

  @Column({ type: 'text', name: 'income_measure' })
  incomeMeasure: IncomeMeasure

  @Column({ type: 'text', name: 'government_scope' })
  governmentScope: GovernmentScope

  @Column({ type: 'text', nullable: true })
  discrepancy: DiscrepancyRule | null

  @Column({ type: 'text', name: 'data_version' })
  dataVersion: string

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}

@Entity({ schema: 'economies', name: 'series' })
export class SeriesRow extends ObjectRow {
  @Column({ type: 'text', name: 'dataset_id' })
  datasetId: string

  @Column({ type: 'int' })
  position: number

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  label: string

  @Column({ type: 'text', nullable: true })
  role: SeriesRole | null

  @Column({ type: 'text' })
  unit: string

  @Column({ type: 'text' })
  kind: SeriesKind

  @Column({ type: 'text', name: 'price_basis' })
  priceBasis: PriceBasis

  @Column({ type: 'float8', name: 'precision_step', nullable: true })
  precision: number | null

  @Column({ type: 'text' })
  origin: string

  @Column({ type: 'text' })
  licence: string

  @Column({ type: 'date' })
  retrieved: string
}
