// What mechanisms add to a scenario: its bank as a model.
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { MechanismBank } from './bank.ts'

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A question of the kind "what happens if": a reform and shocks in an economy, seen over a horizon.',
})
export class Scenario {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Directive('@external')
  @Field(() => MechanismBank, { nullable: true, description: 'The bank whose network is simulated.' })
  bank?: MechanismBank | null
}
