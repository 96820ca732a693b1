// The repository of reforms of a tree: branches, commits, tags.
import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime } from '../../shared/types.ts'

@ObjectType({ description: 'A formula of a rule set that a reform replaces.' })
export class FormulaChange {
  @Field(() => ID, { description: 'The rule set.' })
  ruleSet: string

  @Field(() => String, { description: 'The rule whose formula it is.' })
  variable: string

  @Field(() => String, { description: 'The formula in its place.' })
  formula: string
}

@InputType({ description: 'A formula to put in place of that of a rule set.' })
export class FormulaChangeInput {
  @Field(() => ID, { description: 'The rule set.' })
  ruleSet: string

  @Field(() => String, { description: 'The rule; case, blanks and underscores do not count.' })
  variable: string

  @Field(() => String, { description: 'The formula, in the formula language.' })
  formula: string
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A state of a reform in the repository of its tree, and what it comes from.' })
export class ReformCommit {
  @Field(() => ID, { description: 'SHA-256 over tree, parents, snapshot, author, message and time.' })
  id: string

  @Field(() => String, { description: 'Who made it.' })
  author: string

  @Field(() => String, { description: 'What it is for.' })
  message: string

  @Field(() => DateTime, { description: 'When it was made.' })
  at: Date

  @Field(() => String, { description: 'SHA-256 over its changes and formulas: equal hashes, equal reforms.' })
  snapshotHash: string

  /** Not in the graph. */
  treeId: string
  parentIds: readonly string[]
}

export const ReformCommitConnection = connectionOf('ReformCommit', () => ReformCommit)

@ObjectType({ description: 'A line of commits that goes on.' })
export class ReformBranch {
  @Field(() => String, { description: 'Its name in the tree; "law" is the law as it is and takes no commits.' })
  name: string

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: Date

  @Field(() => DateTime, { description: 'When its head was last moved.' })
  movedAt: Date

  /** Not in the graph. */
  treeId: string
  headId: string
}

export const ReformBranchConnection = connectionOf('ReformBranch', () => ReformBranch)

@ObjectType({ description: 'A name for a commit that stays.' })
export class ReformTag {
  @Field(() => String, { description: 'Its name in the tree.' })
  name: string

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  message: string | null

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: Date

  /** Not in the graph. */
  treeId: string
  commitId: string
}

export const ReformTagConnection = connectionOf('ReformTag', () => ReformTag)
