// Parameters: read by id or by prefix, and their values by date as known on a date.
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { FilingStatus, VECTOR_CELLS } from '../../../schema/terms/tax.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { assertCovered, valueAt, valuesBetween } from '../rules/value-at.ts'
import type { StoredParameter } from '../store.ts'
import { DatedValue, Parameter, ParameterConnection, ParameterTree, ParameterValue } from '../types/parameter.ts'
import { type Context, requireParameter, requireTreeRow } from './context.ts'

@Resolver(() => Parameter)
export class ParameterResolver {
  @Query(() => Parameter, { nullable: true, description: 'The parameter of this id.' })
  parameter(
    @Arg('id', () => ID, { description: 'Path, such as "us.federal.income_tax.brackets.7.rate".' }) id: string,
    @Ctx() context: Context,
  ): Promise<StoredParameter> {
    return requireParameter(context, id, 'id')
  }

  @Query(() => ParameterConnection, { description: 'Parameters of every tree, by id.' })
  async parameters(
    @Arg('prefix', () => String, {
      nullable: true,
      description: 'Only ids that begin so, such as "us.federal.payroll_tax.".',
    })
    prefix: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<StoredParameter>> {
    const size = pageSize(first)
    const filter = prefix == null ? {} : { prefix }
    const { rows, totalCount } = await context.store.parameterPage(context.tenant, filter, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (parameter) => parameter.id)
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree it belongs to.' })
  tree(@Root() parameter: Parameter, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, parameter.treeId, 'tree')
  }

  @FieldResolver(() => [String], { description: 'Names of its cells, in the order of values.' })
  cells(@Root() parameter: Parameter): readonly string[] {
    return VECTOR_CELLS[parameter.by]
  }

  @FieldResolver(() => [String], { name: 'references', description: 'The law that sets it.' })
  referenceTitles(@Root() parameter: Parameter): string[] {
    return parameter.references.map(({ title }) => title)
  }

  @FieldResolver(() => [DatedValue], { description: 'The values that follow each other, as known on one day.' })
  values(
    @Root() parameter: Parameter,
    @Arg('from', () => String, { nullable: true, description: 'From this day on: "2024" or "2024-07-01".' })
    from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: 'To this day: "2024" is its 31 December.' }) to:
      | string
      | undefined,
    @Arg('knownAt', () => String, {
      nullable: true,
      description: 'As the law was known at the end of this day, month or year; as known now where absent.',
    })
    knownAt: string | undefined,
  ): DatedValue[] {
    const start = from == null ? (parameter.values[0]?.from ?? '0001-01-01') : firstDay(from, 'from')
    const end = to == null ? '9999-12-31' : lastDay(to, 'to')
    if (end < start)
      throw new QuesnayError('BAD_INPUT', `to (${end}) lies before from (${start})`, {
        path: 'to',
        suggestion: 'give a later day',
      })
    return valuesBetween(parameter.values, start, end, knownAt == null ? undefined : lastDay(knownAt, 'knownAt'))
  }

  @FieldResolver(() => [DatedValue], {
    description: 'Every value ever known, by the day it holds from, then the day it was known.',
  })
  history(@Root() parameter: Parameter): readonly DatedValue[] {
    return parameter.values
  }

  @FieldResolver(() => ParameterValue, {
    nullable: true,
    description: 'The value that holds on a day, as the law was known on another; null where none was known by then.',
  })
  async valueAt(
    @Root() parameter: Parameter,
    @Arg('date', () => String, { description: 'The day it holds: "2026" (its 1 January), "2026-07" or "2026-07-01".' })
    date: string,
    @Arg('knownAt', () => String, {
      nullable: true,
      description: 'As the law was known at the end of this day, month or year; as known now where absent.',
    })
    knownAt: string | undefined,
    @Arg('status', () => FilingStatus, { nullable: true, description: 'The cell, where it differs by filing status.' })
    status: FilingStatus | undefined,
    @Arg('children', () => Int, {
      nullable: true,
      description: 'The cell, where it differs by children; 3 stands for more.',
    })
    children: number | undefined,
    @Ctx() context: Context,
  ): Promise<ParameterValue | null> {
    const tree = await requireTreeRow(context, parameter.treeId, 'tree')
    const day = assertCovered(tree, firstDay(date, 'date'), 'date')
    const cells = VECTOR_CELLS[parameter.by]
    const cell = cellOf(parameter, status, children)
    const found = valueAt(parameter.values, day, knownAt == null ? undefined : lastDay(knownAt, 'knownAt'))
    if (!found || found.ceased) return null
    const value = found.values[cell ?? (cells.length === 1 ? 0 : -1)] ?? null
    return { value, cells, unit: parameter.unit, ...found, source: found.source ?? null }
  }
}

/** Index of the cell named, undefined where none was; BAD_INPUT where the parameter has no such cell. */
function cellOf(
  parameter: Parameter,
  status: FilingStatus | undefined,
  children: number | undefined,
): number | undefined {
  const cells = VECTOR_CELLS[parameter.by]
  for (const [path, name] of [
    ['status', status],
    ['children', children == null ? undefined : String(Math.min(children, 3))],
  ] as const) {
    if (name == null) continue
    const index = cells.indexOf(name)
    // One value for all is the value for every status.
    if (index < 0 && cells.length > 1)
      throw new QuesnayError('BAD_INPUT', `${parameter.id} has no value for ${path} ${name}`, {
        path,
        suggestion: `it has ${cells.join(', ')}`,
      })
    if (index >= 0) return index
  }
  return undefined
}
