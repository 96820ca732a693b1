// Instrument: what can be held, its prices and how macro variables move it.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AssetClass, FactorTarget, PriceOrigin } from '../../../schema/terms/portfolio.ts'
import { connectionOf } from '../../shared/connection.ts'
import { Finding } from '../../shared/types.ts'
import './enums.ts'

@ObjectType({ description: 'How a macro variable moves an instrument.' })
export class Factor {
  @Field(() => String, { description: 'Name of the macro variable, such as "gdp".' })
  variable: string

  @Field(() => FactorTarget, { description: 'What it moves.' })
  target: FactorTarget

  @Field(() => Float, { description: "Change per unit of the variable's deviation from its baseline." })
  beta: number

  @Field(() => Float, { description: 'Second order: per unit squared.' })
  gamma: number

  @Field(() => Float, { description: 'Standard error of beta.' })
  standardError: number

  @Field(() => Boolean, { description: 'Whether it was assumed and not estimated.' })
  assumed: boolean

  @Field(() => String, { description: 'Where it comes from.' })
  provenance: string
}

@ObjectType({ description: 'Prices of an instrument: parallel lists.' })
export class PriceColumns {
  @Field(() => [String], { description: 'ISO dates, rising.' })
  dates: string[]

  @Field(() => [Float], { description: 'Prices in the currency of the instrument.' })
  prices: number[]

  @Field(() => String, { description: 'ISO 4217 code of the prices.' })
  currency: string

  @Field(() => PriceOrigin, { nullable: true, description: 'Where they come from; null where there are none.' })
  origin: PriceOrigin | null
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'Something that a portfolio can hold.' })
export class Instrument {
  @Field(() => ID, { description: 'Id, unique for the tenant.' })
  id: string

  @Field(() => String, { description: 'Name.' })
  name: string

  @Field(() => AssetClass, { description: 'What kind of thing it is.' })
  assetClass: AssetClass

  @Field(() => String, { description: 'ISO 4217 code of the currency it is priced in.' })
  currency: string

  @Field(() => String, {
    nullable: true,
    description: 'Of an exchange rate: the currency that the price is of one unit of.',
  })
  baseCurrency: string | null

  @Field(() => Float, { nullable: true, description: 'Modified duration in years, of a bond.' })
  duration: number | null

  @Field(() => Float, { nullable: true, description: 'Convexity in years squared, of a bond.' })
  convexity: number | null

  @Field(() => [Factor], { description: 'How macro variables move it.' })
  factors: readonly Factor[]

  /** The graph shows the economy itself. */
  economyId: string | null
}

export const InstrumentConnection = connectionOf('Instrument', () => Instrument)

@InputType({ description: 'How a macro variable moves a new instrument.' })
export class FactorInput {
  @Field(() => String, { description: 'Name of the macro variable, such as "gdp".' })
  variable: string

  @Field(() => FactorTarget, { defaultValue: FactorTarget.PRICE, description: 'What it moves.' })
  target: FactorTarget

  @Field(() => Float, { description: "Change per unit of the variable's deviation from its baseline." })
  beta: number

  @Field(() => Float, { defaultValue: 0, description: 'Second order: per unit squared.' })
  gamma: number

  @Field(() => Float, { defaultValue: 0, description: 'Standard error of beta; 0 where it is not known.' })
  standardError: number

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is assumed and not estimated.' })
  assumed: boolean

  @Field(() => String, { description: 'Where it comes from: window, method, source.' })
  provenance: string
}

@InputType({ description: 'A new instrument.' })
export class InstrumentInput {
  @Field(() => ID, { description: 'Id: lower-case letters, digits and hyphens.' })
  id: string

  @Field(() => String, { description: 'Name.' })
  name: string

  @Field(() => AssetClass, { description: 'What kind of thing it is.' })
  assetClass: AssetClass

  @Field(() => String, { description: 'ISO 4217 code of the currency it is priced in.' })
  currency: string

  @Field(() => String, {
    nullable: true,
    description: 'Of an exchange rate: the currency that the price is of one unit of.',
  })
  baseCurrency?: string | null

  @Field(() => ID, { nullable: true, description: 'Economy it belongs to (ISO 3166 alpha-3).' })
  economyId?: string | null

  @Field(() => Float, { nullable: true, description: 'Modified duration in years, of a bond.' })
  duration?: number | null

  @Field(() => Float, { nullable: true, description: 'Convexity in years squared, of a bond.' })
  convexity?: number | null

  @Field(() => [FactorInput], { defaultValue: [], description: 'How macro variables move it.' })
  factors: FactorInput[]
}

@InputType({ description: 'Prices to import, and the instruments among them that are new.' })
export class ImportPricesInput {
  @Field(() => String, { description: 'CSV text with the columns instrument, date, price: one row a price.' })
  csv: string

  @Field(() => [InstrumentInput], { defaultValue: [], description: 'Instruments to make.' })
  instruments: InstrumentInput[]

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks: nothing is stored.' })
  dryRun: boolean
}

@ObjectType({ description: 'Outcome of an import: everything, or nothing and every fault.' })
export class ImportPricesPayload {
  @Field(() => [Instrument], {
    description: 'Instruments with prices in the text; empty on a dry run and where there are faults.',
  })
  instruments: Instrument[]

  @Field(() => Boolean, { description: 'Whether it was stored.' })
  imported: boolean

  @Field(() => Int, { description: 'Prices read from the text.' })
  prices: number

  @Field(() => [Finding], { description: 'Faults (ERROR) and remarks, each with its line or argument.' })
  findings: Finding[]
}
