// RiskResult: value at risk and expected shortfall of a run, with the conventions that gave them.
import { ArgsType, Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import {
  HorizonRule,
  MeanRule,
  QuantileRule,
  ReturnBasis,
  RiskMethod,
  ShortfallRule,
  VarianceRule,
} from '../../../schema/terms/portfolio.ts'
import { Finding } from '../../shared/types.ts'
import './enums.ts'

@ArgsType()
export class RiskArgs {
  @Field(() => [Float], {
    nullable: true,
    description: 'Levels of confidence, each between 0 and 1; 0.95 and 0.99 where absent.',
  })
  confidence?: number[]

  @Field(() => Int, { nullable: true, description: 'Days that the loss is over, 1 to 250; 1 where absent.' })
  horizonDays?: number

  @Field(() => Int, { nullable: true, description: 'Returns used at most, the latest; 1,000 where absent.' })
  window?: number

  @Field(() => String, {
    nullable: true,
    description: 'ISO date of the book and the end of its history; the last day with a price where absent.',
  })
  asOf?: string

  @Field(() => QuantileRule, {
    nullable: true,
    description: 'Quantile of the historical value at risk; TYPE_7 where absent.',
  })
  quantileRule?: QuantileRule

  @Field(() => ShortfallRule, {
    nullable: true,
    description: 'Losses of the historical expected shortfall; INCLUDING where absent.',
  })
  shortfallRule?: ShortfallRule

  @Field(() => VarianceRule, {
    nullable: true,
    description: 'Divisor of the parametric variance; SAMPLE where absent.',
  })
  varianceRule?: VarianceRule

  @Field(() => MeanRule, { nullable: true, description: 'Mean of the parametric figures; ZERO where absent.' })
  meanRule?: MeanRule

  @Field(() => HorizonRule, {
    nullable: true,
    description: 'How one day becomes several; SQUARE_ROOT_OF_TIME where absent.',
  })
  horizonRule?: HorizonRule
}

@ObjectType({ description: 'The conventions that a measure of risk was taken by: they change its numbers.' })
export class RiskConventions {
  @Field(() => QuantileRule, { description: 'Quantile of the historical value at risk.' })
  quantileRule: QuantileRule

  @Field(() => ShortfallRule, { description: 'Losses of the historical expected shortfall.' })
  shortfallRule: ShortfallRule

  @Field(() => VarianceRule, { description: 'Divisor of the parametric variance.' })
  varianceRule: VarianceRule

  @Field(() => MeanRule, { description: 'Mean of the parametric figures.' })
  meanRule: MeanRule

  @Field(() => HorizonRule, { description: 'How one day becomes several.' })
  horizonRule: HorizonRule

  @Field(() => ReturnBasis, { description: 'What a return is of.' })
  returnBasis: ReturnBasis
}

@ObjectType({
  description: 'Measures of risk by one method: parallel lists over the levels of confidence. Losses are positive.',
})
export class RiskColumns {
  @Field(() => RiskMethod, { description: 'The method.' })
  method: RiskMethod

  @Field(() => [Float], { description: 'Levels of confidence.' })
  confidence: readonly number[]

  @Field(() => [Float], {
    description: 'Loss exceeded with probability 1 - confidence; negative where even that is a gain.',
  })
  valueAtRisk: readonly number[]

  @Field(() => [Float], { description: 'Mean of the losses beyond it.' })
  expectedShortfall: readonly number[]
}

@ObjectType({ description: 'What one position adds to the parametric value at risk.' })
export class RiskComponent {
  @Field(() => Float, { description: 'Value of the position.' })
  value: number

  @Field(() => [Float], {
    description: 'By level of confidence; the components of all positions sum to the value at risk.',
  })
  valueAtRisk: readonly number[]

  @Field(() => [Float], {
    description:
      'By level of confidence: parametric value at risk of the book less that of the book without the position.',
  })
  incremental: readonly number[]

  /** The graph shows the instrument itself. */
  instrumentId: string
}

@ObjectType({ description: 'Value at risk and expected shortfall of a portfolio.' })
export class RiskResult {
  @Field(() => ID, { description: 'Id of the portfolio.' })
  portfolioId: string

  @Field(() => String, { description: 'ISO 4217 code of every amount.' })
  currency: string

  @Field(() => String, { description: 'ISO date of the book.' })
  asOf: string

  @Field(() => Float, { description: 'Value of the book that the losses are of.' })
  value: number

  @Field(() => Int, { description: 'Days that the loss is over.' })
  horizonDays: number

  @Field(() => Int, { description: 'Past returns used.' })
  observations: number

  @Field(() => String, { description: 'ISO date of the first return.' })
  from: string

  @Field(() => String, { description: 'ISO date of the last return.' })
  to: string

  @Field(() => RiskConventions, { description: 'The conventions that held.' })
  conventions: RiskConventions

  @Field(() => RiskColumns, { description: 'From past profits and losses themselves.' })
  historical: RiskColumns

  @Field(() => RiskColumns, { description: 'From a normal distribution fitted to them.' })
  parametric: RiskColumns

  @Field(() => [RiskComponent], { description: 'What each position adds.' })
  components: readonly RiskComponent[]

  @Field(() => Float, {
    description: 'Mean of one observation that the parametric figures take; 0 under the rule ZERO.',
  })
  mean: number

  @Field(() => Float, { description: 'Standard deviation of one observation: of a day, never of a year.' })
  sd: number

  @Field(() => Float, { description: 'Worst profit or loss observed; a loss is negative here.' })
  worst: number

  @Field(() => Float, { description: 'Best profit or loss observed.' })
  best: number

  @Field(() => [Finding], { description: 'What limits these figures.' })
  findings: readonly Finding[]
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'One question computed by the fleet: its state, its provenance, its result.' })
export class Run {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string
}
