// The rows of the parameters' tables that are read as objects.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { ObjectRow } from '../../shared/store.ts'
import type { ImpactReading } from '../rules/impact/impact-plan.ts'
import type { FormulaChange, ReformChange } from '../rules/overlay.ts'
import type { Source } from '../rules/tree.ts'
import type { Vectors } from '../rules/vector.ts'

@Entity({ schema: 'parameters', name: 'tree' })
export class TreeRow extends ObjectRow {
  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text' })
  country: string

  @Column({ type: 'text' })
  currency: string

  @Column({ type: 'text', name: 'covers_from' })
  from: string

  @Column({ type: 'text', name: 'covers_to' })
  to: string

  @Column({ type: 'jsonb' })
  source: Source

  /** Cells of the vectors that the tree names itself, by name. */
  @Column({ type: 'jsonb' })
  vectors: Vectors

  @Column({ type: 'text', name: 'snapshot_hash' })
  snapshotHash: string

  @Column({ type: 'text', name: 'file_sha256' })
  fileSha256: string

  /** What the ids of its parameters begin with in the graph; empty but for a tree whose ids another one had first. */
  @Column({ type: 'text', name: 'id_prefix' })
  idPrefix: string

  /** Another after every write. */
  @Column({ type: 'bigint', transformer: { from: String, to: (revision: string) => revision } })
  revision: string
}

@Entity({ schema: 'parameters', name: 'reform' })
export class ReformRow extends ObjectRow {
  @Column({ type: 'text', name: 'tree_id' })
  treeId: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'jsonb' })
  changes: ReformChange[]

  @Column({ type: 'jsonb' })
  formulas: FormulaChange[]

  /** The commit it was made from. */
  @Column({ type: 'text', name: 'commit_hash', nullable: true })
  commitHash: string | null

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

  /** In the order of the question; none: the law as it stands alone. */
  @Column({ type: 'text', array: true, name: 'reform_ids' })
  reformIds: string[]

  @Column({ type: 'text', name: 'rule_set_id' })
  ruleSetId: string

  @Column({ type: 'text', name: 'rule_set_hash' })
  ruleSetHash: string

  @Column({ type: 'text', name: 'population_id' })
  populationId: string

  @Column({ type: 'text', name: 'data_version' })
  dataVersion: string

  @Column({ type: 'int' })
  year: number

  /** How the answer is read from the result. */
  @Column({ type: 'jsonb' })
  reading: ImpactReading

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}
