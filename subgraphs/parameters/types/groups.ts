// Marginal rates, behaviour and groups of units. A figure whose computation failed is null, with the error at its own path.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { ProgrammeKind } from '../../../schema/terms/population.ts'
import type { Figure, Figures } from '../rules/impact/figures.ts'

@ObjectType({
  description:
    'Mean marginal rates before anyone behaves differently: the part of a step of earnings that does not reach net income, averaged as the conventions say.',
})
export class MarginalRates {
  @Field(() => Float, { nullable: true, description: 'By the law as it is; 0 where nobody has earnings.' })
  baseline: Figure

  @Field(() => Float, { nullable: true, description: 'By the reformed law.' })
  reform: Figure

  @Field(() => [Float], { nullable: true, description: 'By the law as it is, by decile.' })
  decilesBaseline: Figures

  @Field(() => [Float], { nullable: true, description: 'By the reformed law, by decile.' })
  decilesReform: Figures
}

@ObjectType({ description: 'What behaviour adds: earnings that respond to marginal rates. In money a year.' })
export class BehaviouralResponse {
  @Field(() => Float, { nullable: true, description: 'Change of all earnings.' })
  earningsChange: Figure

  @Field(() => Float, {
    nullable: true,
    description: 'Change of taxes less benefits before anyone behaves differently.',
  })
  staticChange: Figure

  @Field(() => Float, { nullable: true, description: 'What behaviour adds to it; both are in the budget.' })
  responseChange: Figure

  @Field(() => String, { description: 'Unit of the amounts.' })
  unit: string
}

@ObjectType({ description: 'A programme by groups: parallel to the codes of the groups.' })
export class GroupProgramme {
  @Field(() => String, { description: 'The programme.' })
  name: string

  @Field(() => ProgrammeKind, { description: 'Revenue or outlay.' })
  kind: ProgrammeKind

  @Field(() => [Float], { nullable: true, description: 'By the law as it is, in money a year.' })
  baseline: Figures

  @Field(() => [Float], { nullable: true, description: 'Sum of the changes of the units, in money a year.' })
  change: Figures
}

@ObjectType({ description: 'A reform by groups of units, as parallel lists over the codes that units have.' })
export class GroupImpact {
  @Field(() => String, { description: 'What units are grouped by.' })
  by: string

  @Field(() => [Int], { nullable: true, description: 'Codes, rising, such as those of states (FIPS).' })
  code: Figures

  @Field(() => [Int], { nullable: true, description: 'Number of units computed.' })
  units: Figures

  @Field(() => [Float], { nullable: true, description: 'Number of units that they stand for.' })
  weight: Figures

  @Field(() => [Float], { nullable: true, description: 'Taxes less benefits of all programmes by the law as it is.' })
  netTaxBaseline: Figures

  @Field(() => [Float], { nullable: true, description: 'Sum of the changes of these.' })
  netTaxChange: Figures

  @Field(() => [GroupProgramme], { description: 'Each programme.' })
  byProgramme: readonly GroupProgramme[]

  @Field(() => [Float], { nullable: true, description: 'Mean net income by the law as it is.' })
  meanNetIncomeBaseline: Figures

  @Field(() => [Float], { nullable: true, description: 'Mean change of net income.' })
  meanNetIncomeChange: Figures

  @Field(() => [Float], { nullable: true, description: 'Share of units whose net income rises.' })
  winnersShare: Figures

  @Field(() => [Float], { nullable: true, description: 'Share of units whose net income falls.' })
  losersShare: Figures

  @Field(() => String, { description: 'Unit of the amounts and means.' })
  unit: string
}
