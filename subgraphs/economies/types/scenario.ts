// What economies add to a scenario: the macro path, and the scenario in the circular flow.
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { NetTaxChange, Shock } from '../../shared/types.ts'
import { AssumptionBasis } from '../rules/circular-flow-impact.ts'
import { CircularFlow } from './circular-flow.ts'
import { Economy } from './economy.ts'
import './enums.ts'

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A change of policy parameters.' })
export class Reform {
  @Field(() => ID, { description: 'Id of the reform.' })
  id: string
}

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A question of the kind "what happens if": a reform and shocks in an economy, seen over a horizon.',
})
export class Scenario {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Directive('@external')
  @Field(() => Economy, { nullable: true, description: 'The economy it plays in.' })
  economy?: Economy | null

  @Directive('@external')
  @Field(() => Reform, { nullable: true, description: 'The reform whose effect is asked.' })
  reform?: Reform | null

  @Directive('@external')
  @Field(() => Int, {
    nullable: true,
    description: 'Calendar year in which it starts; parameters are taken as of this year.',
  })
  year: number | null

  @Directive('@external')
  @Field(() => Float, { nullable: true, description: 'Years simulated.' })
  horizonYears: number | null

  @Directive('@external')
  @Field(() => [Shock], { description: 'Changes put on variables, beside the reform.' })
  shocks: Shock[]

  @Directive('@external')
  @Field(() => NetTaxChange, { nullable: true, description: 'Change in net taxes that its reform brings.' })
  netTaxChange?: NetTaxChange | null
}

@ObjectType({ description: 'The circular flow of one year without and with a scenario.' })
export class FlowComparison {
  @Field(() => Int, { description: 'Calendar year.' })
  year: number

  @Field(() => CircularFlow, { description: 'Without the scenario.' })
  baseline: CircularFlow

  @Field(() => CircularFlow, { description: 'With the scenario.' })
  scenario: CircularFlow
}

@ObjectType({ description: 'Changes of flows against the baseline, at annual rate: parallel lists over the times.' })
export class FlowChange {
  @Field(() => [Float], { description: 'Years from the start; each is the start of a quarter.' })
  times: number[]

  @Field(() => String, { description: 'Unit of the changes.' })
  unit: string

  @Field(() => [Float], { description: 'Income.' })
  Y: readonly number[]

  @Field(() => [Float], { description: 'Consumption.' })
  C: readonly number[]

  @Field(() => [Float], { description: 'Imports.' })
  M: readonly number[]

  @Field(() => [Float], { description: 'Investment: what a shock on gdp itself adds.' })
  I: readonly number[]

  @Field(() => [Float], { description: 'Disposable income of households.' })
  disposableIncome: readonly number[]

  @Field(() => [Float], { description: 'Net taxes that the reform brings.' })
  taxes: readonly number[]
}

@ObjectType({ description: 'Something that a result rests on.' })
export class Assumption {
  @Field(() => String, { description: 'Stable name.' })
  name: string

  @Field(() => Float, { nullable: true, description: 'Its value, if it is a number.' })
  value: number | null

  @Field(() => String, { nullable: true, description: 'Unit of the value.' })
  unit: string | null

  @Field(() => AssumptionBasis, { description: 'What the number rests on.' })
  basis: AssumptionBasis

  @Field(() => String, { description: 'What it says.' })
  text: string
}

@ObjectType({ description: 'A scenario in the circular flow of its economy.' })
export class CircularFlowImpact {
  @Field(() => FlowComparison, { nullable: true, description: 'The first year; null where the horizon is shorter.' })
  firstYear: FlowComparison | null

  @Field(() => FlowComparison, {
    nullable: true,
    description: 'The last full year of the horizon; null where there is none.',
  })
  endYear: FlowComparison | null

  @Field(() => FlowChange, { description: 'Changes by quarter.' })
  change: FlowChange

  @Field(() => [Assumption], { description: 'What it rests on.' })
  assumptions: Assumption[]
}
