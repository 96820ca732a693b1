// Trace: how a number came about.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { OperandKind } from '../rules/household/trace/traced.ts'
import './enums.ts'

@ObjectType({ description: 'A figure of the law on the day of the question.' })
export class TraceParameter {
  @Field(() => String, {
    description: 'The cell of its vector that was read, such as "JOINT"; "ALL" where there is one.',
  })
  cell: string

  @Field(() => Float, { nullable: true, description: 'Its value; null: no limit.' })
  value: number | null

  @Field(() => String, { description: 'Since which day it holds, YYYY-MM-DD.' })
  valueFrom: string

  @Field(() => String, {
    nullable: true,
    description: 'Law or publication that brought it, or the reform; where recorded.',
  })
  source: string | null

  @Field(() => Boolean, { description: 'Whether the reform sets it.' })
  reformed: boolean

  /** Not in the graph: the resolver loads the parameter of this id. */
  parameterId: string
}

@ObjectType({ description: 'What a formula reads, with its value.' })
export class TraceOperand {
  @Field(() => OperandKind, { description: 'What it is.' })
  kind: OperandKind

  @Field(() => String, { description: 'Its name in formulas, of an array the element that was read.' })
  name: string

  @Field(() => String, { description: 'What it is, in words.' })
  label: string

  @Field(() => Float, { nullable: true, description: 'Its value; null: no limit.' })
  value: number | null

  @Field(() => String, { nullable: true, description: 'Its unit; null where it has none of its own.' })
  unit: string | null

  @Field(() => Boolean, { description: 'False in the branch of a choice that was not taken: it did not count.' })
  used: boolean

  @Field(() => String, { nullable: true, description: 'Id of its node; null for data, figures, and beyond the depth.' })
  node: string | null

  @Field(() => TraceParameter, { nullable: true, description: 'Of a figure of the law: where it is from.' })
  parameter: TraceParameter | null
}

@ObjectType({ description: 'Brackets that a formula reads, and which of them.' })
export class TraceSchedule {
  @Field(() => String, { description: 'Its name in formulas, of an array with the element.' })
  name: string

  @Field(() => String, { description: 'The variable that it was read at.' })
  readAt: string

  @Field(() => Float, { description: 'The value of that.' })
  at: number

  @Field(() => Int, { description: 'The bracket that the value reaches, from 1; 0 below the first.' })
  bracket: number

  @Field(() => [Float], { nullable: 'items', description: 'Where each bracket begins; null: nowhere.' })
  thresholds: readonly (number | null)[]

  @Field(() => [Float], { nullable: 'items', description: 'The rate or amount of each bracket.' })
  values: readonly (number | null)[]

  @Field(() => String, { nullable: true, description: 'Unit of the rates or amounts.' })
  unit: string | null

  @Field(() => [TraceParameter], { description: 'The figures of the law in it: thresholds, then rates or amounts.' })
  parameters: TraceParameter[]
}

@ObjectType({ description: 'A variable of the unit, with the rule that gives it and what that reads.' })
export class TraceNode {
  @Field(() => String, { description: 'Unique in the trace.' })
  id: string

  @Field(() => OperandKind, { description: 'What it is.' })
  kind: OperandKind

  @Field(() => String, { description: 'Its name, of an array that of one element.' })
  name: string

  @Field(() => String, { description: 'What it is, in words.' })
  label: string

  @Field(() => Float, { nullable: true, description: 'Its value.' })
  value: number | null

  @Field(() => String, { nullable: true, description: 'Its unit; null where it has none of its own.' })
  unit: string | null

  @Field(() => String, { nullable: true, description: 'The rule as it is written; null for data.' })
  formula: string | null

  @Field(() => String, { nullable: true, description: 'The law that the rule is from.' })
  reference: string | null

  @Field(() => [String], { description: 'Macros that the formula uses, and what they stand for.' })
  macros: readonly string[]

  @Field(() => Int, { description: 'How many rules lie between it and the variable asked for.' })
  depth: number

  @Field(() => [TraceOperand], { description: 'What the formula reads, in its order; brackets stand in `schedules`.' })
  operands: TraceOperand[]

  @Field(() => [TraceSchedule], { description: 'Brackets that the formula reads.' })
  schedules: TraceSchedule[]
}
