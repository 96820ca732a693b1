// The rows of the scenarios' tables, as TypeORM maps them.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { ObjectRow } from '../../shared/store.ts'
import type { Shock } from '../../shared/types.ts'
import type { UploadedModel } from '../types/uploaded-model.ts'

@Entity({ schema: 'scenarios', name: 'scenario' })
export class ScenarioRow extends ObjectRow {
  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'text', name: 'economy_id', nullable: true })
  economyId: string | null

  @Column({ type: 'text', name: 'reform_id', nullable: true })
  reformId: string | null

  @Column({ type: 'text', name: 'bank_id', nullable: true })
  bankId: string | null

  @Column({ type: 'text', name: 'portfolio_id', nullable: true })
  portfolioId: string | null

  /** This and the other members of a network's time are null where a model of its own is simulated. */
  @Column({ type: 'int', nullable: true })
  year: number | null

  @Column({ type: 'float8', name: 'horizon_years', nullable: true })
  horizonYears: number | null

  @Column({ type: 'int' })
  draws: number

  @Column({ type: 'text' })
  seed: string

  @Column({ type: 'int', name: 'steps_per_year', nullable: true })
  stepsPerYear: number | null

  @Column({ type: 'int', name: 'saves_per_year', nullable: true })
  savesPerYear: number | null

  @Column({ type: 'jsonb' })
  shocks: Shock[]

  @Column({ type: 'jsonb', name: 'uploaded_model', nullable: true })
  uploadedModel: UploadedModel | null

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}

@Entity({ schema: 'scenarios', name: 'scenario_run' })
export class ScenarioRunRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'scenario_id' })
  scenarioId: string

  @PrimaryColumn({ type: 'text', name: 'question_hash' })
  questionHash: string

  @Column({ type: 'text', name: 'run_id' })
  runId: string

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}
