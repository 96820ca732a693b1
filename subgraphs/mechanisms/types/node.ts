// Node: a quantity that mechanisms lead from and to.

import { Directive, Field, Float, ID, ObjectType } from 'type-graphql'
import { KEPT_AN_HOUR, KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { MechanismAssumption } from './shared.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Bounds that a node is held in.' })
export class NodeRange {
  @Field(() => Float, { description: 'Lower bound.' })
  min: number

  @Field(() => Float, { description: 'Upper bound.' })
  max: number
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A quantity of a network; a stock where something influences it, else exogenous.' })
export class Node {
  @Field(() => ID, { description: 'bank@version/key.' })
  id: string

  @Field(() => String, { description: 'Id within its bank, and name of its variable in runs.' })
  key: string

  @Field(() => String, { description: 'Name for people.' })
  name: string

  @Field(() => String, { nullable: true, description: 'Category, of the bank or the commonest of its mechanisms.' })
  category: string | null

  @Field(() => String, { description: 'Unit; "SD" counts standard deviations from its reference.' })
  unit: string

  @Field(() => Float, { nullable: true, description: 'Level in the hierarchy of canonical nodes.' })
  level: number | null

  @Field(() => Boolean, { description: 'Whether it is proposed: not in the list of canonical nodes.' })
  proposed: boolean

  @Field(() => Boolean, { description: 'Whether it is simulated as a stock.' })
  stock: boolean

  @Field(() => String, { nullable: true, description: 'Macro variable whose deviation from baseline drives it.' })
  macroVariable: string | null

  @Field(() => Float, { description: 'One standard deviation, in its unit.' })
  standardDeviation: number

  @Field(() => Float, {
    nullable: true,
    description: 'Share of persons exposed, where it is a yes or no of each person.',
  })
  exposureShare: number | null

  @Field(() => Float, { description: 'Value at the start.' })
  initial: number

  @Field(() => Float, { description: 'Value that a stock decays to.' })
  reference: number

  @Field(() => Float, {
    nullable: true,
    description: 'Decay of a stock towards its reference, 1/year; null where it is none.',
  })
  decayPerYear: number | null

  @Field(() => NodeRange, { nullable: true, description: 'Bounds of a stock; null where it is none.' })
  range: NodeRange | null

  @Field(() => [MechanismAssumption], { description: 'What is assumed about it.' })
  assumptions: MechanismAssumption[]

  /** The graph shows the bank itself. */
  bankId: string
}

export const NodeConnection = connectionOf('Node', () => Node, KEPT_AN_HOUR)
