// Household: one unit seen closely: its variables, its rates, curves over an income, cliffs.
import { Directive, Field, Float, InputType, Int, ObjectType } from 'type-graphql'
import { PERSONAL } from '../../shared/classification.ts'
import type { LanesLoader } from '../resolvers/compute-lanes.ts'
import type { LoadedLaws } from '../resolvers/laws.ts'
import { LawSide } from '../rules/household/compile.ts'
import { CompensationBasis } from '../rules/household/rates.ts'
import type { Units } from '../rules/household/units.ts'
import type { RuleColumn } from '../rules/rule-set/rule-set.ts'
import { LawInput, NamedValueInput } from './calculation.ts'
import './enums.ts'
import { ProgrammeKind } from '../../../schema/terms/population.ts'
import './rule-set.ts'

@InputType({ description: 'One unit, and the law that it is computed under.' })
export class HouseholdInput extends LawInput {
  @Directive(PERSONAL)
  @Field(() => [NamedValueInput], { description: 'Its data; what is not named has its default.' })
  values: NamedValueInput[]
}

/** What the fields of a household and of its curves are computed from. */
export interface Asked {
  readonly laws: LoadedLaws
  readonly unit: Units
  readonly ask: LanesLoader
}

@ObjectType({ description: 'One unit under the rules; what is selected is computed, in one job of the fleet.' })
export class Household {
  @Field(() => Int, { description: 'The year.' })
  year: number

  @Field(() => String, { description: 'The day whose law counts, YYYY-MM-DD.' })
  lawOf: string

  @Field(() => String, { nullable: true, description: 'The day as of which the law was known; null: as known now.' })
  knownAt: string | null

  /** Not in the graph. */
  asked: Asked
}

@ObjectType({ description: 'A variable of one unit.' })
export class HouseholdValue {
  @Field(() => String, { description: 'Its name, of an array that of one element.' })
  name: string

  @Field(() => String, { description: 'Unit of the value.' })
  unit: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => String, { nullable: true, description: 'The law that defines it; null for data.' })
  reference: string | null

  @Field(() => LawSide, { nullable: true, description: 'The law it was computed under; null for a change.' })
  law: LawSide | null

  @Field(() => Float, { description: 'The value.' })
  value: number
}

@ObjectType({
  description:
    'What a step more of income changes. Of net income the rate is 1 - change / earnings: what of more earnings does not reach the unit. Of any other variable it is change / earnings.',
})
export class MarginalRate {
  @Field(() => Float, { nullable: true, description: 'The rate, as a fraction; null where earnings do not change.' })
  rate: number | null

  @Field(() => String, { description: 'The variable that it is of.' })
  of: string

  @Field(() => String, { description: 'The column that was raised.' })
  over: string

  @Field(() => Float, { description: 'By how much, in the unit of the column.' })
  step: number

  @Field(() => CompensationBasis, { description: 'What it is a share of.' })
  per: CompensationBasis

  @Field(() => LawSide, { description: 'The law.' })
  law: LawSide

  @Field(() => Float, { description: 'Change of the variable.' })
  change: number

  @Field(() => Float, { description: 'Change of earnings, with what the employer pays where that counts.' })
  earnings: number
}

@ObjectType({ description: 'What a programme takes of a step more of income; below 0: what it adds.' })
export class ProgrammeRate {
  @Field(() => String, { description: 'The programme.' })
  programme: string

  @Field(() => ProgrammeKind, { description: 'Which side of the budget it is on.' })
  kind: ProgrammeKind

  @Field(() => String, { description: 'The variable that it is counted by.' })
  variable: string

  @Field(() => Float, {
    nullable: true,
    description: 'Rise of a tax, or fall of a benefit, as a fraction of earnings; null where these do not change.',
  })
  rate: number | null
}

@ObjectType({ description: 'What of all income does not reach the unit: 1 - net income / market income.' })
export class EffectiveRate {
  @Field(() => Float, { nullable: true, description: 'The rate, as a fraction; null where market income is 0.' })
  rate: number | null

  @Field(() => CompensationBasis, { description: 'Whether market income holds what employers pay beside wages.' })
  per: CompensationBasis

  @Field(() => LawSide, { description: 'The law.' })
  law: LawSide

  @Field(() => Float, { description: 'Market income, with what employers pay where that counts.' })
  marketIncome: number

  @Field(() => Float, { description: 'Net income.' })
  netIncome: number
}

@ObjectType({ description: 'The unit along an axis of income: parallel lists over its points.' })
export class Curve {
  @Field(() => String, { description: 'The column that differs from point to point.' })
  over: string

  @Field(() => String, { description: 'Its unit.' })
  unit: string

  @Field(() => [Float], { description: 'Its value at each point.' })
  x: number[]

  /** Not in the graph. */
  asked: Asked
  column: RuleColumn
}

@ObjectType({ description: 'Rates along a curve.' })
export class RateCurve {
  @Field(() => [Float], {
    nullable: 'items',
    description: 'One rate a point, as a fraction; null where it is a share of 0.',
  })
  rates: (number | null)[]

  @Field(() => String, { description: 'The variable that they are of.' })
  of: string

  @Field(() => Float, {
    nullable: true,
    description: 'The step that marginal rates are over; null of effective rates.',
  })
  step: number | null

  @Field(() => CompensationBasis, { description: 'What they are a share of.' })
  per: CompensationBasis

  @Field(() => LawSide, { description: 'The law.' })
  law: LawSide
}

@ObjectType({ description: 'A fall of net income where earnings rise.' })
export class Cliff {
  @Field(() => Float, { description: 'The most that can be earned before it.' })
  at: number

  @Field(() => Float, { description: 'Where it ends: a cent above `at` for a jump, further for a slide.' })
  until: number

  @Field(() => Float, { description: 'Net income at `at`.' })
  netIncomeBefore: number

  @Field(() => Float, { description: 'Net income at `until`.' })
  netIncomeAfter: number

  @Field(() => Float, { description: 'By how much it falls.' })
  loss: number

  @Field(() => Float, {
    nullable: true,
    description:
      'How far above `at` net income is what it was, evenly between points of the search; null where not by its end.',
  })
  widthToRecover: number | null

  /** Not in the graph. */
  asked: Asked
  column: RuleColumn
  law: LawSide
}

@ObjectType({ description: 'What a programme changes at a cliff.' })
export class ProgrammeChange {
  @Field(() => String, { description: 'The programme.' })
  programme: string

  @Field(() => ProgrammeKind, { description: 'Which side of the budget it is on.' })
  kind: ProgrammeKind

  @Field(() => Float, { description: 'By how much its variable changes.' })
  change: number
}

@ObjectType({ description: 'The falls of net income along an axis of income, and how they were looked for.' })
export class Cliffs {
  @Field(() => String, { description: 'The column that was raised.' })
  over: string

  @Field(() => Float, { description: 'Where the search begins.' })
  from: number

  @Field(() => Float, { description: 'Where it ends.' })
  to: number

  @Field(() => Float, { description: 'Distance of the points that were looked at first.' })
  resolution: number

  @Field(() => Float, { description: 'Smaller falls are not told.' })
  threshold: number

  @Field(() => LawSide, { description: 'The law.' })
  law: LawSide

  @Field(() => [Cliff], { description: 'The falls, from the least earnings up.' })
  cliffs: Cliff[]
}
