// What reforms do to a population, put together.
import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { Finding } from '../../shared/types.ts'
import type { Figure } from '../rules/impact/figures.ts'
import type { GroupImpact as Groups } from '../rules/impact/groups.ts'
import { AffectedUnits, PopulationDeciles, ProgrammeBudget } from './budget.ts'
import { BehaviouralResponse, MarginalRates } from './groups.ts'
import { InequalityImpact, PovertyImpact } from './inequality.ts'
import { Run } from './population.ts'
import { PopulationConventions } from './population-options.ts'

@ObjectType({ description: 'What one reform does to a population, against the law as it stands.' })
export class ReformImpact {
  @Field(() => ProgrammeBudget, { description: 'All programmes together: revenue less outlays.' })
  budget: ProgrammeBudget

  @Field(() => [ProgrammeBudget], { description: 'Each programme.' })
  byProgramme: readonly ProgrammeBudget[]

  @Field(() => PopulationDeciles, { description: 'By deciles.' })
  deciles: PopulationDeciles

  @Field(() => AffectedUnits, { description: 'Units whose net income rises.' })
  winners: AffectedUnits

  @Field(() => AffectedUnits, { description: 'Units whose net income falls.' })
  losers: AffectedUnits

  @Field(() => [PovertyImpact], { description: 'Poverty of persons, by each measure asked for.' })
  poverty: readonly PovertyImpact[]

  @Field(() => InequalityImpact, { description: 'Inequality over persons, of income as the equivalence scale has it.' })
  inequality: InequalityImpact

  @Field(() => MarginalRates, { nullable: true, description: 'Marginal rates; null where no step was given.' })
  marginalRates: MarginalRates | null

  @Field(() => BehaviouralResponse, { nullable: true, description: 'Behaviour; null where no elasticity was given.' })
  behaviour: BehaviouralResponse | null

  /** Not in the graph: the reform's id, null for the law as it stands, and what the resolver of groups reads. */
  reformId: string | null
  groupsBy: (by: string) => Groups
  moneyUnit: string
}

@ObjectType({
  description: 'All that an answer about a population depends on: with an equal bundle it is equal, bit for bit.',
})
export class PopulationBundle {
  @Field(() => ID, { description: 'The rules.' })
  ruleSet: string

  @Field(() => String, { description: 'SHA-256 of the files of the rules and of what they use of the tree.' })
  ruleSetHash: string

  @Field(() => String, { description: 'SHA-256 of the plan that they were compiled to.' })
  planHash: string

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 over the figures of the tree and the contents of the reforms.',
  })
  parameterSnapshot: string | null

  @Field(() => ID, { description: 'The population.' })
  population: string

  @Field(() => String, { description: 'SHA-256 of its data.' })
  dataVersion: string

  @Field(() => Int, { description: 'The tax year.' })
  year: number

  @Field(() => [ID], { description: 'The reforms, in their order.' })
  reforms: readonly string[]

  @Field(() => GraphQLJSONObject, { description: 'The conventions.' })
  options: object

  @Field(() => [String], { description: 'name@sha256 of each kernel that ran.' })
  kernels: readonly string[]

  @Field(() => String, { description: 'Version of Quesnay that submitted it.' })
  engineVersion: string
}

const SUPERSEDED = 'Use reforms: a run may have several, and this is of the first.'

@ObjectType({ description: 'What reforms do to a population in one year.' })
export class PopulationImpact {
  @Field(() => Int, { description: 'The tax year.' })
  year: number

  @Field(() => Int, { description: 'Number of units computed.' })
  units: number

  @Field(() => Int, {
    nullable: true,
    description: 'Number of households computed; as many as units where these are ranked alone.',
  })
  households: Figure

  @Field(() => Float, { nullable: true, description: 'Number of units that they stand for.' })
  weightsTotal: Figure

  @Field(() => Float, { nullable: true, description: 'Number of persons in these.' })
  personsTotal: Figure

  @Field(() => ReformImpact, { description: 'The law as it stands: its changes are 0.' })
  baseline: ReformImpact

  @Field(() => [ReformImpact], { description: 'Each reform, in the order of the question.' })
  reforms: readonly ReformImpact[]

  @Field(() => PopulationConventions, { description: 'The conventions that were used.' })
  conventions: PopulationConventions

  @Field(() => PopulationBundle, { description: 'All that the answer depends on.' })
  bundle: PopulationBundle

  @Field(() => ProgrammeBudget, { description: 'All programmes together.', deprecationReason: SUPERSEDED })
  budget: ProgrammeBudget

  @Field(() => [ProgrammeBudget], { description: 'Each programme.', deprecationReason: SUPERSEDED })
  byProgramme: readonly ProgrammeBudget[]

  @Field(() => PopulationDeciles, { description: 'By deciles.', deprecationReason: SUPERSEDED })
  deciles: PopulationDeciles

  @Field(() => AffectedUnits, { description: 'Units whose net income rises.', deprecationReason: SUPERSEDED })
  winners: AffectedUnits

  @Field(() => AffectedUnits, { description: 'Units whose net income falls.', deprecationReason: SUPERSEDED })
  losers: AffectedUnits

  /** Not in the graph: resolvers load the objects of these ids. */
  reformIds: readonly string[]
  populationId: string
}

@ObjectType({ description: 'The run after the mutation.' })
export class RunPopulationPayload {
  @Field(() => Run, { description: 'The run: watch it with runUpdated, read it with populationImpact.' })
  run: Run

  @Field(() => [Finding], { description: 'What is worth knowing about the question.' })
  findings: Finding[]
}
