// What portfolios add to a scenario and to an economy.
import { Directive, Field, Float, ID, ObjectType } from 'type-graphql'
import { ImpactMode } from '../../../schema/terms/portfolio.ts'
import { Finding, MacroPath } from '../../shared/types.ts'
import { Factor } from './instrument.ts'
import { Portfolio } from './portfolio.ts'
import './enums.ts'

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A question of the kind "what happens if": a reform and shocks in an economy, seen over a horizon.',
})
export class Scenario {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Directive('@external')
  @Field(() => Portfolio, { nullable: true, description: 'The portfolio that is revalued.' })
  portfolio?: Portfolio | null

  @Directive('@external')
  @Field(() => MacroPath, { nullable: true, description: 'How the economy moves under the scenario.' })
  macroPath?: MacroPath | null
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'An economy, by its ISO 3166 alpha-3 code.' })
export class Economy {
  @Field(() => ID, { description: 'ISO 3166 alpha-3 code.' })
  id: string
}

@ObjectType({ description: 'Value of one position along the path of a scenario.' })
export class PositionImpact {
  @Field(() => Float, { description: 'Value before the stress.' })
  baseline: number

  @Field(() => [Float], { description: 'Values at the times of the impact.' })
  values: number[]

  /** The graph shows the instrument itself. */
  instrumentId: string
}

@ObjectType({ description: 'A factor that the revaluation rests on and that was assumed, not estimated.' })
export class AssumedFactor {
  @Field(() => Factor, { description: 'The factor, with its standard error and where it comes from.' })
  factor: Factor

  /** The graph shows the instrument itself. */
  instrumentId: string
}

@ObjectType({
  description:
    'What a scenario does to a portfolio that is held still: parallel lists over the times of the macro path.',
})
export class PortfolioImpact {
  @Field(() => ImpactMode, { description: 'How the scenario was carried to the portfolio.' })
  mode: ImpactMode

  @Field(() => ID, { description: 'Id of the portfolio.' })
  portfolioId: string

  @Field(() => String, { description: 'ISO 4217 code of every amount.' })
  currency: string

  @Field(() => String, {
    nullable: true,
    description: 'ISO date of the prices it starts from; null where there are none.',
  })
  asOf: string | null

  @Field(() => Float, { nullable: true, description: 'Value before the stress; null where it cannot be valued.' })
  baseline: number | null

  @Field(() => [Float], { description: 'Years from the start of the scenario.' })
  times: readonly number[]

  @Field(() => [Float], { nullable: true, description: 'Value at each time; null where it cannot be valued.' })
  value: number[] | null

  @Field(() => [Float], { nullable: true, description: 'Baseline less value: a loss is positive.' })
  loss: number[] | null

  @Field(() => [Float], {
    nullable: true,
    description: 'Value against baseline, per cent; null where it cannot be valued or the baseline is 0.',
  })
  changePct: number[] | null

  @Field(() => [Float], {
    nullable: true,
    description: 'Standard error of the value by those of the betas, taken as independent.',
  })
  standardError: number[] | null

  @Field(() => Float, { nullable: true, description: 'Greatest loss on the path.' })
  maxLoss: number | null

  @Field(() => Float, { nullable: true, description: 'Years from the start at which it is reached.' })
  maxLossTime: number | null

  @Field(() => [PositionImpact], { description: 'Position by position; empty where the portfolio cannot be valued.' })
  positions: PositionImpact[]

  @Field(() => [AssumedFactor], {
    description: 'Factors of its instruments, and of the exchange rates it is converted by, that were assumed.',
  })
  assumptions: readonly AssumedFactor[]

  @Field(() => [Finding], { description: 'Missing prices, rates and factors, and where betas are stretched too far.' })
  findings: readonly Finding[]
}
