// The audit: what was asked of the gateway, by whom, and what it rested on.
import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { DateTime, PageInfo } from '../../shared/types.ts'

export const OperationType = {
  QUERY: 'QUERY',
  MUTATION: 'MUTATION',
  SUBSCRIPTION: 'SUBSCRIPTION',
  INVALID: 'INVALID',
} as const
export type OperationType = (typeof OperationType)[keyof typeof OperationType]
registerEnumType(OperationType, {
  name: 'OperationType',
  description: 'What an operation does.',
  valuesConfig: {
    QUERY: { description: 'It reads.' },
    MUTATION: { description: 'It changes something.' },
    SUBSCRIPTION: { description: 'It is pushed what changes.' },
    INVALID: { description: 'Nothing: what came was no valid operation, or its credentials did not hold.' },
  },
})

@ObjectType({ description: 'A version of something that an answer was made from.' })
export class AuditVersion {
  @Field(() => String, { description: 'Subgraph that read it.' })
  subgraph: string

  @Field(() => String, { description: 'What it is, such as "dataset us-nipa".' })
  name: string

  @Field(() => String, { description: 'Its version.' })
  version: string
}

@ObjectType({ description: 'A value that the audit does not hold.' })
export class AuditGap {
  @Field(() => String, { description: 'Where in the variables, such as "input.values".' })
  path: string

  @Field(() => String, { description: 'CLASSIFIED (confidential, or about a person) or LONG.' })
  reason: string
}

@ObjectType({
  description: 'One operation that the gateway was asked: a row of the audit, chained to the one before it.',
})
export class AuditEntry {
  @Field(() => ID, { description: 'Id of the row.' })
  id: string

  @Field(() => DateTime, { description: 'When the operation came.' })
  at: Date

  @Field(() => String, { description: 'Who asked, as their issuer names them.' })
  subject: string

  @Field(() => String, { description: 'How that was proved: token, key, demo or process; none where it was not.' })
  proof: string

  @Field(() => String, { description: 'Id of the request, as in logs and answers.' })
  requestId: string

  @Field(() => String, { nullable: true, description: 'Id of the trace, where it was traced.' })
  traceId: string | null

  @Field(() => OperationType, { description: 'What the operation does.' })
  type: OperationType

  @Field(() => String, { nullable: true, description: 'Name of the operation; null where it has none.' })
  operationName: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The operation, normalised: sorted, with variables in place of literals.',
  })
  operation: string | null

  @Field(() => String, {
    description: 'SHA-256 of the normalised operation; of an invalid one, of its text as it came.',
  })
  operationHash: string

  @Field(() => GraphQLJSONObject, { description: 'Variables and literals, as far as they may be kept.' })
  variables: Record<string, unknown>

  @Field(() => [AuditGap], { description: 'What of the variables is not kept.' })
  withheld: AuditGap[]

  @Field(() => [AuditVersion], { description: 'What the answer was made from; what has no version is not listed.' })
  versions: AuditVersion[]

  @Field(() => [String], { description: 'Subgraphs that answered from what has no version, or of a version not told.' })
  unversioned: string[]

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the answer; null where it was refused, and of subscriptions.',
  })
  resultHash: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What it was estimated to cost; null where it was not.',
  })
  cost: Record<string, unknown> | null

  @Field(() => Int, { description: 'Milliseconds from its coming to its answer, or to the end of a subscription.' })
  durationMs: number

  @Field(() => String, {
    description:
      '"ok", "started" (a subscription), the code of the first error, or LEFT_OUT: invalid ones that have no row of their own.',
  })
  outcome: string

  @Field(() => ID, {
    nullable: true,
    description: 'Of the end of a subscription: the row of its start; of repetitions: the row of the first.',
  })
  completes: string | null

  @Field(() => Int, {
    description: 'How many requests the row stands for: of invalid ones, those that repeat another.',
  })
  times: number

  @Field(() => Float, { description: 'Number of the row in its chain: one chain for each tenant and type.' })
  seq: number

  @Field(() => String, { description: 'SHA-256 of the row and of the hash before it.' })
  hash: string
}

@ObjectType({ description: 'One row of the audit, with its cursor.' })
export class AuditEntryEdge {
  @Field(() => String, { description: 'Opaque position of the row in the list.' })
  cursor: string

  @Field(() => AuditEntry, { description: 'The row.' })
  node: AuditEntry
}

@ObjectType({
  description: 'A page of the audit. It has no length of the whole: that would be counted anew each time.',
})
export class AuditEntryConnection {
  @Field(() => [AuditEntryEdge], { description: 'The rows of this page, the newest first.' })
  edges: AuditEntryEdge[]

  @Field(() => PageInfo, { description: 'Whether and where the list goes on.' })
  pageInfo: PageInfo
}

@InputType({ description: 'Which rows of the audit: those that fit everything given.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Id of the row.' })
  id?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Operations that came then or later.' })
  from?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Operations that came before then.' })
  before?: Date | null

  @Field(() => String, { nullable: true, description: 'Who asked.' })
  subject?: string | null

  @Field(() => OperationType, { nullable: true, description: 'What the operation does.' })
  type?: OperationType | null

  @Field(() => String, { nullable: true, description: 'Name of the operation.' })
  operationName?: string | null

  @Field(() => String, { nullable: true, description: 'SHA-256 of the normalised operation.' })
  operationHash?: string | null

  @Field(() => String, { nullable: true, description: '"ok", "started", or the code of the first error.' })
  outcome?: string | null

  @Field(() => String, { nullable: true, description: 'Id of the request.' })
  requestId?: string | null

  @Field(() => String, { nullable: true, description: 'SHA-256 of the answer.' })
  resultHash?: string | null
}
