// Entities of other subgraphs that a scenario points to.
import { Directive, Field, ID, ObjectType } from 'type-graphql'

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'An economy, by its ISO 3166 alpha-3 code.' })
export class Economy {
  @Field(() => ID, { description: 'ISO 3166 alpha-3 code.' })
  id: string
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A version of a bank of mechanisms.' })
export class MechanismBank {
  @Field(() => ID, { description: 'name@version.' })
  id: string
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A portfolio of positions.' })
export class Portfolio {
  @Field(() => ID, { description: 'Id of the portfolio.' })
  id: string
}
