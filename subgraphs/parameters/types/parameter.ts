// Parameter, ParameterTree and BracketScale: the law as figures by date.
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { FilingStatus, ParameterVector, type ScaleKind, type ScaleStyle } from '../../../schema/terms/tax.ts'
import { connectionOf } from '../../shared/connection.ts'
import type { Reference, DatedValue as RuleValue } from '../rules/tree.ts'
import './enums.ts'

@ObjectType({ description: 'Where figures come from.' })
export class ParameterSource {
  @Field(() => String, { description: 'Its name.' })
  name: string

  @Field(() => String, { description: 'Licence of the figures.' })
  licence: string

  @Field(() => String, { description: 'Day on which they were taken, YYYY-MM-DD.' })
  retrieved: string

  @Field(() => String, { nullable: true, description: 'What was done to them, if anything.' })
  note?: string | null
}

@ObjectType({ description: 'A value of a parameter that holds from a day on, as known from a day on.' })
export class DatedValue {
  @Field(() => String, { description: 'First day it holds, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'First day it was the law as known, YYYY-MM-DD.' })
  known: string

  @Field(() => [Float], { description: 'One number per cell of the parameter, in its unit.' })
  values: readonly number[]

  @Field(() => String, { nullable: true, description: 'Law or publication that brought it, where recorded.' })
  source?: string | null
}

@ObjectType({ description: 'What a parameter is on a day.' })
export class ParameterValue {
  @Field(() => Float, {
    nullable: true,
    description: 'The one value, or that of the cell asked for; null where it differs and no cell was named.',
  })
  value: number | null

  @Field(() => [Float], { description: 'The values of all cells.' })
  values: readonly number[]

  @Field(() => [String], { description: 'Names of the cells, such as "JOINT"; "ALL" where there is one.' })
  cells: readonly string[]

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => String, { description: 'Since which day it holds, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'Since which day it is known, YYYY-MM-DD.' })
  known: string

  @Field(() => String, { nullable: true, description: 'Law or publication that brought it, where recorded.' })
  source: string | null
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A figure of the law, such as a rate or a threshold, by date.' })
export class Parameter {
  @Field(() => ID, { description: 'Path, such as "us.federal.income_tax.brackets.7.rate".' })
  id: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => String, { description: 'Unit of its values, such as "USD" or "fraction".' })
  unit: string

  @Field(() => String, { nullable: true, description: 'Of an amount: the period it is for, such as "year".' })
  period: string | null

  @Field(() => ParameterVector, { description: 'What its values differ by.' })
  by: ParameterVector

  @Field(() => ParameterSource, { description: 'Where its figures come from.' })
  source: ParameterSource

  @Field(() => String, { nullable: true, description: 'Its name at the source.' })
  origin: string | null

  /** Not in the graph: its tree, and what the field resolvers read. */
  references: readonly Reference[]
  treeId: string
  values: readonly RuleValue[]
}

@ObjectType({ description: 'The brackets of a scale on a day, as parallel lists.' })
export class BracketSchedule {
  @Field(() => String, { description: 'The day, YYYY-MM-DD.' })
  date: string

  @Field(() => FilingStatus, { description: 'The filing status.' })
  status: FilingStatus

  @Field(() => [Float], { description: 'Where each bracket begins.' })
  thresholds: readonly number[]

  @Field(() => [Float], { description: 'The rate above each threshold, as a fraction.' })
  rates: readonly number[]

  @Field(() => String, { description: 'Unit of the thresholds.' })
  unit: string
}

@ObjectType({ description: 'Brackets with their rates.' })
export class BracketScale {
  @Field(() => ID, { description: 'Path; its parameters are <id>.<n>.rate and <id>.<n>.top.' })
  id: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => Int, { description: 'Number of brackets.' })
  count: number

  /** Not in the graph. */
  kind: ScaleKind
  style: ScaleStyle
  treeId: string
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'The parameters of one jurisdiction.' })
export class ParameterTree {
  @Field(() => ID, { description: 'Such as "us-federal".' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'ISO 3166 alpha-3 code of the country.' })
  country: string

  @Field(() => String, { description: 'ISO 4217 code of its money.' })
  currency: string

  @Field(() => String, { description: 'First day that the figures cover, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'Last day that the figures cover, YYYY-MM-DD.' })
  to: string

  @Field(() => ParameterSource, { description: 'Where the figures come from, unless a parameter says otherwise.' })
  source: ParameterSource

  @Field(() => String, { description: 'SHA-256 over every id, unit and dated value: equal hashes, equal law.' })
  snapshotHash: string
}

export const ParameterConnection = connectionOf('Parameter', () => Parameter)
