// Reform: changes laid over the law, stored once and never changed.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { FilingStatus } from '../../../schema/terms/tax.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime, Finding } from '../../shared/types.ts'
import { FormulaChange, FormulaChangeInput } from './repository.ts'
import './enums.ts'

@ObjectType({ description: 'A change of one parameter for a span of days.' })
export class ParameterChange {
  @Field(() => String, { description: 'First day of the change, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { nullable: true, description: 'Last day of the change, YYYY-MM-DD; null for good.' })
  to: string | null

  @Field(() => [Float], {
    nullable: 'items',
    description: 'One number per cell of the parameter, in its unit; null where the law is left.',
  })
  values: readonly (number | null)[]

  /** Not in the graph: the resolver loads the parameter of this path in this tree. */
  parameterId: string
  treeId: string
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A change of policy parameters.' })
export class Reform {
  @Field(() => ID, { description: 'Id of the reform.' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description: string | null

  @Field(() => [ParameterChange], { description: 'Its changes; of two that meet, the later in the list holds.' })
  changes: ParameterChange[]

  @Field(() => [FormulaChange], { description: 'Formulas that it replaces.' })
  formulas: readonly FormulaChange[]

  @Field(() => String, {
    description:
      'SHA-256 over tree, changes and formulas: equal hashes, equal reforms, however their changes are written.',
  })
  snapshotHash: string

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: Date

  /** Not in the graph: the commit it was made from. */
  treeId: string
  commitHash: string | null
}

export const ReformConnection = connectionOf('Reform', () => Reform)

@InputType({ description: 'A change of one parameter: one `value`, or all `values`.' })
export class ParameterChangeInput {
  @Field(() => ID, { description: 'Path of the parameter, such as "us.federal.income_tax.brackets.7.rate".' })
  parameter: string

  @Field(() => String, { description: 'First day: "2026", "2026-07" or "2026-07-01".' })
  from: string

  @Field(() => String, {
    nullable: true,
    description: 'Last day, in the same forms ("2026" is its 31 December); absent: for good.',
  })
  to?: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'The new value: for every cell, or for the cell, status or children named.',
  })
  value?: number | null

  @Field(() => [Float], { nullable: true, description: 'The new values, one per cell of the parameter.' })
  values?: number[] | null

  @Field(() => String, { nullable: true, description: 'With value: only for this one of the cells of the parameter.' })
  cell?: string | null

  @Field(() => FilingStatus, { nullable: true, description: 'With value: only for this filing status.' })
  status?: FilingStatus | null

  @Field(() => Int, { nullable: true, description: 'With value: only for this number of children, 0 to 3.' })
  children?: number | null

  @Field(() => String, {
    description: 'Unit of the number given, such as "percent"; it is converted to that of the parameter.',
  })
  unit: string
}

@InputType({ description: 'A new reform.' })
export class CreateReformInput {
  @Field(() => ID, { nullable: true, description: 'Id of your choice; made for you where absent.' })
  id?: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'The tree whose parameters are changed; absent: that of the first of them, else of the first formula, else us-federal.',
  })
  tree?: string | null

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description?: string | null

  @Field(() => [ParameterChangeInput], { defaultValue: [], description: 'The changes, at most 200.' })
  changes: ParameterChangeInput[]

  @Field(() => [FormulaChangeInput], { defaultValue: [], description: 'Formulas to replace, at most 200.' })
  formulas: FormulaChangeInput[]

  @Field(() => String, {
    nullable: true,
    description: 'In place of changes and formulas: those of a commit of the tree, by its hash, a branch or a tag.',
  })
  commit?: string | null
}

@ObjectType({ description: 'The reform after the mutation.' })
export class ReformPayload {
  @Field(() => Reform, { description: 'The reform.' })
  reform: Reform

  @Field(() => [Finding], { description: 'What is worth knowing about the changes.' })
  findings: Finding[]
}
