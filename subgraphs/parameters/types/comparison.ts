// Two trees side by side, such as one law from two sources.
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../shared/connection.ts'
import { type ComparedSpan, SpanKind } from '../rules/compare-trees.ts'

registerEnumType(SpanKind, {
  name: 'SpanKind',
  description: 'How two trees stand to each other over a span of days.',
  valuesConfig: {
    EQUAL: { description: 'Both have the same.' },
    DIFFERS: { description: 'Both have something, and it differs.' },
    ONLY_HERE: { description: 'Only the first tree has it.' },
    ONLY_THERE: { description: 'Only the second tree has it.' },
  },
})

@InputType({ description: 'One of two trees.' })
export class ComparedTreeInput {
  @Field(() => ID, { description: 'Its id.' })
  tree: string

  @Field(() => String, {
    nullable: true,
    description: 'As known at the end of this day, month or year; absent: as known now.',
  })
  knownAt?: string | null
}

@InputType({ description: 'An id of the first tree and what it is called in the second.' })
export class IdPairInput {
  @Field(() => String, {
    description: 'Path of a parameter, or of a node with all that is below it; "" for the whole tree.',
  })
  here: string

  @Field(() => String, { description: 'Its path in the second tree.' })
  there: string
}

@ObjectType({ description: 'A parameter of two trees over days on which it changes in neither.' })
export class ParameterSpan {
  @Field(() => ID, { nullable: true, description: 'Its path in the first tree; null where it has none.' })
  here: string | null

  @Field(() => ID, { nullable: true, description: 'Its path in the second tree; null where it has none.' })
  there: string | null

  @Field(() => SpanKind, { description: 'How they stand to each other.' })
  kind: SpanKind

  @Field(() => String, { description: 'First day, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'Last day, YYYY-MM-DD.' })
  to: string

  @Field(() => String, { description: 'Unit of the values: that of the first tree.' })
  unit: string

  /** Not in the graph. */
  hereState: ComparedSpan['hereState']
  thereState: ComparedSpan['thereState']
}

export const ParameterSpanConnection = connectionOf('ParameterSpan', () => ParameterSpan)

@ObjectType({ description: 'How many spans there are of a kind.' })
export class SpanCount {
  @Field(() => SpanKind, { description: 'The kind.' })
  kind: SpanKind

  @Field(() => Int, { description: 'How many.' })
  count: number
}

@ObjectType({
  description:
    'Two trees side by side. Cells of parameters and brackets of scales are compared one by one, however a tree holds them.',
})
export class TreeComparison {
  @Field(() => [SpanCount], { description: 'How many spans there are of each kind.' })
  counts: SpanCount[]

  /** Not in the graph. */
  all: readonly ComparedSpan[]
}
