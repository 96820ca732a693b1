// What this subgraph adds to a scenario.
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Reform } from './reform.ts'

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A question of the kind "what happens if": a reform and shocks in an economy, seen over a horizon.',
})
export class Scenario {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Directive('@external')
  @Field(() => Reform, { nullable: true, description: 'The reform whose effect is asked.' })
  reform?: Reform | null

  @Directive('@external')
  @Field(() => Int, {
    nullable: true,
    description: 'Calendar year in which it starts; parameters are taken as of this year.',
  })
  year: number | null
}
