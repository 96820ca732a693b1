// Two trees side by side.
import { Arg, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { type Page, pageSize } from '../../shared/connection.ts'
import { type ComparedSpan, compareTrees, countSpans, SpanKind } from '../rules/compare-trees.ts'
import { firstDay, lastDay, SINCE_EVER } from '../rules/dates.ts'
import {
  ComparedTreeInput,
  IdPairInput,
  ParameterSpan,
  ParameterSpanConnection,
  TreeComparison,
} from '../types/comparison.ts'
import { ParameterState } from '../types/difference.ts'
import { type Context, requireTree } from './context.ts'
import { pageOfList } from './import.ts'
import { wireContent, wireNumbers } from './wire.ts'

const KINDS = Object.values(SpanKind)

@Resolver(() => TreeComparison)
export class TreeComparisonResolver {
  @Query(() => TreeComparison, {
    nullable: true,
    description:
      'Two trees side by side, such as one law from two sources: what is equal, what differs, what only one has.',
  })
  async compareTrees(
    @Arg('here', () => ComparedTreeInput, { description: 'The first tree.' }) here: ComparedTreeInput,
    @Arg('there', () => ComparedTreeInput, { description: 'The second tree.' }) there: ComparedTreeInput,
    @Arg('mapping', () => [IdPairInput], {
      nullable: true,
      description: 'Ids that differ between them; of several that fit the longest counts. Equal ids need none.',
    })
    mapping: IdPairInput[] | undefined,
    @Arg('from', () => String, { nullable: true, description: 'First day compared; since ever where absent.' })
    from: string | undefined,
    @Arg('to', () => String, { nullable: true, description: 'Last day compared; for good where absent.' })
    to: string | undefined,
    @Arg('tolerance', () => Float, {
      defaultValue: 0,
      description: 'Numbers are equal that lie no further apart, in the unit of the first tree.',
    })
    tolerance: number,
    @Ctx() context: Context,
  ): Promise<TreeComparison> {
    const [start, end] = [
      from == null ? SINCE_EVER : firstDay(from, 'from'),
      to == null ? '9999-12-31' : lastDay(to, 'to'),
    ]
    if (end < start)
      throw new QuesnayError('BAD_INPUT', `to (${end}) lies before from (${start})`, {
        path: 'to',
        suggestion: 'give a later day',
      })
    if (!(tolerance >= 0))
      throw new QuesnayError('BAD_INPUT', 'the tolerance is below 0', {
        path: 'tolerance',
        suggestion: 'give 0 or more',
      })
    const side = async ({ tree, knownAt }: ComparedTreeInput, path: string) => ({
      tree: await requireTree(context, tree, `${path}.tree`),
      knownAt: knownAt == null ? undefined : lastDay(knownAt, `${path}.knownAt`),
    })
    const sides = await Promise.all([side(here, 'here'), side(there, 'there')])
    const all = compareTrees(...sides, { mapping: mapping ?? [], from: start, to: end, tolerance })
    const counts = countSpans(all)
    return { counts: KINDS.map((kind) => ({ kind, count: counts[kind] })), all }
  }

  @FieldResolver(() => ParameterSpanConnection, { description: 'The spans, by path, then by day.' })
  spans(
    @Root() { all }: TreeComparison,
    @Arg('kinds', () => [SpanKind], { nullable: true, description: 'Only these; all but EQUAL where absent.' })
    kinds: SpanKind[] | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
  ): Page<ComparedSpan> {
    const wanted = all.filter(({ kind }) => (kinds ? kinds.includes(kind) : kind !== 'EQUAL'))
    return pageOfList(wanted, pageSize(first), after)
  }
}

@Resolver(() => ParameterSpan)
export class ParameterSpanResolver {
  @FieldResolver(() => ParameterState, {
    nullable: true,
    description: 'What it is in the first tree; null where it does not exist.',
  })
  hereState(@Root() { hereState }: ParameterSpan): ParameterState | null {
    return wireState(hereState)
  }

  @FieldResolver(() => ParameterState, {
    nullable: true,
    description: 'What it is in the second tree, in the unit of the first where it fits; null where it does not exist.',
  })
  thereState(@Root() { thereState }: ParameterSpan): ParameterState | null {
    return wireState(thereState)
  }
}

const wireState = (state: ComparedSpan['hereState']): ParameterState | null =>
  state && { values: wireNumbers(state.values), ...wireContent(state.content) }
