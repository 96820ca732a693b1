// CircularFlow: leakages against injections, in one period or as columns over many.
import { ArgsType, Field, Float, ObjectType } from 'type-graphql'
import {
  FlowComponent,
  FlowStatus,
  Frequency,
  GovernmentScope,
  ImbalanceTier,
  IncomeMeasure,
  LeakageBasis,
  PriceBasis,
  SavingScope,
  SeriesKind,
} from '../../../schema/terms/economy.ts'
import './enums.ts'

@ObjectType({ description: 'The conventions that an identity was set up by: they change its numbers.' })
export class FlowConventions {
  @Field(() => IncomeMeasure, { description: 'What stands for Y.' })
  incomeMeasure: IncomeMeasure

  @Field(() => LeakageBasis, { description: 'How S + T was had.' })
  leakageBasis: LeakageBasis

  @Field(() => SavingScope, { description: 'Whose saving S is.' })
  savingScope: SavingScope

  @Field(() => GovernmentScope, { description: 'What G holds.' })
  governmentScope: GovernmentScope

  @Field(() => PriceBasis, { description: 'Prices of every flow.' })
  priceBasis: PriceBasis

  @Field(() => SeriesKind, { description: 'Whether flows are of the period or at its annual rate.' })
  flowKind: SeriesKind
}

@ArgsType()
export class FlowArgs {
  @Field(() => Frequency, {
    nullable: true,
    description:
      'Length of the periods, at most the frequency of the figures, which is the default; longer ones are aggregates.',
  })
  frequency?: Frequency

  @Field(() => IncomeMeasure, {
    nullable: true,
    description: "What stands for Y; the dataset's own measure where absent.",
  })
  incomeMeasure?: IncomeMeasure

  @Field(() => LeakageBasis, { nullable: true, description: 'How S + T is had; INCOME_LESS_CONSUMPTION where absent.' })
  leakageBasis?: LeakageBasis

  @Field(() => SavingScope, { nullable: true, description: 'Whose saving S is; NATIONAL where absent.' })
  savingScope?: SavingScope

  @Field(() => GovernmentScope, {
    nullable: true,
    description: "What G holds; the dataset's own scope where absent. In the other scope I and G are missing.",
  })
  governmentScope?: GovernmentScope

  @Field(() => String, {
    nullable: true,
    description: "Dataset to read (name@version); the economy's own where absent.",
  })
  dataset?: string
}

@ArgsType()
export class FlowRangeArgs extends FlowArgs {
  @Field(() => String, {
    nullable: true,
    description: 'First period, inclusive; the first of the figures where absent.',
  })
  from?: string

  @Field(() => String, { nullable: true, description: 'Last period, inclusive; the last of the figures where absent.' })
  to?: string
}

@ObjectType({
  description: 'What a gap is made of, in the unit and sign of the gap; null where the figures do not say.',
})
export class ExplainedGap {
  @Field(() => Float, { nullable: true, description: 'By the statistical discrepancy.' })
  statisticalDiscrepancy: number | null

  @Field(() => Float, { nullable: true, description: 'By net primary income and transfers from abroad (Y = GNDI).' })
  netPrimaryIncome: number | null

  @Field(() => Float, {
    nullable: true,
    description: "By firms' saving, which S leaves out (saving of households alone).",
  })
  corporateSaving: number | null

  @Field(() => Float, {
    description: 'By rounding: what is left where it is no more than the last digits can add up to, else 0.',
  })
  rounding: number
}

@ObjectType({
  description: 'The circular flow of an economy in one period: leakages S + T + M against injections I + G + X.',
})
export class CircularFlow {
  @Field(() => String, { description: 'ISO period: 2024, 2024-Q3 or 2024-07.' })
  period: string

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency: string

  @Field(() => String, { description: 'Unit of every amount, such as "USD bn".' })
  unit: string

