// Datasets and series: read as columns, and imported.
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { assertPeriod, Frequency } from '../../../schema/terms/economy.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { checkDataset, isAcceptable } from '../rules/check-dataset.ts'
import { aggregateValues, assertNotFiner } from '../rules/frame.ts'
import { checkEconomy, specOf } from '../rules/import-series.ts'
import {
  Dataset,
  DatasetConnection,
  ImportSeriesInput,
  ImportSeriesPayload,
  Series,
  SeriesValues,
} from '../types/dataset.ts'
import { Economy } from '../types/economy.ts'
import { type Context, everyNth, requireDataset, requireEconomy, viewDataset } from './context.ts'

@Resolver(() => Dataset)
export class DatasetResolver {
  @Query(() => Dataset, { nullable: true, description: 'The dataset of this id.' })
  async dataset(
    @Arg('id', () => ID, { description: 'name@version.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Dataset> {
    return viewDataset(await requireDataset(context, id, 'id'))
  }

  @Query(() => DatasetConnection, { description: 'Datasets, by id.' })
  async datasets(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Dataset>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.datasetPage(context.tenant, size, keyOfCursor(after))
    return pageOf(rows.map(viewDataset), size, totalCount, (dataset) => dataset.id)
  }

  @Directive(needsScope('economies:write'))
  @Directive(changing('Economy', 'Dataset', 'Series'))
  @Mutation(() => ImportSeriesPayload, {
    description: 'Imports a dataset from CSV text: everything, or nothing and every fault with its line.',
  })
  async importSeries(
    @Arg('input', () => ImportSeriesInput, { description: 'The dataset.' }) input: ImportSeriesInput,
    @Ctx() context: Context,
  ): Promise<ImportSeriesPayload> {
    const standing = await context.loaders.economy.load(input.economyId)
    const { economy, findings } = checkEconomy(input, standing)
    const spec = specOf(input)
    const checked = checkDataset(spec, input.csv)
    findings.push(...checked.findings)
    const observations = checked.columns.reduce((total, { values }) => total + values.length, 0)
    if (input.dryRun || !isAcceptable(findings)) return { dataset: null, imported: false, observations, findings }

    await context.store.importDataset(context.tenant, {
      economy,
      spec,
      columns: checked.columns,
      makeDefault: input.makeDefault,
      createdAt: new Date(context.clock.now()),
    })
    // What was read before the import in this request may be another now.
    const { economy: owners, dataset, datasetsOf, frame } = context.loaders
    for (const loader of [owners, dataset, datasetsOf, frame]) loader.clearAll()
    return {
      dataset: viewDataset(await requireDataset(context, spec.id, 'input.datasetId')),
      imported: true,
      observations,
      findings,
    }
  }

  @FieldResolver(() => Economy, { description: 'The economy it is about.' })
  economy(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Economy> {
    return requireEconomy(context, dataset.economyId, 'economy')
  }

  @FieldResolver(() => [Series], { description: 'Its series, in the order of the file.' })
  series(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Series[]> {
    return context.loaders.seriesOf.load(dataset.id)
  }
}

@Resolver(() => Series)
export class SeriesResolver {
  @Query(() => Series, { nullable: true, description: 'The series of this id.' })
  async series(
    @Arg('id', () => ID, { description: 'dataset@version/name.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Series> {
    const row = await context.loaders.series.load(id)
    if (row) await requireDataset(context, row.datasetId, 'id')
    if (row) return row
    throw new QuesnayError('NOT_FOUND', `no series "${id}"`, {
      path: 'id',
      suggestion: 'see datasets { edges { node { series { id } } } }',
    })
  }

  @FieldResolver(() => Dataset, { description: 'The dataset it belongs to.' })
  async dataset(@Root() series: Series, @Ctx() context: Context): Promise<Dataset> {
    return viewDataset(await requireDataset(context, series.datasetId, 'dataset'))
  }

  @FieldResolver(() => SeriesValues, { description: 'Its values, as columns.' })
  async values(
    @Root() series: Series,
    @Arg('from', () => String, { nullable: true, description: 'First period, inclusive.' }) from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: 'Last period, inclusive.' }) to: string | undefined,
    @Arg('every', () => Int, { nullable: true, description: 'Every n-th period; 1 where absent.' }) every:
      | number
      | undefined,
    @Arg('frequency', () => Frequency, {
      nullable: true,
      description: 'Longer periods than its own, joined by its kind; an incomplete one has no value.',
    })
    frequency: Frequency | undefined,
    @Ctx() context: Context,
  ): Promise<SeriesValues> {
    const own = (await requireDataset(context, series.datasetId, 'dataset')).frequency
    const asked = frequency ?? own
    assertNotFiner(own, asked)
    for (const [path, period] of [
      ['from', from],
      ['to', to],
    ] as const)
      if (period != null && assertPeriod(period, path) !== asked)
        throw new QuesnayError('BAD_INPUT', `${path} must be a period of frequency ${asked}`, {
          path,
          suggestion: 'such as 2024-Q3, or 2024 for a year',
        })
    const { periods, values } = await context.loaders.observations.load(series.id)
    const known = new Map(periods.map((period, i) => [period, values[i]!]))
    const joined = asked === own ? known : aggregateValues(known, series.kind, own, asked)
    const rows = [...joined].filter(([period]) => (from == null || period >= from) && (to == null || period <= to))
    const kept = everyNth(rows, every)
    return {
      periods: kept.map(([period]) => period),
      values: kept.map(([, value]) => value),
      unit: series.unit,
      frequency: asked,
    }
  }
}
