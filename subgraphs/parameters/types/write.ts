// What is written to a tree, and trees of a tenant's own.
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ParameterKind, ParameterVector, ScaleKind, ScaleStyle } from '../../../schema/terms/tax.ts'
import { Finding } from '../../shared/types.ts'
import { IndexationInput } from './indexation.ts'
import { Parameter } from './parameter.ts'
import { ParameterTree } from './tree.ts'
import './enums.ts'

@InputType({ description: 'A law or a publication.' })
export class ReferenceInput {
  @Field(() => String, { description: 'Its name, such as "26 U.S.C. 63(c)".' })
  title: string

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  href?: string | null
}

@InputType({
  description:
    'A value from a day on: one of value, values, text, list, flag and ceased, as the kind of the parameter has it.',
})
export class DatedValueInput {
  @Field(() => String, {
    description: 'First day it holds: "2026", "2026-07" or "2026-07-01"; 0000-01-01 is since ever.',
  })
  from: string

  @Field(() => String, {
    nullable: true,
    description: 'First day it was the law as known; absent: from the day it holds, at the latest from today.',
  })
  known?: string | null

  @Field(() => Float, { nullable: true, description: 'The number; 1.7976931348623157e308 is unlimited.' })
  value?: number | null

  @Field(() => [Float], { nullable: true, description: 'The numbers of all cells.' })
  values?: number[] | null

  @Field(() => String, { nullable: true, description: 'The text.' })
  text?: string | null

  @Field(() => [String], { nullable: true, description: 'The items of the list.' })
  list?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Yes or no, for all cells.' })
  flag?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'True: from this day on the parameter does not exist.' })
  ceased?: boolean | null

  @Field(() => String, { nullable: true, description: 'Unit of the numbers, where it is not that of the parameter.' })
  unit?: string | null

  @Field(() => String, { nullable: true, description: 'Law or publication that brings it.' })
  source?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'It corrects the value of the same two days.' })
  replace: boolean
}

@InputType({ description: 'A parameter that is new, or values and properties for one that there is.' })
export class ParameterInput {
  @Field(() => ID, { description: 'Its path: words of letters, digits, _ and - joined by dots.' })
  id: string

  @Field(() => String, { nullable: true, description: 'What it is; a new one needs it.' })
  label?: string | null

  @Field(() => String, { nullable: true, description: 'More about it.' })
  description?: string | null

  @Field(() => ParameterKind, { nullable: true, description: 'Of a new one: what its values are; absent: numbers.' })
  kind?: ParameterKind | null

  @Field(() => String, { nullable: true, description: 'Unit of its values; a new one with numbers needs it.' })
  unit?: string | null

  @Field(() => String, { nullable: true, description: 'Of an amount: the period it is for, such as "year".' })
  period?: string | null

  @Field(() => ParameterVector, {
    nullable: true,
    description: 'Of a new one: what its values differ by; absent: nothing.',
  })
  by?: ParameterVector | null

  @Field(() => String, {
    nullable: true,
    description: 'Of a new one, in place of by: what its values differ by, one of the vectors that the tree names.',
  })
  vector?: string | null

  @Field(() => [ReferenceInput], { nullable: true, description: 'The law that sets it, in place of what there is.' })
  references?: ReferenceInput[] | null

  @Field(() => [Float], { nullable: true, description: 'Least and greatest value that is to be expected.' })
  expected?: number[] | null

  @Field(() => IndexationInput, { nullable: true, description: 'How it goes on after its last value.' })
  indexation?: IndexationInput | null

  @Field(() => [DatedValueInput], { defaultValue: [], description: 'Values to add.' })
  values: DatedValueInput[]
}

