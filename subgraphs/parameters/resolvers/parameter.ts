// Parameters: read by id, prefix or words, and their values by date as known on a date.
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { FilingStatus } from '../../../schema/terms/tax.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { firstDay, lastDay, SINCE_EVER } from '../rules/dates.ts'
import { type NamedCell, namedCell } from '../rules/named-cell.ts'
import { LAST_DAY } from '../rules/overlay.ts'
import { assertCovered, valueAt, valuesBetween } from '../rules/value-at.ts'
import { cellsOf, vectorName } from '../rules/vector.ts'
import type { StoredParameter } from '../store.ts'
import { DatedValue, Parameter, ParameterConnection, ParameterReference, ParameterValue } from '../types/parameter.ts'
import { ParameterTree } from '../types/tree.ts'
import { type Context, requireParameter, requireTreeRow } from './context.ts'
import { wireContent, wireFlag, wireNumber, wireNumbers, wireValue } from './wire.ts'

/** Words of a search, in lower case, all of which have to be found. BAD_INPUT where it is too long. */
export function wordsOf(search: string | null | undefined): string[] {
  if (search != null && search.length > 200)
    throw new QuesnayError('BAD_INPUT', 'the search is longer than 200 characters', {
      path: 'search',
      suggestion: 'give a few words',
    })
  return (search ?? '')
    .toLowerCase()
    .split(/[\s._-]+/)
    .filter((word) => word !== '')
}

const SEARCH = 'Only those with every one of these words (or parts of words) in id, label or description.'
const FROM = 'From this day on: "2024" or "2024-07-01".'
const TO = 'To this day: "2024" is its 31 December.'
const KNOWN_AT = 'As the law was known at the end of this day, month or year; as known now where absent.'

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
    @Arg('search', () => String, { nullable: true, description: SEARCH }) search: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<StoredParameter>> {
    const size = pageSize(first)
    const filter = { ...(prefix == null ? {} : { prefix }), words: wordsOf(search) }
    const { rows, totalCount } = await context.store.parameterPage(context.tenant, filter, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (parameter) => parameter.id)
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree it belongs to.' })
  tree(@Root() parameter: Parameter, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, parameter.treeId, 'tree')
  }

  @FieldResolver(() => [String], { description: 'Names of its cells, in the order of values.' })
  cells(@Root() parameter: Parameter): readonly string[] {
    return cellsOf(parameter)
  }

  @FieldResolver(() => String, {
    name: 'vector',
    description: 'Name of what its values differ by, such as "FILING_STATUS", or the name that its tree has for it.',
  })
  vectorName(@Root() parameter: Parameter): string {
    return vectorName(parameter)
  }

  @FieldResolver(() => [String], { name: 'references', description: 'The law that sets it.' })
  referenceTitles(@Root() parameter: Parameter): string[] {
    return parameter.references.map(({ title }) => title)
  }

  @FieldResolver(() => [ParameterReference], { description: 'The law that sets it, with where it can be read.' })
  referenceLinks(@Root() parameter: Parameter): readonly ParameterReference[] {
    return parameter.references
  }

  @FieldResolver(() => [DatedValue], { description: 'The values that follow each other, as known on one day.' })
  values(
    @Root() parameter: Parameter,
    @Arg('from', () => String, { nullable: true, description: FROM }) from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: TO }) to: string | undefined,
    @Arg('knownAt', () => String, { nullable: true, description: KNOWN_AT }) knownAt: string | undefined,
  ): DatedValue[] {
    const [start, end] = daysOf(from, to)
    const first = start ?? parameter.values[0]?.from ?? SINCE_EVER
    return valuesBetween(parameter.values, first, end ?? LAST_DAY, knownDay(knownAt)).map(wireValue)
  }

  @FieldResolver(() => [DatedValue], {
    description:
      'Every version of its values: by the day it holds from, then the day it was known. Between days those that begin to hold there, and those that hold at the start.',
  })
  history(
    @Root() parameter: Parameter,
    @Arg('from', () => String, { nullable: true, description: FROM }) from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: TO }) to: string | undefined,
    @Arg('knownAt', () => String, { nullable: true, description: KNOWN_AT }) knownAt: string | undefined,
  ): DatedValue[] {
    const [start, end] = daysOf(from, to)
    const known = knownDay(knownAt)
    const versions = parameter.values.filter((value) => known === undefined || value.known <= known)
    const holding = start === undefined ? undefined : versions.filter((value) => value.from <= start).at(-1)?.from
    const since = holding ?? start ?? SINCE_EVER
    return versions.filter((value) => value.from >= since && value.from <= (end ?? LAST_DAY)).map(wireValue)
  }

  @FieldResolver(() => ParameterValue, {
    nullable: true,
    description:
      'The value that holds on a day, as the law was known on another; null where none was known by then, and where it has ceased.',
  })
  async valueAt(
    @Root() parameter: Parameter,
    @Arg('date', () => String, { description: 'The day it holds: "2026" (its 1 January), "2026-07" or "2026-07-01".' })
    date: string,
    @Arg('knownAt', () => String, { nullable: true, description: KNOWN_AT }) knownAt: string | undefined,
    @Arg('status', () => FilingStatus, { nullable: true, description: 'The cell, where it differs by filing status.' })
    status: FilingStatus | undefined,
    @Arg('children', () => Int, {
      nullable: true,
      description: 'The cell, where it differs by children; 3 stands for more.',
    })
    children: number | undefined,
    @Arg('cell', () => String, { nullable: true, description: 'The cell by its name, one of cells.' })
    cell: string | undefined,
    @Ctx() context: Context,
  ): Promise<ParameterValue | null> {
    const tree = await requireTreeRow(context, parameter.treeId, 'tree')
    const day = assertCovered(tree, firstDay(date, 'date'), 'date')
    const cells = cellsOf(parameter)
    const place = placeOf(parameter, { cell, status, children })
    const found = valueAt(parameter.values, day, knownDay(knownAt))
    if (!found || found.ceased) return null
    const value = found.values[place ?? (cells.length === 1 ? 0 : -1)]
    return {
      value: value === undefined ? null : wireNumber(value),
      values: wireNumbers(found.values),
      flag: wireFlag(parameter, value === undefined ? found.values : [value]),
      ...wireContent(found.content),
      cells,
      unit: parameter.unit,
      from: found.from,
      known: found.known,
      derived: found.derived ?? false,
      source: found.source ?? null,
    }
  }
}

const knownDay = (knownAt: string | null | undefined) => (knownAt == null ? undefined : lastDay(knownAt, 'knownAt'))

/** The days of a span; BAD_INPUT where the last lies before the first. */
function daysOf(
  from: string | null | undefined,
  to: string | null | undefined,
): [string | undefined, string | undefined] {
  const start = from == null ? undefined : firstDay(from, 'from')
  const end = to == null ? undefined : lastDay(to, 'to')
  if (start !== undefined && end !== undefined && end < start)
    throw new QuesnayError('BAD_INPUT', `to (${end}) lies before from (${start})`, {
      path: 'to',
      suggestion: 'give a later day',
    })
  return [start, end]
}

/** Place of the cell named, undefined where none was. Of children 3 stands for more; one value for all is the value for every status. */
function placeOf(parameter: Parameter, { cell, status, children }: NamedCell): number | undefined {
  if (cellsOf(parameter).length === 1 && cell == null) return undefined
  return namedCell(parameter, { cell, status, children: children == null ? null : Math.min(children, 3) }, '')
}
