// Merges of branches: what is asked, what came of it, what is in conflict.
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { Finding } from '../../shared/types.ts'
import { ReformBranch, ReformCommit } from './repository.ts'

export const MergeStrategy = { REPORT: 'REPORT', OURS: 'OURS', THEIRS: 'THEIRS' } as const
export type MergeStrategy = (typeof MergeStrategy)[keyof typeof MergeStrategy]
registerEnumType(MergeStrategy, {
  name: 'MergeStrategy',
  description: 'What is done about conflicts that no resolution settles.',
  valuesConfig: {
    REPORT: { description: 'They are reported, and nothing is stored.' },
    OURS: { description: 'The side of the branch that is merged into holds.' },
    THEIRS: { description: 'The side that is merged holds.' },
  },
})

export const MergeSide = { BASE: 'BASE', OURS: 'OURS', THEIRS: 'THEIRS' } as const
export type MergeSide = (typeof MergeSide)[keyof typeof MergeSide]
registerEnumType(MergeSide, {
  name: 'MergeSide',
  description: 'One of the three sides of a merge.',
  valuesConfig: {
    BASE: { description: 'What both come from.' },
    OURS: { description: 'The branch that is merged into.' },
    THEIRS: { description: 'What is merged.' },
  },
})

export const MergeOutcome = {
  UP_TO_DATE: 'UP_TO_DATE',
  FAST_FORWARD: 'FAST_FORWARD',
  MERGED: 'MERGED',
  CONFLICTS: 'CONFLICTS',
  UNLAWFUL: 'UNLAWFUL',
} as const
export type MergeOutcome = (typeof MergeOutcome)[keyof typeof MergeOutcome]
registerEnumType(MergeOutcome, {
  name: 'MergeOutcome',
  description: 'What came of a merge.',
  valuesConfig: {
    UP_TO_DATE: { description: 'The branch had all of it already.' },
    FAST_FORWARD: { description: 'The branch had nothing of its own and was moved.' },
    MERGED: { description: 'A commit with both as parents was made.' },
    CONFLICTS: { description: 'Both changed the same; nothing was stored.' },
    UNLAWFUL: { description: 'Together the changes make no law, as the findings say; nothing was stored.' },
  },
})

@InputType({
  description:
    'The side that holds in a conflict: of a parameter (one cell or all, some days or all), or of a formula.',
})
export class MergeResolutionInput {
  @Field(() => ID, { nullable: true, description: 'The parameter.' })
  parameter?: string | null

  @Field(() => String, { nullable: true, description: 'Name of a cell, such as "JOINT"; absent: all cells.' })
  cell?: string | null

  @Field(() => String, { nullable: true, description: 'First day; absent: from the beginning.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'Last day; absent: for good.' })
  to?: string | null

  @Field(() => ID, { nullable: true, description: 'With variable: the rule set.' })
  ruleSet?: string | null

  @Field(() => String, { nullable: true, description: 'With ruleSet: the rule.' })
  variable?: string | null

  @Field(() => MergeSide, { description: 'The side that holds.' })
  take: MergeSide
}

@InputType({ description: 'A merge of one line of commits into a branch.' })
export class MergeBranchesInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, { description: 'The branch that is merged into.' })
  into: string

  @Field(() => String, { description: 'What is merged: a branch, a tag or the hash of a commit.' })
  from: string

  @Field(() => MergeStrategy, { defaultValue: 'REPORT', description: 'What is done about conflicts.' })
  strategy: MergeStrategy

  @Field(() => [MergeResolutionInput], {
    defaultValue: [],
    description: 'Which side holds in conflicts, before the strategy; the first that fits decides.',
  })
  resolutions: MergeResolutionInput[]

  @Field(() => String, { nullable: true, description: 'What the merge is for; made for you where absent.' })
  message?: string | null

  @Field(() => String, { description: 'Who merges.' })
  author: string

  @Field(() => ID, {
    nullable: true,
    description: 'The head of `into` that this was decided on; CONFLICT where it is another by now.',
  })
  expectedHead?: string | null
}

@ObjectType({ description: 'A cell of a parameter that both sides set differently on the same days.' })
export class MergeConflict {
  @Field(() => String, { description: 'Name of the cell, such as "JOINT".' })
  cell: string

  @Field(() => String, { description: 'First day, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { nullable: true, description: 'Last day, YYYY-MM-DD; null for good.' })
  to: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'In what both come from; null where it left the law, or where that is itself in conflict.',
  })
  base: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'In the branch that is merged into; null where it leaves the law.',
  })
  ours: number | null

  @Field(() => Float, { nullable: true, description: 'In what is merged; null where it leaves the law.' })
  theirs: number | null

  /** Not in the graph: path of the parameter in its tree. */
  parameterId: string
  treeId: string
}

@ObjectType({ description: 'A formula that both sides replaced differently.' })
export class FormulaConflict {
  @Field(() => ID, { description: 'The rule set.' })
  ruleSet: string

  @Field(() => String, { description: 'The rule.' })
  variable: string

  @Field(() => String, { nullable: true, description: 'In what both come from; null for that of the rule set.' })
  base: string | null

  @Field(() => String, {
    nullable: true,
    description: 'In the branch that is merged into; null for that of the rule set.',
  })
  ours: string | null

  @Field(() => String, { nullable: true, description: 'In what is merged; null for that of the rule set.' })
  theirs: string | null
}

@ObjectType({ description: 'What came of a merge.' })
export class MergePayload {
  @Field(() => MergeOutcome, { description: 'What came of it.' })
  outcome: MergeOutcome

  @Field(() => ReformBranch, { description: 'The branch that was merged into.' })
  branch: ReformBranch

  @Field(() => ReformCommit, { description: 'The head of the branch.' })
  commit: ReformCommit

  @Field(() => [ID], {
    description: 'What both come from last: one commit, several where lines were merged crosswise.',
  })
  bases: readonly string[]

  @Field(() => [MergeConflict], { description: 'By parameter, cell and day.' })
  conflicts: MergeConflict[]

  @Field(() => [FormulaConflict], { description: 'Formulas in conflict.' })
  formulaConflicts: FormulaConflict[]

  @Field(() => [Finding], { description: 'Why the changes make no law together, if so.' })
  findings: Finding[]
}
