// Parameters carried on by an index.
import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { indexParameters } from '../rules/indexation/index-tree.ts'
import type { DatedValue as RuleValue } from '../rules/tree.ts'
import { readIndexation } from '../rules/write/read-indexation.ts'
import type { StoredParameter } from '../store.ts'
import { IndexPointInput, ParameterIndexation, RoundingInput } from '../types/indexation.ts'
import { DatedValue, Parameter } from '../types/parameter.ts'
import { type Context, requireParameter, requireTreeRow } from './context.ts'
import { wireValue } from './wire.ts'

/** Name of the index that is given with the question. */
const SERIES = 'the series given'
const MAX_POINTS = 2_000

@Resolver(() => Parameter)
export class IndexationResolver {
  @FieldResolver(() => ParameterIndexation, {
    nullable: true,
    description: 'How it goes on after its last value of the law; null where it does not by itself.',
  })
  async indexation(@Root() parameter: StoredParameter, @Ctx() context: Context): Promise<ParameterIndexation | null> {
    return (await withGraphIndex(context, parameter)).indexation ?? null
  }

  @FieldResolver(() => [DatedValue], {
    description:
      'Its values, and after the last of them those that an index gives: value(t) = round(value(t0) x index(t) / index(t0)), t0 the day of the last value.',
  })
  async indexed(
    @Root() parameter: StoredParameter,
    @Arg('through', () => String, { description: 'Last day for which values are derived: "2035" is its 31 December.' })
    through: string,
    @Arg('index', () => ID, { nullable: true, description: 'Another index than its own: a parameter, or "self".' })
    index: string | undefined,
    @Arg('series', () => [IndexPointInput], {
      nullable: true,
      description: 'Another index than its own: these values.',
    })
    series: IndexPointInput[] | undefined,
    @Arg('rounding', () => RoundingInput, { nullable: true, description: 'Another rounding than its own.' })
    rounding: RoundingInput | undefined,
    @Arg('chained', () => Boolean, {
      nullable: true,
      description: 'See ParameterIndexation.chained; absent: as its own.',
    })
    chained: boolean | undefined,
    @Ctx() context: Context,
  ): Promise<DatedValue[]> {
    if (index != null && series != null) throw wrong('series', 'give an index or a series, not both')
    const own = await withGraphIndex(context, parameter)
    const name = series != null ? SERIES : (index ?? own.indexation?.index)
    if (name === undefined) throw wrong('index', `${parameter.id} has no index of its own`)
    const { from, to } = name === own.indexation?.index ? own.indexation : { from: null, to: null }
    const rule = readIndexation(
      {
        index: name,
        rounding: rounding ?? own.indexation?.rounding,
        from,
        to,
        chained: chained ?? own.indexation?.chained,
      },
      'indexed',
    )
    const chain = await chainOf(context, { ...own, indexation: rule })
    const options = {
      through: lastDay(through, 'through'),
      ...(series == null ? {} : { series: new Map([[SERIES, seriesOf(series)]]) }),
    }
    return indexParameters(chain, options).get(parameter.id)!.values.map(wireValue)
  }
}

/** The parameter, what it is indexed by, what that is indexed by, and so on; ids are those of the graph. */
async function chainOf(context: Context, parameter: StoredParameter): Promise<StoredParameter[]> {
  const chain = [parameter]
  for (let next = parameter.indexation?.index; next && next !== 'self' && next !== SERIES; ) {
    if (chain.some(({ id }) => id === next)) break
    const found = await withGraphIndex(context, await requireParameter(context, next, 'index'))
    chain.push(found)
    next = found.indexation?.index
  }
  return chain
}

/** With the index named as in the graph. */
async function withGraphIndex(context: Context, parameter: StoredParameter): Promise<StoredParameter> {
  const { indexation, treeId } = parameter
  if (!indexation || indexation.index === 'self') return parameter
  const { idPrefix } = await requireTreeRow(context, treeId, 'tree')
  return { ...parameter, indexation: { ...indexation, index: idPrefix + indexation.index } }
}

function seriesOf(points: readonly IndexPointInput[]): RuleValue[] {
  if (points.length === 0 || points.length > MAX_POINTS) throw wrong('series', `give 1 to ${MAX_POINTS} values`)
  const values = points.map(({ from, value }, i) => {
    const day = firstDay(from, `series.${i}.from`)
    return { from: day, known: day, values: [value] }
  })
  const days = new Set(values.map(({ from }) => from))
  if (days.size < values.length) throw wrong('series', 'two values are from one day')
  return values
}

const wrong = (path: string, message: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion: 'name a parameter as index, or give a series' })
