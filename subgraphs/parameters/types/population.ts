// Population and what a reform does to a population.
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { Programme } from '../../../schema/terms/tax.ts'
import './enums.ts'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'Units that rules are computed for.' })
export class Population {
  @Field(() => ID, { description: 'Such as "us-example-1000".' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'How it was made and what it is good for.' })
  description: string

  @Field(() => Int, { description: 'Number of units computed.' })
  units: number

  @Field(() => Float, { description: 'Number of units that they stand for.' })
  weightsTotal: number

  @Field(() => String, { description: 'SHA-256 of the data.' })
  dataVersion: string
}

@ObjectType({ description: 'Taxes of a programme over the population, in USD a year.' })
export class ProgrammeBudget {
  @Field(() => Programme, { nullable: true, description: 'The programme; null for all together.' })
  programme: Programme | null

  @Field(() => Float, { description: 'By the law as it is.' })
  baseline: number

  @Field(() => Float, { description: 'By the reformed law.' })
  reform: number

  @Field(() => Float, { description: 'The sum of the changes of the units.' })
  change: number

  @Field(() => String, { description: 'Unit of the amounts.' })
  unit: string
}

@ObjectType({
  description:
    'Parallel lists over deciles: a tenth of the units by weight, from the lowest wages to the highest; equal wages in the order of the population.',
})
export class PopulationDeciles {
  @Field(() => [Int], { description: '1 to 10.' })
  decile: readonly number[]

  @Field(() => [Float], { description: 'Number of units that the decile stands for.' })
  weight: readonly number[]

  @Field(() => [Float], { description: 'Mean wages.' })
  meanWages: readonly number[]

  @Field(() => [Float], { description: 'Mean income and payroll tax by the law as it is.' })
  meanNetTaxBaseline: readonly number[]

  @Field(() => [Float], { description: 'Mean change of income and payroll tax, with the share of employers.' })
  meanNetTaxChange: readonly number[]

  @Field(() => [Float], { description: 'Mean change of wages after the taxes that the unit pays itself.' })
  meanNetIncomeChange: readonly number[]

  @Field(() => [Float], { description: 'Share of units whose net income rises.' })
  winnersShare: readonly number[]

  @Field(() => [Float], { description: 'Share of units whose net income falls.' })
  losersShare: readonly number[]

  @Field(() => String, { description: 'Unit of the means.' })
  unit: string
}

@ObjectType({ description: 'Units whose net income a reform changes by more than half a cent.' })
export class AffectedUnits {
  @Field(() => Float, { description: 'How many, by weight.' })
  weight: number

  @Field(() => Float, { description: 'Their share of all units.' })
  share: number

  @Field(() => Float, { description: 'Mean change of their net income, in USD a year; 0 where there are none.' })
  meanChange: number
}

@ObjectType({ description: 'What a reform does to a population in one year, before anyone behaves differently.' })
export class PopulationImpact {
  @Field(() => Int, { description: 'The tax year.' })
  year: number

  @Field(() => Int, { description: 'Number of units computed.' })
  units: number

  @Field(() => Float, { description: 'Number of units that they stand for.' })
  weightsTotal: number

  @Field(() => ProgrammeBudget, { description: 'All programmes together.' })
  budget: ProgrammeBudget

  @Field(() => [ProgrammeBudget], { description: 'Each programme.' })
  byProgramme: ProgrammeBudget[]

  @Field(() => PopulationDeciles, { description: 'By deciles of wages.' })
  deciles: PopulationDeciles

  @Field(() => AffectedUnits, { description: 'Units whose net income rises.' })
  winners: AffectedUnits

  @Field(() => AffectedUnits, { description: 'Units whose net income falls.' })
  losers: AffectedUnits

  /** Not in the graph: resolvers load the objects of these ids. */
  reformId: string
  populationId: string
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'One question computed by the fleet: its state, its provenance, its result.' })
export class Run {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string
}
