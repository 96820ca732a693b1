// Scenario: what is changed, where, and how far ahead one looks.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ShockMode } from '../../../schema/terms/scenario.ts'
import { connectionOf } from '../../shared/connection.ts'
import { CompiledModel, DateTime, Finding, MacroPath, Shock } from '../../shared/types.ts'
import { Economy, MechanismBank, Portfolio } from './stubs.ts'
import { UploadedModel } from './uploaded-model.ts'

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A question of the kind "what happens if": a reform and shocks in an economy, seen over a horizon.',
})
export class Scenario {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it asks, in a few sentences.' })
  description: string | null

  @Field(() => Economy, { nullable: true, description: 'The economy it plays in.' })
  economy: Economy | null

  @Field(() => Reform, { nullable: true, description: 'The reform whose effect is asked.' })
  reform: Reform | null

  @Field(() => MechanismBank, { nullable: true, description: 'The bank whose network is simulated.' })
  bank: MechanismBank | null

  @Field(() => Portfolio, { nullable: true, description: 'The portfolio that is revalued.' })
  portfolio: Portfolio | null

  @Field(() => UploadedModel, {
    nullable: true,
    description: 'The model of your own that is simulated, if it is not a bank.',
  })
  uploadedModel: UploadedModel | null

  @Field(() => Int, {
    nullable: true,
    description:
      'Calendar year in which it starts; parameters are taken as of this year. Null for an uploaded model, which has its own time.',
  })
  year: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Years simulated; null for an uploaded model: see `uploadedModel { time { start stop } }`.',
  })
  horizonYears: number | null

  @Field(() => Int, { description: 'Monte Carlo draws.' })
  draws: number

  @Field(() => String, { description: 'Seed of the draws, an unsigned 64-bit number.' })
  seed: string

  @Field(() => Int, {
    nullable: true,
    description:
      'Steps of integration a year (Euler); null for an uploaded model: see `uploadedModel { time { dt } }`.',
  })
  stepsPerYear: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Results saved a year; divides stepsPerYear. Null for an uploaded model.',
  })
  savesPerYear: number | null

  @Field(() => [Shock], { description: 'Changes put on variables, beside the reform.' })
  shocks: Shock[]

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: Date

  @Directive('@external')
  @Field(() => MacroPath, { nullable: true, description: 'How the economy moves under the scenario.' })
  macroPath?: MacroPath | null

  @Directive('@external')
  @Field(() => CompiledModel, { nullable: true, description: 'The bank compiled to a model.' })
  model?: CompiledModel | null
}

export const ScenarioConnection = connectionOf('Scenario', () => Scenario)

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A change of policy parameters.' })
export class Reform {
  @Field(() => ID, { description: 'Id of the reform.' })
  id: string
}

@InputType({ description: 'A change to put on one variable.' })
export class ShockInput {
  @Field(() => String, { description: 'A macro variable or an exogenous node of the network.' })
  variable: string

  @Field(() => ShockMode, { defaultValue: ShockMode.ADD, description: 'How it acts.' })
  mode: ShockMode

  @Field(() => Float, { description: 'Its size, in the unit of the variable.' })
  value: number

  @Field(() => Float, { defaultValue: 0, description: 'First year it acts.' })
  from: number

  @Field(() => Float, { nullable: true, description: 'Year it ends (exclusive); the end of the horizon where absent.' })
  to?: number | null
}

@InputType({ description: 'A new scenario.' })
export class CreateScenarioInput {
  @Field(() => ID, { nullable: true, description: 'Id of your choice; made for you where absent.' })
  id?: string | null

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it asks.' })
  description?: string | null

  @Field(() => ID, { nullable: true, description: 'Economy it plays in (ISO 3166 alpha-3), such as "USA".' })
  economyId?: string | null

  @Field(() => ID, { nullable: true, description: 'Reform whose effect is asked.' })
  reformId?: string | null

  @Field(() => ID, { nullable: true, description: 'Bank whose network is simulated (name@version).' })
  bankId?: string | null

  @Field(() => ID, { nullable: true, description: 'Portfolio to revalue.' })
  portfolioId?: string | null

  @Field(() => Int, { defaultValue: 2025, description: 'Calendar year in which it starts.' })
  year: number

  @Field(() => Float, { defaultValue: 10, description: 'Years to simulate, above 0 and at most 100.' })
  horizonYears: number

  @Field(() => Int, { defaultValue: 1000, description: 'Monte Carlo draws, 1 to 100,000.' })
  draws: number

  @Field(() => String, { defaultValue: '1', description: 'Seed of the draws, an unsigned 64-bit number.' })
  seed: string

  @Field(() => Int, { defaultValue: 12, description: 'Steps of integration a year, 1 to 365.' })
  stepsPerYear: number

  @Field(() => Int, { defaultValue: 4, description: 'Results saved a year; divides stepsPerYear.' })
  savesPerYear: number

  @Field(() => [ShockInput], { defaultValue: [], description: 'Changes to put on variables.' })
  shocks: ShockInput[]
}

@ObjectType({ description: 'The scenario after the mutation.' })
export class ScenarioPayload {
  @Field(() => Scenario, { description: 'The scenario: ask for its `run` to have it computed.' })
  scenario: Scenario

  @Field(() => [Finding], { description: 'What is worth knowing about the input.' })
  findings: Finding[]
}
