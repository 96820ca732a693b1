// The rows of the portfolios' tables.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { AssetClass } from '../../../schema/terms/portfolio.ts'
import { ObjectRow } from '../../shared/store.ts'
import type { MacroFactor } from '../rules/factor-stress.ts'
import type { RiskQuestion } from '../rules/risk-question.ts'

@Entity({ schema: 'portfolios', name: 'instrument' })
export class InstrumentRow extends ObjectRow {
  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text', name: 'asset_class' })
  assetClass: AssetClass

  @Column({ type: 'text' })
  currency: string

  @Column({ type: 'text', name: 'base_currency', nullable: true })
  baseCurrency: string | null

  @Column({ type: 'text', name: 'economy_id', nullable: true })
  economyId: string | null

  @Column({ type: 'float8', nullable: true })
  duration: number | null

  @Column({ type: 'float8', nullable: true })
  convexity: number | null

  @Column({ type: 'jsonb' })
  factors: MacroFactor[]
}

@Entity({ schema: 'portfolios', name: 'portfolio' })
export class PortfolioRow extends ObjectRow {
  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'text' })
  currency: string

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}

@Entity({ schema: 'portfolios', name: 'position' })
export class PositionRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'portfolio_id' })
  portfolioId: string

  @PrimaryColumn({ type: 'text', name: 'instrument_id' })
  instrumentId: string

  @Column({ type: 'int' })
  ordinal: number

  @Column({ type: 'float8' })
  quantity: number
}

@Entity({ schema: 'portfolios', name: 'risk_run' })
export class RiskRunRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'run_id' })
  runId: string

  @Column({ type: 'text', name: 'question_hash' })
  questionHash: string

  @Column({ type: 'text', name: 'portfolio_id' })
  portfolioId: string

  @Column({ type: 'jsonb' })
  question: RiskQuestion

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date
}
