// What portfolios add to an economy: the instruments that belong to it, and who holds them.
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { Instrument, InstrumentConnection } from '../types/instrument.ts'
import { Portfolio, PortfolioConnection } from '../types/portfolio.ts'
import { Economy } from '../types/scenario.ts'
import type { Context } from './context.ts'

/** A page of a list that is loaded whole and ordered by id. */
function cut<Row extends { id: string }>(
  rows: readonly Row[],
  first: number | undefined,
  after: string | undefined,
): Page<Row> {
  const size = pageSize(first)
  const key = keyOfCursor(after)
  const rest = rows.filter(({ id }) => key === undefined || id > key)
  return pageOf(rest.slice(0, size + 1), size, rows.length, ({ id }) => id)
}

@Resolver(() => Economy)
export class EconomyResolver {
  @FieldResolver(() => InstrumentConnection, { description: 'Instruments that belong to this economy, by id.' })
  async instruments(
    @Root() economy: Economy,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Instrument>> {
    return cut(await context.loaders.instrumentsOf.load(economy.id), first, after)
  }

  @FieldResolver(() => PortfolioConnection, {
    description: 'Portfolios that hold an instrument of this economy, by id.',
  })
  async exposedPortfolios(
    @Root() economy: Economy,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Portfolio>> {
    return cut(await context.loaders.exposedTo.load(economy.id), first, after)
  }
}
