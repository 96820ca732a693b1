// Mechanism: a causal edge with its form, its effect and the evidence for it; Study: what is cited.

import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import {
  CitationRole,
  EffectMeasure,
  EvidenceGrade,
  FunctionalForm,
  MechanismKind,
  MechanismSign,
  MechanismStatus,
  ModeratorDirection,
  ModeratorMode,
  ModeratorStrength,
  Orientation,
} from '../../../schema/terms/mechanism.ts'
import { KEPT_AN_HOUR, KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import './enums.ts'
import { MechanismAssumption } from './shared.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'A number of a functional form.' })
export class FormParameter {
  @Field(() => String, { description: 'Name: a, L, k, x0, Tmax or theta.' })
  name: string

  @Field(() => Float, { description: 'Value.' })
  value: number
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'How the target responds to the source.' })
export class MechanismForm {
  @Field(() => FunctionalForm, { description: 'The formula.' })
  name: FunctionalForm

  @Field(() => [FormParameter], { description: 'Its numbers; without `a` the slope comes from the effect.' })
  parameters: FormParameter[]
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'An effect as the source gives it.' })
export class EffectEstimate {
  @Field(() => EffectMeasure, { description: 'What the value is.' })
  measure: EffectMeasure

  @Field(() => Float, { description: 'Point estimate.' })
  value: number

  @Field(() => String, { nullable: true, description: 'Unit of value and bounds, where the source gives one.' })
  unit: string | null

  @Field(() => Float, { nullable: true, description: 'Lower bound of the interval.' })
  ciLower: number | null

  @Field(() => Float, { nullable: true, description: 'Upper bound of the interval.' })
  ciUpper: number | null

  @Field(() => Float, { description: 'Level of the interval; 0.95 where the source does not say.' })
  ciLevel: number

  @Field(() => Float, { nullable: true, description: 'p value.' })
  pValue: number | null

  @Field(() => Float, { nullable: true, description: 'Persons or cases observed.' })
  sampleSize: number | null

  @Field(() => Float, { nullable: true, description: 'Heterogeneity between studies, 0 to 100.' })
  iSquared: number | null

  @Field(() => Float, { nullable: true, description: 'Risk of the unexposed.' })
  baselineRisk: number | null
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'An effect put on the scale that is simulated.' })
export class MechanismResponse {
  @Field(() => Float, {
    description: 'Standard deviations of the target per standard deviation of the source, with sign.',
  })
  coefficient: number

  @Field(() => Float, { description: 'Standard error, same unit.' })
  standardError: number

  @Field(() => String, { description: 'Conversions by name and version, in the order applied.' })
  conversion: string
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'How sure a mechanism is.' })
export class Evidence {
  @Field(() => EvidenceGrade, { nullable: true, description: 'Grade; null where the source gives none.' })
  grade: EvidenceGrade | null

  @Field(() => Int, { nullable: true, description: 'Studies behind it.' })
  studyCount: number | null

  @Field(() => Float, { nullable: true, description: 'Persons or cases, also where there is no effect size.' })
  sampleSize: number | null

  @Field(() => Float, { nullable: true, description: 'p value, also where there is no effect size.' })
  pValue: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the citation was found by its DOI; null where nobody looked.',
  })
  verified: boolean | null

  @Field(() => Boolean, { description: 'Whether the source asks for a person to look at it.' })
  needsReview: boolean

  @Field(() => [String], { description: 'What the source found wrong with its citation.' })
  issues: readonly string[]
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Something that changes an effect.' })
export class Moderator {
  @Field(() => String, { description: 'Name.' })
  name: string

  @Field(() => ModeratorDirection, { description: 'What it does.' })
  direction: ModeratorDirection

  @Field(() => ModeratorStrength, { description: 'How much.' })
  strength: ModeratorStrength

  @Field(() => ModeratorMode, { nullable: true, description: 'How its value acts; null where it has none.' })
  mode: ModeratorMode | null

  @Field(() => Float, { nullable: true, description: 'Its value; only moderators with one are simulated.' })
  value: number | null

  @Field(() => String, { nullable: true, description: 'What the source says of it.' })
  note: string | null
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A publication that mechanisms cite.' })
export class Study {
  @Field(() => ID, { description: 'DOI in lower case; a slug where it has none.' })
  id: string

  @Field(() => String, { nullable: true, description: 'DOI.' })
  doi: string | null

  @Field(() => String, { description: 'Citation as the source gives it.' })
  citation: string
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'A citation of a mechanism.' })
export class Citation {
  @Field(() => CitationRole, { description: 'What it is to the mechanism.' })
  role: CitationRole

  @Field(() => String, { description: 'Text of the citation.' })
  text: string

  /** The graph shows the study itself. */
  studyId: string | null
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A causal edge between two nodes.' })
export class Mechanism {
  @Field(() => ID, { description: 'bank@version/key.' })
  id: string

  @Field(() => String, { description: 'Id within its bank.' })
  key: string

  @Field(() => String, { description: 'Name for people.' })
  name: string

  @Field(() => String, { nullable: true, description: 'Category.' })
  category: string | null

  @Field(() => String, { nullable: true, description: 'Version of the record in its source.' })
  version: string | null

  @Field(() => MechanismStatus, { description: 'Whether it is in use.' })
  status: MechanismStatus

  @Field(() => Orientation, { description: 'How it lies in the hierarchy.' })
  orientation: Orientation

  @Field(() => MechanismSign, {
    nullable: true,
    description: 'Direction of the influence; null where the source gives none.',
  })
  sign: MechanismSign | null

  @Field(() => MechanismKind, { description: 'Whether what the target gains leaves the source.' })
  kind: MechanismKind

  @Field(() => MechanismForm, {
    description: 'How the target responds; linear where the source is silent (see assumptions).',
  })
  form: MechanismForm

  @Field(() => EffectEstimate, {
    nullable: true,
    description: 'Effect as the source gives it; null where it gives none.',
  })
  effect: EffectEstimate | null

  @Field(() => Evidence, { description: 'How sure it is.' })
  evidence: Evidence

  @Field(() => [Moderator], { description: 'What changes its effect.' })
  moderators: readonly Moderator[]

  @Field(() => String, { nullable: true, description: 'What it is, in a few sentences.' })
  description: string | null

  @Field(() => [String], { description: 'Steps by which the source leads to the target.' })
  pathway: readonly string[]

  @Field(() => String, { nullable: true, description: 'How it differs between places.' })
  geographyNote: string | null

  @Field(() => [MechanismAssumption], { description: 'What is assumed because the source is silent.' })
  assumptions: MechanismAssumption[]

  @Field(() => String, { nullable: true, description: 'File of the source it was read from.' })
  origin: string | null

  /** The graph shows the objects themselves. */
  bankId: string
  fromId: string
  toId: string
}

export const MechanismConnection = connectionOf('Mechanism', () => Mechanism, KEPT_AN_HOUR)
