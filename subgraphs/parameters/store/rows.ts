// The rows of the parameters' tables.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { ParameterVector } from '../../../schema/terms/tax.ts'
import type { ReformChange } from '../rules/overlay.ts'
import type { Scale, Source } from '../rules/tree.ts'

@Entity({ schema: 'parameters', name: 'tree' })
export class TreeRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text' })
  country: string

  @Column({ type: 'text' })
  currency: string

  @Column({ type: 'date', name: 'covers_from' })
  from: string

  @Column({ type: 'date', name: 'covers_to' })
  to: string

  @Column({ type: 'jsonb' })
  source: Source

  @Column({ type: 'jsonb' })
  scales: Scale[]

  @Column({ type: 'text', name: 'snapshot_hash' })
  snapshotHash: string

  @Column({ type: 'text', name: 'file_sha256' })
  fileSha256: string
}

@Entity({ schema: 'parameters', name: 'parameter' })
export class ParameterRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text', name: 'tree_id' })
  treeId: string

  @Column({ type: 'text' })
  label: string

  @Column({ type: 'text' })
  unit: string

  @Column({ type: 'text', nullable: true })
  period: string | null

  @Column({ type: 'text', name: 'vector' })
  by: ParameterVector

  @Column({ type: 'text', array: true, name: 'law_references' })
  references: string[]

  @Column({ type: 'jsonb' })
  source: Source

  @Column({ type: 'text', nullable: true })
  origin: string | null

  @Column({ type: 'float8', name: 'expected_least' })
  expectedLeast: number

  @Column({ type: 'float8', name: 'expected_greatest' })
  expectedGreatest: number
}

@Entity({ schema: 'parameters', name: 'parameter_value' })
export class ParameterValueRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'parameter_id' })
  parameterId: string

  @PrimaryColumn({ type: 'date', name: 'valid_from' })
  from: string

  @PrimaryColumn({ type: 'date', name: 'known_from' })
  known: string

  @Column({ type: 'float8', array: true, name: 'cells' })
  values: number[]

  @Column({ type: 'text', nullable: true })
  source: string | null
}

@Entity({ schema: 'parameters', name: 'reform' })
export class ReformRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text', name: 'tree_id' })
  treeId: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'jsonb' })
  changes: ReformChange[]

  @Column({ type: 'text', name: 'snapshot_hash' })
  snapshotHash: string

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}

@Entity({ schema: 'parameters', name: 'population_run' })
export class PopulationRunRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'question_hash' })
  questionHash: string

  @Column({ type: 'text', name: 'run_id' })
  runId: string

  @Column({ type: 'text', name: 'reform_id' })
  reformId: string

  @Column({ type: 'text', name: 'population_id' })
  populationId: string

  @Column({ type: 'int' })
  year: number

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}
