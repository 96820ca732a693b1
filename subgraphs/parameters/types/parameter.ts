// Parameter: a figure of the law by date, its values and where they come from.
import { Directive, Field, Float, ID, ObjectType } from 'type-graphql'
import { ParameterKind, ParameterVector } from '../../../schema/terms/tax.ts'
import { KEPT_AS_ITS_PARENT, KEPT_FIVE_MINUTES } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import type { Indexation, DatedValue as RuleValue } from '../rules/tree.ts'
import type { Vector } from '../rules/vector.ts'
import './enums.ts'

const UNLIMITED = 'An unlimited value is 1.7976931348623157e308, the greatest of a Float.'

@Directive(KEPT_AS_ITS_PARENT)
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

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'A law or a publication.' })
export class ParameterReference {
  @Field(() => String, { description: 'Its name, such as "26 U.S.C. 63(c)".' })
  title: string

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  href?: string | null
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'A value of a parameter that holds from a day on, as known from a day on.' })
export class DatedValue {
  @Field(() => String, { description: 'First day it holds, YYYY-MM-DD; 0000-01-01 is since ever.' })
  from: string

  @Field(() => String, { description: 'First day it was the law as known, YYYY-MM-DD.' })
  known: string

  @Field(() => [Float], {
    description: `One number per cell of the parameter, in its unit; none where it has ceased or is a text or a list. ${UNLIMITED}`,
  })
  values: readonly number[]

  @Field(() => String, { nullable: true, description: 'The text, of a parameter that is one.' })
  text?: string | null

  @Field(() => [String], { nullable: true, description: 'The items, of a parameter that is a list.' })
  list?: readonly string[] | null

  @Field(() => Boolean, { description: 'From this day on the parameter does not exist.' })
  ceased: boolean

  @Field(() => Boolean, { description: 'Computed by indexation, not written by the law.' })
  derived: boolean

  @Field(() => String, { nullable: true, description: 'Law or publication that brought it, where recorded.' })
  source?: string | null
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'What a parameter is on a day.' })
export class ParameterValue {
  @Field(() => Float, {
    nullable: true,
    description: `The one value, or that of the cell asked for; null where it differs and no cell was named. ${UNLIMITED}`,
  })
  value: number | null

  @Field(() => [Float], { description: `The values of all cells. ${UNLIMITED}` })
  values: readonly number[]

  @Field(() => Boolean, { nullable: true, description: 'Yes or no, of a parameter that is so: the value as a flag.' })
  flag: boolean | null

  @Field(() => String, { nullable: true, description: 'The text, of a parameter that is one.' })
  text: string | null

  @Field(() => [String], { nullable: true, description: 'The items, of a parameter that is a list.' })
  list: readonly string[] | null

  @Field(() => [String], { description: 'Names of the cells, such as "JOINT"; "ALL" where there is one.' })
  cells: readonly string[]

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => String, { description: 'Since which day it holds, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'Since which day it is known, YYYY-MM-DD.' })
  known: string

  @Field(() => Boolean, { description: 'Computed by indexation, not written by the law.' })
  derived: boolean

  @Field(() => String, { nullable: true, description: 'Law or publication that brought it, where recorded.' })
  source: string | null
}

@Directive(KEPT_FIVE_MINUTES)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A figure of the law, such as a rate or a threshold, by date.' })
export class Parameter {
  @Field(() => ID, {
    description:
      'Path, such as "us.federal.income_tax.brackets.7.rate"; it begins with the tree and a slash where another tree had its paths first.',
  })
  id: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => String, { nullable: true, description: 'More about it.' })
  description?: string | null

  @Field(() => ParameterKind, { description: 'What its values are.' })
  kind: ParameterKind

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
  vector?: Vector
  references: readonly ParameterReference[]
  treeId: string
  values: readonly RuleValue[]
  indexation?: Indexation
}

export const ParameterConnection = connectionOf('Parameter', () => Parameter, KEPT_FIVE_MINUTES)
