// How a parameter goes on by an index.
import { Directive, Field, Float, ID, InputType, ObjectType } from 'type-graphql'
import { RoundingMode } from '../../../schema/terms/tax.ts'
import { KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import './enums.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'To which multiples amounts are rounded.' })
export class Rounding {
  @Field(() => RoundingMode, { description: 'To which of the two nearest.' })
  mode: RoundingMode

  @Field(() => Float, { description: 'The multiples, in the unit of the parameter.' })
  interval: number
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'How a parameter goes on after its last value of the law.' })
export class ParameterIndexation {
  @Field(() => ID, { description: 'The parameter that is the index, or "self" for its own yearly growth.' })
  index: string

  @Field(() => Rounding, { nullable: true, description: 'How amounts are rounded; null where they are not.' })
  rounding: Rounding | null

  @Field(() => String, {
    nullable: true,
    description:
      'Day from whose value and index it goes on (of "self": from which growth is measured), where it is not that of the last value.',
  })
  from?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Last day for which it goes on (of "self": to which growth is measured), where there is one.',
  })
  to?: string | null

  @Field(() => Boolean, {
    description:
      'Each value comes from the rounded one before it; otherwise all come from the unrounded last value of the law.',
  })
  chained: boolean
}

@InputType({ description: 'To which multiples amounts are rounded.' })
export class RoundingInput {
  @Field(() => RoundingMode, { description: 'To which of the two nearest.' })
  mode: RoundingMode

  @Field(() => Float, { description: 'The multiples, above 0, in the unit of the parameter.' })
  interval: number
}

@InputType({ description: 'How a parameter goes on after its last value of the law.' })
export class IndexationInput {
  @Field(() => ID, { description: 'A parameter of the same tree, or "self" for its own yearly growth.' })
  index: string

  @Field(() => RoundingInput, { nullable: true, description: 'How amounts are rounded; absent: not at all.' })
  rounding?: RoundingInput | null

  @Field(() => String, { nullable: true, description: 'See ParameterIndexation.from.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'See ParameterIndexation.to.' })
  to?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'See ParameterIndexation.chained.' })
  chained: boolean
}

@InputType({ description: 'A value of an index from a day on.' })
export class IndexPointInput {
  @Field(() => String, { description: 'First day: "2027" or "2027-07-01".' })
  from: string

  @Field(() => Float, { description: 'The index; only ratios count.' })
  value: number
}
