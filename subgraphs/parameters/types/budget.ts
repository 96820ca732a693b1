// The budget, deciles, winners and losers. A figure whose computation failed is null, with the error at its own path.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { ProgrammeKind } from '../../../schema/terms/population.ts'
import { Programme } from '../../../schema/terms/tax.ts'
import type { Figure, Figures } from '../rules/impact/figures.ts'
import './enums.ts'

@ObjectType({ description: 'What a programme takes in or pays out over the population, in money a year.' })
export class ProgrammeBudget {
  @Field(() => Programme, {
    nullable: true,
    description: 'The programme; null for all together and for others than these.',
    deprecationReason: 'Use name: every rule set names its own programmes.',
  })
  programme: Programme | null

  @Field(() => String, { nullable: true, description: 'The programme, such as "payroll tax"; null for all together.' })
  name: string | null

  @Field(() => ProgrammeKind, {
    nullable: true,
    description: 'Revenue or outlay; null for all together, which is revenue less outlays.',
  })
  kind: ProgrammeKind | null

  @Field(() => Float, { nullable: true, description: 'By the law as it is.' })
  baseline: Figure

  @Field(() => Float, { nullable: true, description: 'By the reformed law.' })
  reform: Figure

  @Field(() => Float, { nullable: true, description: 'The sum of the changes of the units.' })
  change: Figure

  @Field(() => String, { description: 'Unit of the amounts.' })
  unit: string
}

@ObjectType({
  description:
    'Parallel lists over deciles of the income and of what the conventions say, from the lowest; ties in the order of the population. Means are per unit; 0 where a decile is empty.',
})
export class PopulationDeciles {
  @Field(() => [Int], { description: '1 to 10.' })
  decile: readonly number[]

  @Field(() => [Float], { nullable: true, description: 'Number of units that the decile stands for.' })
  weight: Figures

  @Field(() => [Float], { nullable: true, description: 'Number of persons in them.' })
  persons: Figures

  @Field(() => [Float], {
    nullable: true,
    description: 'The least income of the decile; where it is empty that of the one before.',
  })
  least: Figures

  @Field(() => [Float], {
    nullable: true,
    description: 'Mean earnings.',
    deprecationReason: 'Use meanEarnings: not every rule set calls them wages.',
  })
  meanWages: Figures

  @Field(() => [Float], { nullable: true, description: 'Mean earnings, whose step gives marginal rates.' })
  meanEarnings: Figures

  @Field(() => [Float], { nullable: true, description: 'Mean income before taxes and benefits.' })
  meanMarketIncome: Figures

  @Field(() => [Float], { nullable: true, description: 'Mean net income by the law as it is.' })
  meanNetIncomeBaseline: Figures

  @Field(() => [Float], {
    nullable: true,
    description: 'Mean taxes less benefits of all programmes by the law as it is.',
  })
  meanNetTaxBaseline: Figures

  @Field(() => [Float], {
    nullable: true,
    description: 'Mean change of taxes less benefits, with the share of employers.',
  })
  meanNetTaxChange: Figures

  @Field(() => [Float], { nullable: true, description: 'Mean change of net income.' })
  meanNetIncomeChange: Figures

  @Field(() => [Float], { nullable: true, description: 'Share of units whose net income rises.' })
  winnersShare: Figures

  @Field(() => [Float], { nullable: true, description: 'Share of units whose net income falls.' })
  losersShare: Figures

  @Field(() => String, { description: 'Unit of the means.' })
  unit: string
}

@ObjectType({ description: 'Units whose net income a reform changes by more than half a cent.' })
export class AffectedUnits {
  @Field(() => Float, { nullable: true, description: 'How many, by weight.' })
  weight: Figure

  @Field(() => Float, { nullable: true, description: 'Their share of all units.' })
  share: Figure

  @Field(() => Float, {
    nullable: true,
    description: 'Mean change of their net income, in money a year; 0 where there are none.',
  })
  meanChange: Figure
}
