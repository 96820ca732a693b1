// Trees of parameters and their scales.
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { FILING_STATUSES, FilingStatus } from '../../../schema/terms/tax.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { lawOn } from '../rules/overlay.ts'
import { scheduleOf } from '../rules/scale.ts'
import { assertCovered } from '../rules/value-at.ts'
import type { StoredParameter } from '../store.ts'
import { BracketScale, BracketSchedule, ParameterConnection, ParameterTree } from '../types/parameter.ts'
import { type Context, requireTree, requireTreeRow } from './context.ts'

@Resolver(() => ParameterTree)
export class ParameterTreeResolver {
  @Query(() => ParameterTree, { nullable: true, description: 'The tree of this id.' })
  parameterTree(
    @Arg('id', () => ID, { description: 'Such as "us-federal".' }) id: string,
    @Ctx() context: Context,
  ): Promise<ParameterTree> {
    return requireTreeRow(context, id, 'id')
  }

  @Query(() => [ParameterTree], { description: 'All trees, by id.' })
  parameterTrees(@Ctx() context: Context): Promise<ParameterTree[]> {
    return context.store.trees(context.tenant)
  }

  @FieldResolver(() => ParameterConnection, { description: 'Its parameters, by id.' })
  async parameters(
    @Root() tree: ParameterTree,
    @Arg('prefix', () => String, { nullable: true, description: 'Only ids that begin so.' }) prefix: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<StoredParameter>> {
    const size = pageSize(first)
    const filter = { treeId: tree.id, ...(prefix == null ? {} : { prefix }) }
    const { rows, totalCount } = await context.store.parameterPage(context.tenant, filter, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (parameter) => parameter.id)
  }

  @FieldResolver(() => [BracketScale], { description: 'Its scales of brackets.' })
  scales(@Root() tree: ParameterTree, @Ctx() context: Context): Promise<BracketScale[]> {
    return context.store.scales(context.tenant, [tree.id])
  }
}

@Resolver(() => BracketScale)
export class BracketScaleResolver {
  @FieldResolver(() => BracketSchedule, {
    nullable: true,
    description: 'The brackets on a day, as the law was known on another; null where they were not all known by then.',
  })
  async at(
    @Root() scale: BracketScale,
    @Arg('date', () => String, { description: 'The day they hold: "2026" (its 1 January), "2026-07" or "2026-07-01".' })
    date: string,
    @Arg('knownAt', () => String, {
      nullable: true,
      description: 'As the law was known at the end of this day, month or year; as known now where absent.',
    })
    knownAt: string | undefined,
    @Arg('status', () => FilingStatus, { defaultValue: FilingStatus.SINGLE, description: 'The filing status.' })
    status: FilingStatus,
    @Ctx() context: Context,
  ): Promise<BracketSchedule | null> {
    const tree = await requireTree(context, scale.treeId, 'id')
    const day = assertCovered(tree, firstDay(date, 'date'), 'date')
    const law = lawOn(tree, day, knownAt == null ? undefined : lastDay(knownAt, 'knownAt'))
    const schedule = scheduleOf(scale, law, FILING_STATUSES.indexOf(status))
    if (!schedule) return null
    return { date: day, status, unit: tree.currency, thresholds: schedule.thresholds, rates: schedule.values }
  }
}
