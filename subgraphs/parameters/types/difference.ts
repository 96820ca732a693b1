// What differs between two laws.
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { connectionOf } from '../../shared/connection.ts'
import type { Difference, State } from '../rules/history/difference.ts'

export const DifferenceKind = { ADDED: 'ADDED', REMOVED: 'REMOVED', CHANGED: 'CHANGED' } as const
export type DifferenceKind = (typeof DifferenceKind)[keyof typeof DifferenceKind]
registerEnumType(DifferenceKind, {
  name: 'DifferenceKind',
  description: 'How a parameter differs.',
  valuesConfig: {
    ADDED: { description: 'Only in the second law.' },
    REMOVED: { description: 'Only in the first law.' },
    CHANGED: { description: 'In both, with other values.' },
  },
})

@InputType({
  description:
    'A law: a tree as known on a day, with the changes of a reform or of a commit, on one day or (without date) on all days.',
})
export class LawInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, {
    nullable: true,
    description: 'The day: "2026" (its 1 January) or "2026-07-01"; absent: all days.',
  })
  date?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'As known at the end of this day, month or year; absent: as known now.',
  })
  knownAt?: string | null

  @Field(() => ID, { nullable: true, description: 'A reform of the tree, laid over it.' })
  reform?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A commit of the tree (its hash, a branch or a tag), laid over it.',
  })
  commit?: string | null
}

@ObjectType({ description: 'What a parameter is in a law.' })
export class ParameterState {
  @Field(() => [Float], { description: 'The values of all cells; an unlimited one is 1.7976931348623157e308.' })
  values: readonly number[]

  @Field(() => String, { nullable: true, description: 'The text, of a parameter that is one.' })
  text: string | null

  @Field(() => [String], { nullable: true, description: 'The items, of a parameter that is a list.' })
  list: readonly string[] | null
}

@ObjectType({ description: 'A parameter that differs between two laws.' })
export class ParameterDifference {
  @Field(() => ID, { description: 'Path of the parameter in its tree.' })
  id: string

  @Field(() => DifferenceKind, { description: 'How it differs.' })
  kind: DifferenceKind

  @Field(() => String, {
    nullable: true,
    description: 'First day on which it differs so; null where days were compared.',
  })
  from: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Last day on which it differs so; null for good, and where days were compared.',
  })
  to: string | null

  /** Not in the graph: positions of the cells, the states, and the id in the graph. */
  positions: readonly number[]
  states: { readonly before: State | null; readonly after: State | null }
  graphId: string
}

export const ParameterDifferenceConnection = connectionOf('ParameterDifference', () => ParameterDifference)

@ObjectType({ description: 'A formula that differs between two reforms.' })
export class FormulaDifference {
  @Field(() => ID, { description: 'Rule set of the formula.' })
  ruleSet: string

  @Field(() => String, { description: 'The rule.' })
  variable: string

  @Field(() => String, { nullable: true, description: 'The formula in the first law; null for that of the rule set.' })
  before: string | null

  @Field(() => String, { nullable: true, description: 'The formula in the second law; null for that of the rule set.' })
  after: string | null
}

@ObjectType({ description: 'What differs between two laws.' })
export class LawDiff {
  @Field(() => [FormulaDifference], { description: 'Formulas that their reforms replace differently.' })
  formulas: FormulaDifference[]

  /** Not in the graph. */
  differences: readonly Difference[]
  prefixes: { readonly base: string; readonly changed: string }
}
