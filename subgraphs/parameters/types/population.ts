// Population, and the run that answers a question about one.
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'Units that rules are computed for.' })
export class Population {
  @Field(() => ID, { description: 'Such as "us-example-1000".' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'How it was made and what it is good for.' })
  description: string

  @Field(() => Int, { description: 'Number of units computed.' })
  units: number

  @Field(() => Float, { description: 'Number of units that they stand for.' })
  weightsTotal: number

  @Field(() => String, { description: 'SHA-256 of the data.' })
  dataVersion: string
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'One question computed by the fleet: its state, its provenance, its result.' })
export class Run {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string
}
