// Dataset and Series: figures with their origin, and their import.

import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import {
  DiscrepancyRule,
  Frequency,
  GovernmentScope,
  IncomeMeasure,
  PriceBasis,
  SeriesKind,
  SeriesRole,
} from '../../../schema/terms/economy.ts'
import { KEPT_AN_HOUR, KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime, Finding } from '../../shared/types.ts'
import './enums.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Values of a series: parallel lists.' })
export class SeriesValues {
  @Field(() => [String], { description: 'ISO periods, rising; those without a value are left out.' })
  periods: string[]

  @Field(() => [Float], { description: 'The values.' })
  values: number[]

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => Frequency, { description: 'Length of the periods.' })
  frequency: Frequency
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'One variable of an economy over time, in one version.' })
export class Series {
  @Field(() => ID, { description: 'dataset@version/name.' })
  id: string

  @Field(() => String, { description: 'Name within its dataset.' })
  name: string

  @Field(() => String, { description: 'What it is, for people.' })
  label: string

  @Field(() => SeriesRole, { nullable: true, description: 'What it is in the circular flow, if it has a part in it.' })
  role: SeriesRole | null

  @Field(() => String, { description: 'Unit of its values.' })
  unit: string

  @Field(() => SeriesKind, { description: 'How its values join into longer periods.' })
  kind: SeriesKind

  @Field(() => PriceBasis, { description: 'Prices that its values are in.' })
  priceBasis: PriceBasis

  @Field(() => Float, { nullable: true, description: 'One unit of the last digit given, where it is known.' })
  precision: number | null

  @Field(() => String, { description: 'Who made the figures.' })
  origin: string

  @Field(() => String, { description: 'Licence of the figures.' })
  licence: string

  @Field(() => String, { description: 'ISO date on which they were taken over.' })
  retrieved: string

  /** Id of the dataset; the graph shows the dataset itself. */
  datasetId: string
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A set of series of one economy, imported together; a version never changes.' })
export class Dataset {
  @Field(() => ID, { description: 'name@version.' })
  id: string

  @Field(() => String, { description: 'Name without version.' })
  name: string

  @Field(() => String, { description: 'Version.' })
  version: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => Frequency, { description: 'Length of its periods.' })
  frequency: Frequency

  @Field(() => IncomeMeasure, { description: 'What stands for Y where nothing else is asked.' })
  incomeMeasure: IncomeMeasure

  @Field(() => GovernmentScope, { description: 'What G holds.' })
  governmentScope: GovernmentScope

  @Field(() => DiscrepancyRule, { nullable: true, description: 'What its statistical discrepancy is, if it has one.' })
  discrepancy: DiscrepancyRule | null

  @Field(() => String, { description: 'SHA-256 of its description and figures.' })
  dataVersion: string

  @Field(() => DateTime, { description: 'When it was stored here.' })
  createdAt: Date

  /** The graph shows the economy itself. */
  economyId: string
}

export const DatasetConnection = connectionOf('Dataset', () => Dataset, KEPT_AN_HOUR)

@InputType({ description: 'What a column of the CSV text is.' })
export class SeriesInput {
  @Field(() => String, { description: 'Name of the column: letters, digits and _.' })
  name: string

  @Field(() => String, { nullable: true, description: 'What it is, for people; the name where absent.' })
  label?: string | null

  @Field(() => SeriesRole, {
    nullable: true,
    description: 'What it is in the circular flow; at most one series a role.',
  })
  role?: SeriesRole | null

  @Field(() => String, { description: 'Unit, such as "USD bn"; the same for every series with a role.' })
  unit: string

  @Field(() => SeriesKind, { defaultValue: SeriesKind.FLOW, description: 'How its values join into longer periods.' })
  kind: SeriesKind

  @Field(() => PriceBasis, { defaultValue: PriceBasis.CURRENT, description: 'Prices of its values.' })
  priceBasis: PriceBasis

  @Field(() => Float, {
    nullable: true,
    description: 'One unit of the last digit given, such as 0.001: what rounding can explain.',
  })
  precision?: number | null
}

@InputType({ description: 'A dataset to import: its description and its figures as CSV text.' })
export class ImportSeriesInput {
  @Field(() => ID, { description: 'name@version of the new dataset; a version that stands cannot be changed.' })
  datasetId: string

  @Field(() => ID, { description: 'ISO 3166 alpha-3 code of the economy.' })
  economyId: string

  @Field(() => String, { nullable: true, description: 'Name of the economy; needed where it is new.' })
  economyName?: string | null

  @Field(() => String, { nullable: true, description: 'ISO 4217 code; needed where the economy is new.' })
  currency?: string | null

  @Field(() => String, { description: 'Title of the dataset.' })
  title: string

  @Field(() => Frequency, { description: 'Length of the periods.' })
  frequency: Frequency

  @Field(() => IncomeMeasure, { defaultValue: IncomeMeasure.GDP, description: 'What stands for Y.' })
  incomeMeasure: IncomeMeasure

  @Field(() => GovernmentScope, { description: 'What G holds: say it, as the figures do not.' })
  governmentScope: GovernmentScope

  @Field(() => DiscrepancyRule, {
    nullable: true,
    description: 'What the statistical discrepancy is, if a series has that role.',
  })
  discrepancy?: DiscrepancyRule | null

  @Field(() => String, { description: 'Who made the figures.' })
  origin: string

  @Field(() => String, { description: 'Licence of the figures.' })
  licence: string

  @Field(() => String, { description: 'ISO date on which they were taken over.' })
  retrieved: string

  @Field(() => [SeriesInput], { description: 'What each column is.' })
  series: SeriesInput[]

  @Field(() => String, {
    description: 'CSV text: header "period" and the names, one row a period, an empty cell where a value is missing.',
  })
  csv: string

  @Field(() => Boolean, { defaultValue: false, description: 'Makes it the dataset that the economy is read from.' })
  makeDefault: boolean

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks: nothing is stored.' })
  dryRun: boolean
}

@ObjectType({ description: 'Outcome of an import: everything, or nothing and every fault.' })
export class ImportSeriesPayload {
  @Field(() => Dataset, {
    nullable: true,
    description: 'The dataset stored; null on a dry run and where there are faults.',
  })
  dataset: Dataset | null

  @Field(() => Boolean, { description: 'Whether it was stored.' })
  imported: boolean

  @Field(() => Int, { description: 'Values read from the text.' })
  observations: number

  @Field(() => [Finding], { description: 'Faults (ERROR) and remarks, each with its line or argument.' })
  findings: Finding[]
}
