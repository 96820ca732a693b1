// Calculation: the rules over units that the question brings, as columns.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { PERSONAL } from '../../shared/classification.ts'
import type { UnitsLoader } from '../resolvers/compute-units.ts'
import type { LoadedLaws } from '../resolvers/laws.ts'
import { LawSide } from '../rules/household/compile.ts'
import type { Units } from '../rules/household/units.ts'
import './enums.ts'

@InputType({ description: 'A datum of a unit.' })
export class NamedValueInput {
  @Field(() => String, { description: 'Column of the rule set, of an array one element: "wages[head]".' })
  name: string

  @Field(() => Float, { description: 'The value, in the unit of the column; yes is 1 and no 0.' })
  value: number
}

@InputType({ description: 'A unit, such as a tax unit; data that it does not name have their defaults.' })
export class UnitInput {
  @Field(() => [NamedValueInput], { description: 'Its data.' })
  values: NamedValueInput[]
}

@InputType({ description: 'A column of data.' })
export class UnitColumnInput {
  @Field(() => String, { description: 'Column of the rule set, of an array one element: "wages[head]".' })
  name: string

  @Field(() => [Float], {
    nullable: true,
    description: 'A value for each unit, in the unit of the column; yes is 1 and no 0.',
  })
  values?: number[] | null

  @Field(() => String, {
    nullable: true,
    description: 'The same as bytes: 64-bit floats, little-endian, in base64. Less work for many units.',
  })
  base64?: string | null
}

@InputType({ description: 'The law of a question: rules, a year, and what is changed of them.' })
export class LawInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'Id of the rule set.' })
  ruleSet: string

  @Field(() => Int, { description: 'Year whose law counts; `RuleSet.firstYear` to `lastYear`.' })
  year: number

  @Field(() => ID, { nullable: true, description: 'Id of a reform, computed beside the law as it is.' })
  reform?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'As the law was known at the end of this day, month or year; as known now where absent.',
  })
  knownAt?: string | null
}

@InputType({ description: 'Units, as `units` or as `columns`, and the law that they are computed under.' })
export class CalculateInput extends LawInput {
  @Directive(PERSONAL)
  @Field(() => [UnitInput], { nullable: true, description: 'Unit by unit, at most 50,000.' })
  units?: UnitInput[] | null

  @Directive(PERSONAL)
  @Field(() => [UnitColumnInput], {
    nullable: true,
    description: 'Or column by column, lists of one length: far less to send for many units.',
  })
  columns?: UnitColumnInput[] | null
}

@ObjectType({ description: 'A variable of all units.' })
export class ResultColumn {
  @Field(() => String, { description: 'Its name, of an array that of one element.' })
  name: string

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => String, { nullable: true, description: 'The law that defines it; null for data.' })
  reference: string | null

  @Field(() => LawSide, { nullable: true, description: 'The law it was computed under; null for a change.' })
  law: LawSide | null

  @Field(() => [Float], { description: 'A value for each unit, in the order of the units.' })
  values: Float64Array
}

@ObjectType({ description: 'The rules over units of your own: what is selected is computed, in one job of the fleet.' })
export class Calculation {
  @Field(() => Int, { description: 'The year.' })
  year: number

  @Field(() => String, { description: 'The day whose law counts, YYYY-MM-DD.' })
  lawOf: string

  @Field(() => String, { nullable: true, description: 'The day as of which the law was known; null: as known now.' })
  knownAt: string | null

  @Field(() => Int, { description: 'Number of units.' })
  units: number

  /** Not in the graph. */
  laws: LoadedLaws
  given: Units
  ask: UnitsLoader
}
