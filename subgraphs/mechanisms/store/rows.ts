// The rows of the mechanisms' tables.
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type {
  CitationRole,
  EvidenceGrade,
  MechanismKind,
  MechanismSign,
  MechanismStatus,
  Orientation,
} from '../../../schema/terms/mechanism.ts'
import type { MacroVariable } from '../../../schema/terms/scenario.ts'
import { ObjectRow } from '../../shared/store.ts'
import type { Finding } from '../../shared/types.ts'
import type { AssumptionCode } from '../rules/assumptions.ts'
import type { BankOrigin, EffectEstimate, Evidence, Form, Moderator } from '../rules/bank.ts'

@Entity({ schema: 'mechanisms', name: 'bank' })
export class BankRow extends ObjectRow {
  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  version: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', name: 'content_hash' })
  contentHash: string

  @Column({ type: 'text', array: true })
  geography: readonly string[]

  @Column({ type: 'jsonb' })
  origin: BankOrigin

  @Column({ type: 'int', name: 'node_count' })
  nodeCount: number

  @Column({ type: 'int', name: 'mechanism_count' })
  mechanismCount: number

  /** Thousands of a dirty bank: read only where they are asked for. */
  @Column({ type: 'jsonb', select: false })
  findings: readonly Finding[]

  @Column({ type: 'timestamptz', name: 'imported_at' })
  importedAt: Date
}

@Entity({ schema: 'mechanisms', name: 'node' })
export class NodeRow extends ObjectRow {
  @Column({ type: 'text', name: 'bank_id' })
  bankId: string

  /** Id within the bank. */
  @Column({ type: 'text' })
  key: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text', nullable: true })
  category: string | null

  @Column({ type: 'text', nullable: true })
  unit: string | null

  @Column({ type: 'float8', nullable: true })
  level: number | null

  @Column({ type: 'bool' })
  proposed: boolean

  @Column({ type: 'bool' })
  stock: boolean

  @Column({ type: 'text', name: 'macro_variable', nullable: true })
  macroVariable: MacroVariable | null

  @Column({ type: 'float8', nullable: true })
  sd: number | null

  @Column({ type: 'float8', name: 'exposure_share', nullable: true })
  exposureShare: number | null

  @Column({ type: 'float8', nullable: true })
  initial: number | null

  @Column({ type: 'float8', nullable: true })
  reference: number | null

  @Column({ type: 'float8', nullable: true })
  min: number | null

  @Column({ type: 'float8', nullable: true })
  max: number | null

  @Column({ type: 'float8', name: 'decay_per_year', nullable: true })
  decayPerYear: number | null

  @Column({ type: 'text', array: true })
  assumptions: readonly AssumptionCode[]
}

@Entity({ schema: 'mechanisms', name: 'mechanism' })
export class MechanismRow extends ObjectRow {
  @Column({ type: 'text', name: 'bank_id' })
  bankId: string

  /** Id within the bank. */
  @Column({ type: 'text' })
  key: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text', nullable: true })
  category: string | null

  @Column({ type: 'text', nullable: true })
  version: string | null

  @Column({ type: 'text' })
  status: MechanismStatus

  @Column({ type: 'text', name: 'from_id' })
  fromId: string

  @Column({ type: 'text', name: 'to_id' })
  toId: string

  @Column({ type: 'text' })
  orientation: Orientation

  @Column({ type: 'text', nullable: true })
  sign: MechanismSign | null

  @Column({ type: 'text' })
  kind: MechanismKind

  @Column({ type: 'jsonb', nullable: true })
  form: Form | null

  @Column({ type: 'jsonb', nullable: true })
  effect: EffectEstimate | null

  @Column({ type: 'text', nullable: true })
  grade: EvidenceGrade | null

  @Column({ type: 'jsonb' })
  evidence: Evidence

  @Column({ type: 'jsonb' })
  moderators: readonly Moderator[]

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'text', array: true })
  pathway: readonly string[]

  @Column({ type: 'text', name: 'geography_note', nullable: true })
  geographyNote: string | null

  @Column({ type: 'text', array: true })
  assumptions: readonly AssumptionCode[]

  @Column({ type: 'text', nullable: true })
  origin: string | null
}

@Entity({ schema: 'mechanisms', name: 'study' })
export class StudyRow extends ObjectRow {
  @Column({ type: 'text', nullable: true })
  doi: string | null

  @Column({ type: 'text' })
  citation: string
}

@Entity({ schema: 'mechanisms', name: 'citation' })
export class CitationRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'mechanism_id' })
  mechanismId: string

  @PrimaryColumn({ type: 'int' })
  position: number

  @Column({ type: 'text', name: 'study_id', nullable: true })
  studyId: string | null

  @Column({ type: 'text' })
  text: string

  @Column({ type: 'text' })
  role: CitationRole
}

@Entity({ schema: 'mechanisms', name: 'compiled_model' })
export class CompiledModelRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'bank_id' })
  bankId: string

  @PrimaryColumn({ type: 'text' })
  compiler: string

  @Column({ type: 'text' })
  hash: string

  @Column({ type: 'int' })
  variables: number

  @Column({ type: 'int' })
  stocks: number

  @Column({ type: 'int' })
  mechanisms: number

  @Column({ type: 'jsonb' })
  findings: readonly Finding[]
}

/** All rows of one bank. */
