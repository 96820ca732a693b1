// Arguments of lists.
import { ArgsType, Field, Int } from 'type-graphql'
import { EvidenceGrade } from '../../../schema/terms/mechanism.ts'
import { Severity } from '../../shared/types.ts'
import '../types/enums.ts'

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Cursor to go on from.' })
  after?: string | null
}

@ArgsType()
export class MechanismListArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only of this category.' })
  category?: string | null

  @Field(() => EvidenceGrade, { nullable: true, description: 'Only of this grade.' })
  grade?: EvidenceGrade | null

  @Field(() => String, { nullable: true, description: 'Only from this node: its id, or its key within the bank.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'Only to this node: its id, or its key within the bank.' })
  to?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Only with (true) or without (false) an effect size.' })
  quantified?: boolean | null
}

@ArgsType()
export class NodeListArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only of this category.' })
  category?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Only stocks (true) or exogenous nodes (false).' })
  stock?: boolean | null
}

@ArgsType()
export class FindingListArgs extends PageArgs {
  @Field(() => Severity, { nullable: true, description: 'Only of this gravity.' })
  severity?: Severity | null

  @Field(() => String, { nullable: true, description: 'Only of this code.' })
  code?: string | null
}
