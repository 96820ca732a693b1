// Portfolios: read, valued, asked for their risk, and made.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { KNOWN_ONLY, needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { assertPortfolio, checkPositions } from '../rules/check-portfolio.ts'
import { Instrument } from '../types/instrument.ts'
import {
  CreatePortfolioInput,
  CreatePortfolioPayload,
  Portfolio,
  PortfolioConnection,
  PortfolioValue,
  Position,
} from '../types/portfolio.ts'
import { RiskArgs, Run } from '../types/risk.ts'
import { askRisk } from './ask-risk.ts'
import { type Context, loadBook, requireInstrument, requirePortfolio, valueBook } from './context.ts'

@Resolver(() => Portfolio)
export class PortfolioResolver {
  @Directive(KNOWN_ONLY)
  @Query(() => Portfolio, { nullable: true, description: 'The portfolio of this id.' })
  portfolio(
    @Arg('id', () => ID, { description: 'Id of the portfolio.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Portfolio> {
    return requirePortfolio(context, id, 'id')
  }

  @Directive(KNOWN_ONLY)
  @Query(() => PortfolioConnection, { description: 'Portfolios, by id.' })
  async portfolios(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Portfolio>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.portfolioPage(context.tenant, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (portfolio) => portfolio.id)
  }

  @Directive(needsScope('portfolios:write'))
  @Directive(changing('Portfolio'))
  @Mutation(() => CreatePortfolioPayload, {
    description: 'Makes a portfolio; the same content under the same id is no error.',
  })
  async createPortfolio(
    @Arg('input', () => CreatePortfolioInput, { description: 'The portfolio.' }) input: CreatePortfolioInput,
    @Ctx() context: Context,
  ): Promise<CreatePortfolioPayload> {
    const spec = {
      id: input.id ?? context.clock.id().toLowerCase(),
      title: input.title.trim(),
      description: input.description ?? null,
      currency: input.currency,
      positions: input.positions.map(({ instrumentId, quantity }) => ({ instrumentId, quantity })),
    }
    assertPortfolio(spec)
    const held = await context.store.instruments(
      context.tenant,
      spec.positions.map(({ instrumentId }) => instrumentId),
    )
    const findings = checkPositions(spec.positions, new Set(held.map(({ id }) => id)))
    if (findings.some(({ severity }) => severity === 'ERROR')) return { portfolio: null, findings }

    const { existed } = await context.store.insertPortfolio(context.tenant, spec, new Date(context.clock.now()))
    context.loaders.portfolio.clear(spec.id)
    context.loaders.positionsOf.clear(spec.id)
    if (existed)
      findings.push({ severity: 'INFO', code: 'EXISTED', path: 'input.id', message: 'this portfolio stood already' })
    const portfolio = await requirePortfolio(context, spec.id, 'input.id')
    const { findings: valued } = await valueBook(context, portfolio)
    // The portfolio stands: what it lacks for a value can still be imported.
    return {
      portfolio,
      findings: [...findings, ...valued.map((finding) => ({ ...finding, severity: 'WARNING' as const }))],
    }
  }

  @FieldResolver(() => [Position], { description: 'What it holds, valued on a day.' })
  async positions(
    @Root() portfolio: Portfolio,
    @Arg('asOf', () => String, { nullable: true, description: 'ISO date; the last day with a price where absent.' })
    asOf: string | undefined,
    @Ctx() context: Context,
  ): Promise<readonly Position[]> {
    return (await valueBook(context, portfolio, asOf)).positions
  }

  @FieldResolver(() => PortfolioValue, { description: 'What it is worth on a day.' })
  value(
    @Root() portfolio: Portfolio,
    @Arg('asOf', () => String, { nullable: true, description: 'ISO date; the last day with a price where absent.' })
    asOf: string | undefined,
    @Ctx() context: Context,
  ): Promise<PortfolioValue> {
    return valueBook(context, portfolio, asOf)
  }

  @FieldResolver(() => [Instrument], { description: 'The instruments it holds.' })
  async instruments(@Root() portfolio: Portfolio, @Ctx() context: Context): Promise<Instrument[]> {
    const positions = await context.loaders.positionsOf.load(portfolio.id)
    return Promise.all(positions.map(({ instrumentId }) => requireInstrument(context, instrumentId, 'instruments')))
  }

  @Directive('@dispatches(seconds: 0.1)')
  @FieldResolver(() => Run, {
    nullable: true,
    description:
      'Its value at risk and expected shortfall, computed by the fleet: the run, whose `risk` is the result. The same question is the same run.',
  })
  async riskRun(
    @Root() portfolio: Portfolio,
    @Args(() => RiskArgs) args: RiskArgs,
    @Ctx() context: Context,
  ): Promise<Run> {
    const book = await loadBook(context, portfolio)
    return askRisk(context, book, { args, subject: { type: 'Portfolio', id: portfolio.id } })
  }
}

@Resolver(() => Position)
export class PositionResolver {
  @FieldResolver(() => Instrument, { description: 'What is held.' })
  instrument(@Root() position: Position, @Ctx() context: Context): Promise<Instrument> {
    return requireInstrument(context, position.instrumentId, 'instrument')
  }
}
