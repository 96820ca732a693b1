// The rows of populations and of files that come in parts.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { ObjectRow } from '../../shared/store.ts'
import type { PopulationColumn, PopulationOrigin, PopulationRecord } from '../rules/population/record.ts'
import type { ColumnFactor } from '../rules/population/uprate.ts'

@Entity({ schema: 'parameters', name: 'population' })
export class PopulationRow extends ObjectRow implements PopulationRecord {
  @Column({ type: 'text' })
  origin: PopulationOrigin

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text' })
  description: string

  @Column({ type: 'text', nullable: true })
  source: string | null

  @Column({ type: 'text', nullable: true })
  licence: string | null

  @Column({ type: 'text', name: 'rule_set_id' })
  ruleSetId: string

  @Column({ type: 'text' })
  unit: string

  @Column({ type: 'int' })
  year: number

  @Column({ type: 'int' })
  units: number

  @Column({ type: 'float8', name: 'weights_total' })
  weightsTotal: number

  @Column({ type: 'text', name: 'data_version' })
  dataVersion: string

  @Column({ type: 'text', name: 'made_by' })
  madeBy: string

  @Column({ type: 'text', name: 'base_id', nullable: true })
  baseId: string | null

  @Column({ type: 'jsonb', nullable: true })
  factors: ColumnFactor[] | null

  @Column({ type: 'jsonb' })
  columns: PopulationColumn[]

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}

@Entity({ schema: 'parameters', name: 'upload_part' })
export class UploadPartRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  sha256: string

  @PrimaryColumn({ type: 'int' })
  part: number

  @Column({ type: 'int' })
  size: number

  @Column({ type: 'bytea' })
  bytes: Buffer

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}
