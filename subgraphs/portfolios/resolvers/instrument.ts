// Instruments: read, their prices as columns, and imported.
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { assertIsoDate } from '../../../schema/terms/date.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Finding } from '../../shared/types.ts'
import { checkInstruments, checkPrices, type InstrumentSpec } from '../rules/check-prices.ts'
import {
  ImportPricesInput,
  ImportPricesPayload,
  Instrument,
  InstrumentConnection,
  type InstrumentInput,
  PriceColumns,
} from '../types/instrument.ts'
import { Economy } from '../types/scenario.ts'
import { type Context, requireInstrument } from './context.ts'

@Resolver(() => Instrument)
export class InstrumentResolver {
  @Query(() => Instrument, { nullable: true, description: 'The instrument of this id.' })
  instrument(
    @Arg('id', () => ID, { description: 'Id of the instrument.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Instrument> {
    return requireInstrument(context, id, 'id')
  }

  @Query(() => InstrumentConnection, { description: 'Instruments, by id.' })
  async instruments(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Instrument>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.instrumentPage(context.tenant, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (instrument) => instrument.id)
  }

  @Directive(needsScope('portfolios:write'))
  @Directive(changing('Instrument', 'Portfolio'))
  @Mutation(() => ImportPricesPayload, {
    description:
      'Imports prices from CSV text: everything, or nothing and every fault with its line. Imported prices drive out generated ones of the same instrument.',
  })
  async importPrices(
    @Arg('input', () => ImportPricesInput, { description: 'The prices.' }) input: ImportPricesInput,
    @Ctx() context: Context,
  ): Promise<ImportPricesPayload> {
    const instruments = input.instruments.map(specOf)
    const given = instruments.map(({ id }) => id)
    const standing = new Set(await context.store.instrumentIds(context.tenant))
    const checked = checkPrices(input.csv, new Set([...standing, ...given]))
    const findings = [...checkInstruments(instruments, standing), ...checked.findings]
    const prices = checked.columns.reduce((total, { dates }) => total + dates.length, 0)
    if (input.dryRun || findings.some(({ severity }) => severity === 'ERROR'))
      return { instruments: [], imported: false, prices, findings }

    const replaced = await context.store.importPrices(context.tenant, {
      instruments,
      columns: checked.columns,
      origin: 'IMPORTED',
    })
    context.loaders.instrument.clearAll()
    context.loaders.prices.clearAll()
    context.loaders.forgetRates()
    if (replaced > 0) findings.push(replacedFinding(replaced))
    const stored = checked.columns.map(({ instrumentId }) => requireInstrument(context, instrumentId, 'csv'))
    return { instruments: await Promise.all(stored), imported: true, prices, findings }
  }

  @FieldResolver(() => Economy, { nullable: true, description: 'The economy it belongs to.' })
  economy(@Root() instrument: Instrument): Economy | null {
    return instrument.economyId === null ? null : { id: instrument.economyId }
  }

  @FieldResolver(() => PriceColumns, { description: 'Its prices, as columns.' })
  async prices(
    @Root() instrument: Instrument,
    @Arg('from', () => String, { nullable: true, description: 'First ISO date, inclusive.' }) from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: 'Last ISO date, inclusive.' }) to: string | undefined,
    @Arg('every', () => Int, { nullable: true, description: 'Every n-th price; 1 where absent.' }) every:
      | number
      | undefined,
    @Ctx() context: Context,
  ): Promise<PriceColumns> {
    if (from != null) assertIsoDate(from, 'from')
    if (to != null) assertIsoDate(to, 'to')
    const step = every ?? 1
    if (!Number.isInteger(step) || step < 1)
      throw new QuesnayError('BAD_INPUT', 'every must be a whole number of at least 1', {
        path: 'every',
        suggestion: 'give 1',
      })
    const stored = await context.loaders.prices.load(instrument.id)
    const { dates, prices } = stored ?? { dates: [], prices: [] }
    const rows = dates.map((date, i) => ({ date, price: prices[i]! }))
    const kept = rows
      .filter(({ date }) => (from == null || date >= from) && (to == null || date <= to))
      .filter((_, i) => i % step === 0)
    return {
      dates: kept.map(({ date }) => date),
      prices: kept.map(({ price }) => price),
      currency: instrument.currency,
      origin: stored?.origin ?? null,
    }
  }
}

const replacedFinding = (replaced: number): Finding => ({
  severity: 'INFO',
  code: 'PRICES_REPLACED',
  path: 'csv',
  message: `${replaced} prices that stood were replaced`,
})

function specOf(input: InstrumentInput): InstrumentSpec {
  const { id, name, assetClass, currency, baseCurrency, economyId, duration, convexity, factors } = input
  return {
    id,
    name,
    assetClass,
    currency,
    baseCurrency: baseCurrency ?? null,
    economyId: economyId ?? null,
    duration: duration ?? null,
    convexity: convexity ?? null,
    factors: factors.map((factor) => ({ ...factor })),
  }
}
