// The run that answers a question about a population.
import { Directive, Field, ID, ObjectType } from 'type-graphql'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'One question computed by the fleet: its state, its provenance, its result.' })
export class Run {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string
}