@InputType({ description: 'Brackets made of parameters.' })
export class ScaleInput {
  @Field(() => ID, { description: 'Path that the ids of its parameters begin with.' })
  id: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => ScaleKind, { description: 'How it is applied to an amount.' })
  kind: ScaleKind

  @Field(() => ScaleStyle, { defaultValue: 'THRESHOLDS', description: 'How it names its parameters.' })
  style: ScaleStyle

  @Field(() => Int, { description: 'Number of brackets, 1 to 500.' })
  count: number

  @Field(() => String, {
    nullable: true,
    description: 'Unit of the amounts it is applied to; absent: the money of the tree.',
  })
  unit?: string | null
}

@InputType({ description: 'What is to be written to a tree, all of it or nothing.' })
export class SaveParametersInput {
  @Field(() => ID, { description: 'The tree.' })
  tree: string

  @Field(() => [ParameterInput], { defaultValue: [], description: 'Parameters, at most 5,000.' })
  parameters: ParameterInput[]

  @Field(() => [ScaleInput], { defaultValue: [], description: 'Scales to add, or to put in place of those there are.' })
  scales: ScaleInput[]

  @Field(() => String, { nullable: true, description: 'First day that the tree covers from now on.' })
  from?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Last day that the tree covers from now on: "2027" is its 31 December.',
  })
  to?: string | null

  @Field(() => String, { description: 'Why.' })
  message: string

  @Field(() => String, { description: 'Who writes.' })
  author: string

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks.' })
  dryRun: boolean
}

@InputType({ description: 'A dated value, or a new parameter, for a tree.' })
export class SetParameterInput {
  @Field(() => ID, { description: 'The tree.' })
  tree: string

  @Field(() => ParameterInput, { description: 'The parameter.' })
  parameter: ParameterInput

  @Field(() => String, { description: 'Why.' })
  message: string

  @Field(() => String, { description: 'Who writes.' })
  author: string
}

@InputType({ description: 'What values of a tree may differ by, named by the tree.' })
export class TreeVectorInput {
  @Field(() => String, { description: 'Name in capitals, such as "NATION".' })
  name: string

  @Field(() => [String], { description: 'Names of its cells, in the order of values.' })
  cells: string[]
}

@InputType({ description: 'A new tree, empty or a copy.' })
export class CreateParameterTreeInput {
  @Field(() => ID, { description: 'Its id: lower-case letters, digits and hyphens.' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => ID, { nullable: true, description: 'A tree to copy all from; what is given here goes before it.' })
  copyOf?: string | null

  @Field(() => String, { nullable: true, description: 'ISO 3166 alpha-3 code of the country; needed without copyOf.' })
  country?: string | null

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of its money; needed without copyOf.' })
  currency?: string | null

  @Field(() => String, { nullable: true, description: 'First day that it covers; needed without copyOf.' })
  from?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Last day that it covers: "2026" is its 31 December; needed without copyOf.',
  })
  to?: string | null

  @Field(() => [TreeVectorInput], {
    nullable: true,
    description: 'What its values may differ by beside filing status and children; absent: as in the tree copied.',
  })
  vectors?: TreeVectorInput[] | null

  @Field(() => String, { nullable: true, description: 'Where the figures come from; needed without copyOf.' })
  source?: string | null

  @Field(() => String, { nullable: true, description: 'Licence of the figures; needed without copyOf.' })
  licence?: string | null

  @Field(() => String, { description: 'Who makes it.' })
  author: string
}

@ObjectType({ description: 'What came of a write: all of it, or nothing and every fault.' })
export class SaveParametersPayload {
  @Field(() => ParameterTree, { description: 'The tree after it.' })
  tree: ParameterTree

  @Field(() => Boolean, { description: 'Whether it was stored; not where a finding is an ERROR, nor on a dry run.' })
  saved: boolean

  @Field(() => [Parameter], { description: 'The parameters written, as they are now; none where nothing was stored.' })
  parameters: Parameter[]

  @Field(() => [Finding], { description: 'What is wrong or worth knowing.' })
  findings: readonly Finding[]
}

@ObjectType({ description: 'The tree after the mutation.' })
export class ParameterTreePayload {
  @Field(() => ParameterTree, { description: 'The tree.' })
  tree: ParameterTree
}
