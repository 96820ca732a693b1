// What branches, commits and tags are made from.
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Finding } from '../../shared/types.ts'
import { ParameterChangeInput } from './reform.ts'
import { FormulaChangeInput, ReformBranch, ReformCommit, ReformTag } from './repository.ts'

@InputType({ description: 'A new branch.' })
export class CreateBranchInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, { description: 'Its name: lower-case letters, digits and hyphens.' })
  name: string

  @Field(() => String, {
    defaultValue: 'law',
    description: 'Where it starts: a branch, a tag or the hash of a commit.',
  })
  from: string
}

@InputType({ description: 'A branch to be removed; its commits stay.' })
export class DeleteBranchInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, { description: 'Its name.' })
  name: string
}

@InputType({ description: 'A parameter that is given back to the law, or a formula to the rule set.' })
export class WithdrawalInput {
  @Field(() => ID, { nullable: true, description: 'The parameter.' })
  parameter?: string | null

  @Field(() => String, { nullable: true, description: 'First day; absent: from the beginning.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'Last day; absent: for good.' })
  to?: string | null

  @Field(() => ID, { nullable: true, description: 'With variable: the rule set.' })
  ruleSet?: string | null

  @Field(() => String, { nullable: true, description: 'With ruleSet: the rule whose formula is given back.' })
  variable?: string | null
}

@InputType({ description: 'Changes to go on a branch.' })
export class CommitInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, { description: 'The branch.' })
  branch: string

  @Field(() => [ParameterChangeInput], {
    defaultValue: [],
    description: 'Changes laid over those of the head of the branch, at most 200.',
  })
  changes: ParameterChangeInput[]

  @Field(() => [FormulaChangeInput], {
    defaultValue: [],
    description: 'Formulas beside those of the head, at most 200.',
  })
  formulas: FormulaChangeInput[]

  @Field(() => [WithdrawalInput], { defaultValue: [], description: 'What of the head is withdrawn before that.' })
  withdraw: WithdrawalInput[]

  @Field(() => Boolean, { defaultValue: false, description: 'Withdraws all that the head has.' })
  replace: boolean

  @Field(() => String, { description: 'What it is for.' })
  message: string

  @Field(() => String, { description: 'Who makes it.' })
  author: string

  @Field(() => ID, {
    nullable: true,
    description: 'The head that this was made on; CONFLICT where it is another by now. Absent: the head there is.',
  })
  expectedHead?: string | null
}

@InputType({ description: 'A name for a commit.' })
export class TagCommitInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The tree.' })
  tree: string

  @Field(() => String, { description: 'Its name: lower-case letters, digits and hyphens.' })
  name: string

  @Field(() => String, { description: 'The commit: its hash, a branch or a tag.' })
  commit: string

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  message?: string | null
}

@ObjectType({ description: 'The branch after the mutation.' })
export class BranchPayload {
  @Field(() => ReformBranch, { description: 'The branch.' })
  branch: ReformBranch
}

@ObjectType({ description: 'A branch that is no more.' })
export class DeleteBranchPayload {
  @Field(() => String, { description: 'Its name.' })
  name: string
}

@ObjectType({ description: 'The commit and its branch after the mutation.' })
export class CommitPayload {
  @Field(() => ReformCommit, { description: 'The head of the branch.' })
  commit: ReformCommit

  @Field(() => ReformBranch, { description: 'The branch.' })
  branch: ReformBranch

  @Field(() => [Finding], { description: 'What is worth knowing about the changes.' })
  findings: Finding[]
}

@ObjectType({ description: 'The tag after the mutation.' })
export class TagPayload {
  @Field(() => ReformTag, { description: 'The tag.' })
  tag: ReformTag
}
