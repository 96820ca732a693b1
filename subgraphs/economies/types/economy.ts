// Economy: a country with its figures.
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { connectionOf } from '../../shared/connection.ts'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'An economy, by its ISO 3166 alpha-3 code.' })
export class Economy {
  @Field(() => ID, { description: 'ISO 3166 alpha-3 code.' })
  id: string

  @Field(() => String, { description: 'Name.' })
  name: string

  @Field(() => String, { description: 'ISO 4217 code of its currency.' })
  currency: string

  /** Dataset that its circular flow is read from. */
  defaultDatasetId: string | null
}

export const EconomyConnection = connectionOf('Economy', () => Economy)
