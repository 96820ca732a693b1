// Values that several types of mechanisms carry.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { Finding } from '../../shared/types.ts'

export { FindingCount } from '../../shared/types.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Something taken for granted because the source is silent.' })
export class MechanismAssumption {
  @Field(() => String, { description: 'Stable upper-case code.' })
  code: string

  @Field(() => String, { description: 'What is assumed.' })
  text: string
}

export const BankFindingConnection = connectionOf('BankFinding', () => Finding)

@Directive('@shareable')
@ObjectType({ description: 'A bank compiled to a model, saved by content.' })
export class CompiledModel {
  @Field(() => String, { description: 'SHA-256 of its canonical JSON.' })
  hash: string

  @Field(() => Int, { description: 'Variables of all kinds.' })
  variables: number

  @Field(() => Int, { description: 'Nodes that are stocks.' })
  stocks: number

  @Field(() => Int, { description: 'Mechanisms that are simulated.' })
  mechanisms: number

  @Field(() => [Finding], { description: 'What is not simulated and why, and loops that may grow.' })
  findings: readonly Finding[]
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'An economy, by its ISO 3166 alpha-3 code.' })
export class Economy {
  @Field(() => ID, { description: 'ISO 3166 alpha-3 code.' })
  id: string
}
