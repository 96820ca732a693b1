// BracketScale: brackets with their rates or amounts, and what they come to.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { FilingStatus, ScaleKind, ScaleStyle } from '../../../schema/terms/tax.ts'
import './enums.ts'

@ObjectType({ description: 'The brackets of a scale on a day, as parallel lists by rising threshold.' })
export class BracketSchedule {
  @Field(() => String, { description: 'The day, YYYY-MM-DD.' })
  date: string

  @Field(() => FilingStatus, {
    nullable: true,
    description: 'The filing status; null where the brackets do not differ by it.',
  })
  status: FilingStatus | null

  @Field(() => String, {
    nullable: true,
    description: 'The cell that the brackets are of; null where they differ by nothing.',
  })
  cell: string | null

  @Field(() => [Float], {
    description: 'Where each bracket begins; one that is never reached at 1.7976931348623157e308.',
  })
  thresholds: readonly number[]

  @Field(() => [Float], { description: 'The rate of each bracket, as a fraction; none in a scale of amounts.' })
  rates: readonly number[]

  @Field(() => [Float], { description: 'The amount of each bracket; none in a scale of rates.' })
  amounts: readonly number[]

  @Field(() => String, { description: 'Unit of the thresholds.' })
  unit: string
}

@ObjectType({ description: 'Brackets with rates or amounts.' })
export class BracketScale {
  @Field(() => ID, {
    description:
      'Path; its parameters are <id>.<n>.rate and <id>.<n>.top, or <id>.<n>.threshold and <id>.<n>.rate, amount or average_rate.',
  })
  id: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => ScaleKind, { description: 'How it is applied to an amount.' })
  kind: ScaleKind

  @Field(() => ScaleStyle, { description: 'Whether its parameters say where brackets end or where they begin.' })
  style: ScaleStyle

  @Field(() => Int, { description: 'Number of brackets; on some days there may be fewer.' })
  count: number

  /** Not in the graph. */
  unit?: string
  treeId: string
}
