// ParameterTree: the parameters of one jurisdiction, its inner nodes, and what was written to it.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { KEPT_AS_ITS_PARENT, KEPT_FIVE_MINUTES } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime } from '../../shared/types.ts'
import { ParameterSource } from './parameter.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'What values of a tree may differ by, named by the tree.' })
export class TreeVector {
  @Field(() => String, { description: 'Name, such as "NATION".' })
  name: string

  @Field(() => [String], { description: 'Names of its cells, in the order of values.' })
  cells: readonly string[]
}

@Directive(KEPT_FIVE_MINUTES)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'The parameters of one jurisdiction.' })
export class ParameterTree {
  @Field(() => ID, { description: 'Such as "us-federal".' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'ISO 3166 alpha-3 code of the country.' })
  country: string

  @Field(() => String, { description: 'ISO 4217 code of its money.' })
  currency: string

  @Field(() => String, { description: 'First day that the figures cover, YYYY-MM-DD.' })
  from: string

  @Field(() => String, { description: 'Last day that the figures cover, YYYY-MM-DD.' })
  to: string

  @Field(() => ParameterSource, { description: 'Where the figures come from, unless a parameter says otherwise.' })
  source: ParameterSource

  @Field(() => String, { description: 'SHA-256 over every id, unit and dated value: equal hashes, equal law.' })
  snapshotHash: string

  @Field(() => String, {
    description:
      'What the ids of its parameters begin with: nothing, or "<tree>/" where another tree had its paths first.',
  })
  idPrefix: string
}

@ObjectType({ description: 'A place in a tree: a parameter, or a node with what stands below it.' })
export class ParameterNode {
  @Field(() => ID, { description: 'Path, as the ids of the parameters at it or below it begin.' })
  id: string

  @Field(() => Int, { description: 'Number of parameters at it or below it.' })
  parameterCount: number

  /** Not in the graph. */
  treeId: string
  isParameter: boolean
}

export const ParameterNodeConnection = connectionOf('ParameterNode', () => ParameterNode)

@ObjectType({ description: 'One write to a tree.' })
export class TreeChange {
  @Field(() => ID, { description: 'Its number; later writes have greater ones.' })
  id: string

  @Field(() => String, { description: 'Who wrote.' })
  author: string

  @Field(() => String, { description: 'Why.' })
  message: string

  @Field(() => DateTime, { description: 'When.' })
  at: Date

  @Field(() => String, { nullable: true, description: 'Snapshot hash of the tree before it; null for the first.' })
  before: string | null

  @Field(() => String, { description: 'Snapshot hash of the tree after it.' })
  after: string

  @Field(() => [ID], {
    description: 'Ids of the parameters written, the first thousand; none where the tree was loaded as a whole.',
  })
  parameters: readonly string[]

  @Field(() => Int, { description: 'Number of parameters written.' })
  parameterCount: number

  @Field(() => Int, { description: 'Number of values written.' })
  valueCount: number
}

export const TreeChangeConnection = connectionOf('TreeChange', () => TreeChange)

/** Types whose objects may be others once a tree was written to: values of a parameter may follow from those of another. */
export const WRITTEN = ['ParameterTree', 'ParameterNode', 'Parameter', 'BracketScale', 'TreeChange'] as const
