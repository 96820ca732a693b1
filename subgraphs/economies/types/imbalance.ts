// ImbalanceReport: how often and how far leakages and injections part.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { ImbalanceTier } from '../../../schema/terms/economy.ts'
import { Finding } from '../../shared/types.ts'
import { FlowConventions } from './circular-flow.ts'

@ObjectType({ description: 'How many periods exceed a threshold.' })
export class ImbalanceBreaches {
  @Field(() => ImbalanceTier, { description: 'The tier.' })
  tier: ImbalanceTier

  @Field(() => Float, { description: 'Its threshold in per cent of injections.' })
  thresholdPct: number

  @Field(() => Int, { description: 'Periods above it; those above a higher one are counted here too.' })
  periods: number
}

@ObjectType({ description: 'Imbalances of a range, in per cent of injections; null where no period is complete.' })
export class ImbalanceStatistics {
  @Field(() => Float, { nullable: true, description: 'Mean of the absolute gap.' })
  meanAbsolutePct: number | null

  @Field(() => Float, { nullable: true, description: 'Greatest absolute gap.' })
  maxAbsolutePct: number | null

  @Field(() => String, { nullable: true, description: 'The period of the greatest.' })
  maxPeriod: string | null

  @Field(() => [ImbalanceBreaches], { description: 'Periods above each threshold.' })
  breaches: readonly ImbalanceBreaches[]
}

@ObjectType({ description: 'Imbalances of the circular flow over a range of periods.' })
export class ImbalanceReport {
  @Field(() => String, { nullable: true, description: 'First period; null where the range has none.' })
  from: string | null

  @Field(() => String, { nullable: true, description: 'Last period; null where the range has none.' })
  to: string | null

  @Field(() => FlowConventions, { description: 'The conventions that held.' })
  conventions: FlowConventions

  @Field(() => Int, { description: 'Periods of the range.' })
  periods: number

  @Field(() => Int, { description: 'Periods with every component known.' })
  complete: number

  @Field(() => ImbalanceTier, {
    nullable: true,
    description: 'Tier of the greatest gap; null where no period is complete.',
  })
  tier: ImbalanceTier | null

  @Field(() => ImbalanceStatistics, { description: 'Of the whole gap.' })
  total: ImbalanceStatistics

  @Field(() => ImbalanceStatistics, { description: 'Of the part of the gap that nothing explains.' })
  unexplained: ImbalanceStatistics

  @Field(() => [Finding], { description: 'Imbalances above 5 % and missing components, by period.' })
  findings: Finding[]
}
