// RuleSet: the law of one country as formulas, its data, its variables and its programmes.

import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { ProgrammeKind } from '../../../schema/terms/population.ts'
import { KEPT_AN_HOUR } from '../../shared/cache-control.ts'
import type { RuleSet as Rules } from '../rules/rule-set/rule-set.ts'

registerEnumType(ProgrammeKind, {
  name: 'ProgrammeKind',
  description: 'Which side of the budget a programme is on.',
  valuesConfig: {
    TAX: { description: 'Revenue: what it rises by, a unit loses.' },
    BENEFIT: { description: 'An outlay: what it rises by, a unit gains.' },
  },
})

@ObjectType({ description: 'A datum or a rule of a rule set.' })
export class RuleVariable {
  @Field(() => String, { description: 'Name, such as "taxable income"; in formulas a blank is written _.' })
  name: string

  @Field(() => String, { description: 'Unit.' })
  unit: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => String, { nullable: true, description: 'The law that defines it; null for data.' })
  reference: string | null

  @Field(() => [String], { description: 'Names of its numbers: its own, or of an array those of its elements.' })
  elements: readonly string[]

  @Field(() => String, { nullable: true, description: 'The rule as it is written; null for data.' })
  formula: string | null

  @Field(() => String, { nullable: true, description: 'File of the rule set that it stands in; null for data.' })
  file: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'Of a datum: what holds where none is given; null: it must be given.',
  })
  default: number | null

  @Field(() => Float, { nullable: true, description: 'Of a datum: the least it may be.' })
  min: number | null

  @Field(() => Float, { nullable: true, description: 'Of a datum: the most it may be.' })
  max: number | null

  @Field(() => Boolean, { description: 'Of a datum: whether it is a whole number, a count or a code.' })
  integer: boolean

  /** Not in the graph. */
  rules: Rules
}

@ObjectType({ description: 'A heading of the budget.' })
export class RuleProgramme {
  @Field(() => String, { description: 'Its name.' })
  name: string

  @Field(() => ProgrammeKind, { description: 'Which side of the budget it is on.' })
  kind: ProgrammeKind

  @Field(() => String, { description: 'The variable that it is counted by.' })
  variable: string
}

@ObjectType({ description: 'A column that others name otherwise.' })
export class MappedColumn {
  @Field(() => String, { description: 'Their name.' })
  theirs: string

  @Field(() => String, { description: 'The column here, of an array one element.' })
  ours: string

  @Field(() => Float, { description: 'Their value times this is ours.' })
  factor: number
}

@ObjectType({ description: 'A variable that others name otherwise.' })
export class MappedVariable {
  @Field(() => String, { description: 'Their name.' })
  theirs: string

  @Field(() => String, { description: 'The variable here.' })
  ours: string
}

@ObjectType({ description: 'A column of others that is the sum of some of their columns.' })
export class MappedTotal {
  @Field(() => String, { description: 'Their name of the sum.' })
  total: string

  @Field(() => [String], { description: 'Their names of its parts.' })
  parts: readonly string[]
}

@ObjectType({ description: 'What others call the data and variables of a rule set.' })
export class RuleMapping {
  @Field(() => String, { description: 'Whose names they are, such as "taxcalc".' })
  name: string

  @Field(() => String, {
    nullable: true,
    description: 'Their column that tells units apart; null where there is none.',
  })
  identifier: string | null

  @Field(() => [MappedTotal], { description: 'Columns of theirs that say nothing that others do not.' })
  totals: readonly MappedTotal[]

  @Field(() => [MappedColumn], { description: 'Their columns of data.' })
  inputs: readonly MappedColumn[]

  @Field(() => [MappedVariable], { description: 'Their names of results.' })
  outputs: readonly MappedVariable[]
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'The law of one country as rules, which compute a unit from its data and the parameters.' })
export class RuleSet {
  @Field(() => ID, { description: 'Such as "us-federal".' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'What the rules hold and what they leave out.' })
  description: string

  @Field(() => String, { description: 'ISO 3166 alpha-3 code of the country.' })
  country: string

  @Field(() => String, { description: 'ISO 4217 code of its money.' })
  currency: string

  @Field(() => String, { description: 'What a unit is, such as "tax unit".' })
  unit: string

  @Field(() => Int, { description: 'First year they are for.' })
  firstYear: number

  @Field(() => Int, { description: 'Last year they are for.' })
  lastYear: number

  @Field(() => String, { description: 'MM-DD: the law of this day of a year is that of the year.' })
  lawOf: string

  @Field(() => [RuleVariable], { description: 'Data that each unit brings; of an array each element.' })
  data: RuleVariable[]

  @Field(() => [RuleVariable], { description: 'What is computed, in the order of the rules.' })
  variables: RuleVariable[]

  @Field(() => [RuleProgramme], { description: 'Headings of the budget.' })
  programmes: readonly RuleProgramme[]

  @Field(() => String, { description: 'SHA-256 of the rules and of the parameters that they name.' })
  hash: string

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the plan that the rules are compiled to.',
    deprecationReason: 'A plan holds what is asked for and no more: see `hash`, and `Run.provenance { planHash }`.',
  })
  planHash: string | null

  /** Not in the graph. */
  rules: Rules
}