  @Field(() => FlowConventions, { description: 'The conventions that held.' })
  conventions: FlowConventions

  @Field(() => Float, { nullable: true, description: 'Income.' })
  Y: number | null

  @Field(() => Float, { nullable: true, description: 'Consumption.' })
  C: number | null

  @Field(() => Float, { nullable: true, description: 'Investment.' })
  I: number | null

  @Field(() => Float, { nullable: true, description: 'Government spending.' })
  G: number | null

  @Field(() => Float, { nullable: true, description: 'Exports.' })
  X: number | null

  @Field(() => Float, { nullable: true, description: 'Imports.' })
  M: number | null

  @Field(() => Float, { nullable: true, description: 'Saving, where the figures have it.' })
  S: number | null

  @Field(() => Float, { nullable: true, description: 'Net taxes, where the figures have them.' })
  T: number | null

  @Field(() => Float, { nullable: true, description: 'S + T together: as Y - C, or as the sum of both.' })
  savingAndNetTaxes: number | null

  @Field(() => Float, { nullable: true, description: 'S + T + M; null where a component is missing.' })
  leakages: number | null

  @Field(() => Float, { nullable: true, description: 'I + G + X; null where a component is missing.' })
  injections: number | null

  @Field(() => Float, { nullable: true, description: 'Leakages less injections.' })
  gap: number | null

  @Field(() => Float, { nullable: true, description: 'The gap in per cent of injections.' })
  gapPctOfInjections: number | null

  @Field(() => FlowStatus, { description: 'Whether every component is known.' })
  status: FlowStatus

  @Field(() => [FlowComponent], { description: 'Components that are not known.' })
  missing: readonly FlowComponent[]

  @Field(() => ExplainedGap, { nullable: true, description: 'What the gap is made of.' })
  explained: ExplainedGap | null

  @Field(() => Float, { nullable: true, description: 'The gap that nothing explains.' })
  unexplained: number | null

  @Field(() => Float, { nullable: true, description: 'The unexplained gap in per cent of injections.' })
  unexplainedPctOfInjections: number | null

  @Field(() => ImbalanceTier, { nullable: true, description: 'How large the gap is.' })
  tier: ImbalanceTier | null

  @Field(() => ImbalanceTier, { nullable: true, description: 'How large the unexplained gap is.' })
  unexplainedTier: ImbalanceTier | null
}

const columnOf = (description: string) =>
  Field(() => [Float], { nullable: 'items', description: `${description}; null in a period where it is not known.` })

@ObjectType({ description: 'The circular flow over many periods: parallel lists.' })
export class CircularFlowColumns {
  @Field(() => [String], { description: 'The periods, rising.' })
  periods: string[]

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency: string

  @Field(() => String, { description: 'Unit of every amount.' })
  unit: string

  @Field(() => FlowConventions, { description: 'The conventions that held.' })
  conventions: FlowConventions

  @columnOf('Income')
  Y: (number | null)[]

  @columnOf('Consumption')
  C: (number | null)[]

  @columnOf('Investment')
  I: (number | null)[]

  @columnOf('Government spending')
  G: (number | null)[]

  @columnOf('Exports')
  X: (number | null)[]

  @columnOf('Imports')
  M: (number | null)[]

  @columnOf('Saving')
  S: (number | null)[]

  @columnOf('Net taxes')
  T: (number | null)[]

  @columnOf('S + T')
  savingAndNetTaxes: (number | null)[]

  @columnOf('S + T + M')
  leakages: (number | null)[]

  @columnOf('I + G + X')
  injections: (number | null)[]

  @columnOf('Leakages less injections')
  gap: (number | null)[]

  @columnOf('The gap in per cent of injections')
  gapPctOfInjections: (number | null)[]

  @columnOf('The gap that nothing explains')
  unexplained: (number | null)[]

  @Field(() => [FlowStatus], { description: 'Whether every component is known.' })
  status: FlowStatus[]
}
