// Portfolio and Position: what is held, and what it is worth.
import { Directive, Field, Float, ID, InputType, ObjectType } from 'type-graphql'
import { CONFIDENTIAL } from '../../shared/classification.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime, Finding } from '../../shared/types.ts'

@ObjectType({ description: 'A quantity of an instrument, valued on a day in the currency of the portfolio.' })
export class Position {
  @Field(() => Float, { description: 'Units held; negative: short.' })
  quantity: number

  @Field(() => Float, {
    nullable: true,
    description: 'Last price on or before the day, in the currency of the instrument.',
  })
  price: number | null

  @Field(() => String, { nullable: true, description: 'ISO date of that price.' })
  priceDate: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'Value in the currency of the portfolio; null without price or exchange rate.',
  })
  value: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the value of the portfolio; null where that is not known or 0.',
  })
  weight: number | null

  /** The graph shows the instrument itself. */
  instrumentId: string
}

@ObjectType({ description: 'What a portfolio is worth on a day.' })
export class PortfolioValue {
  @Field(() => String, { nullable: true, description: 'ISO date; null where no instrument has a price.' })
  asOf: string | null

  @Field(() => String, { description: 'ISO 4217 code of the value.' })
  currency: string

  @Field(() => Float, {
    nullable: true,
    description: 'Value; null where one position has none: a part is never taken for the whole.',
  })
  value: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Concentration (Herfindahl-Hirschman): sum of squared weights, 1 / n for n equal positions; null where there are no weights.',
  })
  herfindahl: number | null

  @Field(() => [Finding], { description: 'Prices and exchange rates that are missing or old.' })
  findings: readonly Finding[]
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A portfolio of positions.' })
export class Portfolio {
  @Field(() => ID, { description: 'Id of the portfolio.' })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it is, in a few sentences.' })
  description: string | null

  @Field(() => String, { description: 'ISO 4217 code of the currency it is valued in.' })
  currency: string

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: Date
}

export const PortfolioConnection = connectionOf('Portfolio', () => Portfolio)

@InputType({ description: 'A position of a new portfolio.' })
export class PositionInput {
  @Field(() => ID, { description: 'Instrument.' })
  instrumentId: string

  @Field(() => Float, { description: 'Units held; negative: short.' })
  quantity: number
}

@InputType({ description: 'A new portfolio.' })
export class CreatePortfolioInput {
  @Field(() => ID, { nullable: true, description: 'Id of your choice; made for you where absent.' })
  id?: string | null

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'What it is.' })
  description?: string | null

  @Field(() => String, { description: 'ISO 4217 code of the currency to value it in.' })
  currency: string

  @Directive(CONFIDENTIAL)
  @Field(() => [PositionInput], { description: 'What it holds.' })
  positions: PositionInput[]
}

@ObjectType({ description: 'The portfolio after the mutation.' })
export class CreatePortfolioPayload {
  @Field(() => Portfolio, {
    nullable: true,
    description: 'The portfolio; null where a finding is an ERROR on its positions.',
  })
  portfolio: Portfolio | null

  @Field(() => [Finding], { description: 'What is wrong with its positions, or worth knowing.' })
  findings: readonly Finding[]
}
