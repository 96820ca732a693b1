// Populations: read, listed, imported, carried to other years, deleted.
import { Arg, Ctx, Directive, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, MAX_PAGE, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { DateTime } from '../../shared/types.ts'
import { loadShape } from '../population-files.ts'
import type { PopulationRecord } from '../rules/population/record.ts'
import { shippedPopulation } from '../rules/population/shipped.ts'
import {
  ColumnFactor,
  Population,
  PopulationColumn,
  PopulationConnection,
  PopulationLink,
} from '../types/population-data.ts'
import {
  DeletePopulationInput,
  DeletePopulationPayload,
  ImportPopulationInput,
  ImportPopulationPayload,
  UprateInput,
} from '../types/population-import.ts'
import { RuleSet } from '../types/rule-set.ts'
import type { Context } from './context.ts'
import { importPopulation } from './import-population.ts'
import {
  countPopulations,
  listPopulations,
  type PopulationView,
  requirePopulation,
  requireRecord,
} from './load-population.ts'
import { findRuleSet } from './rule-set.ts'
import { upratePopulation } from './uprate-population.ts'

const record = (context: Context, { id }: PopulationView) => requireRecord(context, id, 'id')

@Resolver(() => Population)
export class PopulationResolver {
  @Query(() => Population, { nullable: true, description: 'The population of this id.' })
  population(
    @Arg('id', () => ID, { description: 'Such as "us-synthetic"; "us-synthetic-10000" is a smaller one.' }) id: string,
    @Ctx() context: Context,
  ): Promise<PopulationView> {
    return requirePopulation(context, id, 'id')
  }

  @Query(() => [Population], {
    description: 'The first 500 populations, by id; those carried to other years left out.',
  })
  populations(@Ctx() context: Context): Promise<PopulationView[]> {
    return listPopulations(context, MAX_PAGE)
  }

  @Query(() => PopulationConnection, { description: 'Populations by id; those carried to other years left out.' })
  async populationConnection(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<PopulationView>> {
    const size = pageSize(first)
    const rows = await listPopulations(context, size + 1, keyOfCursor(after))
    return pageOf(rows, size, await countPopulations(context), ({ id }) => id)
  }

  @Directive(needsScope('populations:write'))
  @Directive(changing('Population'))
  @Mutation(() => ImportPopulationPayload, {
    description:
      'Imports a population: everything, or nothing and every fault by column and row. The same data under the same id are no error.',
  })
  importPopulation(
    @Arg('input', () => ImportPopulationInput, { description: 'The file and what it holds.' })
    input: ImportPopulationInput,
    @Ctx() context: Context,
  ): Promise<ImportPopulationPayload> {
    return importPopulation(input, context)
  }

  @Directive(needsScope('populations:write'))
  @Directive(changing('Population'))
  @Mutation(() => DeletePopulationPayload, {
    description:
      'Deletes an imported population with its data, and those carried from it. Runs over it keep their results and cannot be verified.',
  })
  async deletePopulation(
    @Arg('input', () => DeletePopulationInput, { description: 'Which.' }) { id }: DeletePopulationInput,
    @Ctx() context: Context,
  ): Promise<DeletePopulationPayload> {
    const { store, tenant, dispatch, loaders } = context
    await requirePopulation(context, id, 'input.id')
    if (shippedPopulation(id))
      throw new QuesnayError('BAD_INPUT', `"${id}" is shipped and would be made again`, {
        path: 'input.id',
        suggestion: 'leave it',
      })
    const deleted = await store.populations.delete(tenant, id)
    const hashes = [...new Set(deleted.flatMap(({ columns }) => columns.flatMap(blobsOf)))]
    const inUse = await store.populations.blobsInUse(tenant, hashes)
    await dispatch.deleteBlobs(
      tenant,
      hashes.filter((hash) => !inUse.has(hash)),
    )
    for (const row of deleted) loaders.population.clear(row.id)
    return { id, uprated: Math.max(0, deleted.length - 1) }
  }

  @FieldResolver(() => RuleSet, { description: 'The rule set whose columns it has.' })
  ruleSet(@Root() population: Population): RuleSet {
    return findRuleSet(population.ruleSetId, 'ruleSet')
  }

  @FieldResolver(() => Float, { description: 'Number of units that they stand for.' })
  async weightsTotal(@Root() population: Population, @Ctx() context: Context): Promise<number> {
    return (await record(context, population)).weightsTotal
  }

  @FieldResolver(() => String, {
    description:
      'SHA-256 over names and values of the columns: the same data have the same version, whatever file they came in. Of a population that is carried to another year, over the version it comes from and the factors.',
  })
  async dataVersion(@Root() population: Population, @Ctx() context: Context): Promise<string> {
    return (await record(context, population)).dataVersion
  }

  @FieldResolver(() => DateTime, { description: 'When it was stored; one that is shipped when first asked for.' })
  async createdAt(@Root() population: Population, @Ctx() context: Context): Promise<Date> {
    return (await record(context, population)).createdAt
  }

  @FieldResolver(() => [PopulationColumn], {
    description: 'Its columns, by name; what it lacks has the default of the rule set.',
  })
  async columns(
    @Root() population: Population,
    @Arg('names', () => [String], { nullable: true, description: 'Only these; all where absent.' })
    names: string[] | null,
    @Ctx() context: Context,
  ): Promise<PopulationColumn[]> {
    const { columns, ruleSetId } = await record(context, population)
    const shape = new Map(loadShape(ruleSetId, 'ruleSetId').columns.map((column) => [column.name, column]))
    return columns
      .filter(({ name }) => names == null || names.includes(name))
      .map(({ values, ...column }) => ({
        ...column,
        label: shape.get(column.name)?.label ?? column.name,
        integer: shape.get(column.name)?.integer ?? false,
        constant: 'constant' in values ? values.constant : null,
      }))
  }

  @FieldResolver(() => [PopulationLink], { description: 'Which units belong together.' })
  async links(@Root() population: Population, @Ctx() context: Context): Promise<PopulationLink[]> {
    const { columns, ruleSetId } = await record(context, population)
    const { household } = loadShape(ruleSetId, 'ruleSetId')
    return household !== null && columns.some(({ name, values }) => name === household && !('constant' in values))
      ? [{ entity: 'household', column: household }]
      : []
  }

  @FieldResolver(() => Population, {
    description:
      'It carried to another year, known at once and computed when a run needs it. The same question gives the same population, by an id that holds year and version.',
  })
  uprated(
    @Root() population: Population,
    @Arg('year', () => Int, { description: 'The year.' }) year: number,
    @Arg('by', () => [UprateInput], {
      nullable: true,
      description:
        'How columns change; of two entries for a column the later counts. Where absent, round assumptions that are shipped with the rule set: no forecast.',
    })
    by: UprateInput[] | null,
    @Ctx() context: Context,
  ): Promise<PopulationRecord> {
    return upratePopulation(context, population.id, year, by ?? null)
  }

  @FieldResolver(() => Population, {
    nullable: true,
    description: 'Of one carried to another year, what it comes from.',
  })
  async base(@Root() population: Population, @Ctx() context: Context): Promise<PopulationView | null> {
    const { baseId } = await record(context, population)
    return baseId === null ? null : requirePopulation(context, baseId, 'base')
  }

  @FieldResolver(() => [ColumnFactor], {
    description: 'Of one carried to another year, what columns were multiplied by.',
  })
  async factors(@Root() population: Population, @Ctx() context: Context): Promise<readonly ColumnFactor[]> {
    return (await record(context, population)).factors ?? []
  }
}

function blobsOf({ values }: PopulationRecord['columns'][number]): string[] {
  if ('sha256' in values) return [values.sha256]
  return 'base' in values ? [values.base] : []
}
