// Economies: read, and their circular flow, imbalances and datasets.
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { assertPeriod } from '../../../schema/terms/economy.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { applyConventions, type CircularFlowValue, deriveCircularFlow, tierOf } from '../rules/circular-flow.ts'
import { aggregateFrame, periodsOf } from '../rules/frame.ts'
import { imbalanceFindings, summariseImbalances } from '../rules/imbalance.ts'
import { CircularFlow, CircularFlowColumns, FlowArgs, FlowRangeArgs } from '../types/circular-flow.ts'
import { Dataset, Series } from '../types/dataset.ts'
import { Economy, EconomyConnection } from '../types/economy.ts'
import { ImbalanceReport } from '../types/imbalance.ts'
import { type Context, everyNth, frameFor, periodsIn, requireEconomy, requireFrame, viewDataset } from './context.ts'

export const viewFlow = ({ components, ...flow }: CircularFlowValue): CircularFlow => ({ ...flow, ...components })

@Resolver(() => Economy)
export class EconomyResolver {
  @Query(() => Economy, { nullable: true, description: 'The economy of this id.' })
  economy(
    @Arg('id', () => ID, { description: 'ISO 3166 alpha-3 code.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Economy> {
    return requireEconomy(context, id, 'id')
  }

  @Query(() => EconomyConnection, { description: 'Economies, by id.' })
  async economies(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Economy>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.economyPage(context.tenant, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (economy) => economy.id)
  }

  @FieldResolver(() => CircularFlow, {
    nullable: true,
    description: 'Leakages against injections in one period; null where the figures have no such period.',
  })
  async circularFlow(
    @Root() economy: Economy,
    @Arg('period', () => String, {
      nullable: true,
      description: 'ISO period: 2024-Q3, or a longer one such as 2024, which is aggregated; the last one where absent.',
    })
    period: string | undefined,
    @Args(() => FlowArgs) args: FlowArgs,
    @Ctx() context: Context,
  ): Promise<CircularFlow | null> {
    const frequency = args.frequency ?? (period == null ? undefined : assertPeriod(period, 'period'))
    const frame = await frameFor(context, economy, frequency ? { ...args, frequency } : args)
    const known = periodsIn(frame, period == null ? {} : { from: period, to: period })
    const last = known.at(-1)
    return last === undefined ? null : viewFlow(deriveCircularFlow(frame, last, args))
  }

  @FieldResolver(() => CircularFlowColumns, { description: 'The circular flow over many periods, as columns.' })
  async circularFlows(
    @Root() economy: Economy,
    @Args(() => FlowRangeArgs) args: FlowRangeArgs,
    @Arg('every', () => Int, { nullable: true, description: 'Every n-th period; 1 where absent.' }) every:
      | number
      | undefined,
    @Ctx() context: Context,
  ): Promise<CircularFlowColumns> {
    const frame = await frameFor(context, economy, args)
    const periods = everyNth(periodsIn(frame, args), every)
    const flows = periods.map((period) => viewFlow(deriveCircularFlow(frame, period, args)))
    const column = <K extends keyof CircularFlow>(name: K) => flows.map((flow) => flow[name])
    return {
      periods,
      currency: frame.currency,
      unit: frame.unit,
      conventions: applyConventions(frame, args),
      Y: column('Y'),
      C: column('C'),
      I: column('I'),
      G: column('G'),
      X: column('X'),
      M: column('M'),
      S: column('S'),
      T: column('T'),
      savingAndNetTaxes: column('savingAndNetTaxes'),
      leakages: column('leakages'),
      injections: column('injections'),
      gap: column('gap'),
      gapPctOfInjections: column('gapPctOfInjections'),
      unexplained: column('unexplained'),
      status: column('status'),
    }
  }

  @FieldResolver(() => ImbalanceReport, {
    description:
      'How often leakages and injections part by more than 1, 2, 5 and 10 % of injections, in a range or one period.',
  })
  async imbalanceReport(
    @Root() economy: Economy,
    @Arg('period', () => String, { nullable: true, description: 'Only this period; the range is then not looked at.' })
    period: string | undefined,
    @Args(() => FlowRangeArgs) args: FlowRangeArgs,
    @Ctx() context: Context,
  ): Promise<ImbalanceReport> {
    const frame = await frameFor(context, economy, args)
    const periods = periodsIn(frame, period == null ? args : { from: period, to: period })
    const flows = periods.map((p) => deriveCircularFlow(frame, p, args))
    const summary = summariseImbalances(flows)
    return {
      ...summary,
      from: periods[0] ?? null,
      to: periods.at(-1) ?? null,
      conventions: applyConventions(frame, args),
      tier: tierOf(summary.total.maxAbsolutePct),
      findings: imbalanceFindings(flows),
    }
  }

  @FieldResolver(() => [Dataset], { description: 'Datasets of this economy, by id.' })
  async datasets(@Root() economy: Economy, @Ctx() context: Context): Promise<Dataset[]> {
    return (await context.loaders.datasetsOf.load(economy.id)).map(viewDataset)
  }

  @FieldResolver(() => Dataset, { nullable: true, description: 'The dataset that its circular flow is read from.' })
  async defaultDataset(@Root() economy: Economy, @Ctx() context: Context): Promise<Dataset | null> {
    const row =
      economy.defaultDatasetId === null ? undefined : await context.loaders.dataset.load(economy.defaultDatasetId)
    return row ? viewDataset(row) : null
  }

  @FieldResolver(() => [Series], { description: 'Series of the dataset that its circular flow is read from.' })
  async series(@Root() economy: Economy, @Ctx() context: Context): Promise<Series[]> {
    return economy.defaultDatasetId === null ? [] : context.loaders.seriesOf.load(economy.defaultDatasetId)
  }

  @FieldResolver(() => [String], {
    description: 'First and last complete year of its figures; empty where there is none.',
  })
  async completeYears(@Root() economy: Economy, @Ctx() context: Context): Promise<string[]> {
    const annual = aggregateFrame(await requireFrame(context, economy), 'ANNUAL')
    const years = periodsOf(annual).filter((year) => deriveCircularFlow(annual, year).status === 'COMPLETE')
    return years.length === 0 ? [] : [years[0]!, years.at(-1)!]
  }
}
