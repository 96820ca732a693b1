// Trees of parameters: their parameters, their scales, their nodes and their history.
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Vectors } from '../rules/vector.ts'
import type { NodeEntry } from '../store/nodes.ts'
import type { StoredParameter } from '../store.ts'
import { ParameterConnection } from '../types/parameter.ts'
import { BracketScale } from '../types/scale.ts'
import { ParameterNode, ParameterTree, TreeChange, TreeChangeConnection, TreeVector } from '../types/tree.ts'
import { type Context, notFound, requireTreeRow } from './context.ts'
import { wordsOf } from './parameter.ts'

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
    @Arg('search', () => String, {
      nullable: true,
      description: 'Only those with every one of these words (or parts of words) in id, label or description.',
    })
    search: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<StoredParameter>> {
    const size = pageSize(first)
    const filter = { treeId: tree.id, ...(prefix == null ? {} : { prefix }), words: wordsOf(search) }
    const { rows, totalCount } = await context.store.parameterPage(context.tenant, filter, size, keyOfCursor(after))
    return pageOf(rows, size, totalCount, (parameter) => parameter.id)
  }

  @FieldResolver(() => [TreeVector], {
    name: 'vectors',
    description: 'What its values may differ by, as it names it; by name.',
  })
  ownVectors(@Root() tree: ParameterTree & { vectors: Vectors }): TreeVector[] {
    return Object.keys(tree.vectors)
      .sort()
      .map((name) => ({ name, cells: tree.vectors[name]! }))
  }

  @FieldResolver(() => [BracketScale], { description: 'Its scales of brackets, by id.' })
  scales(@Root() tree: ParameterTree, @Ctx() context: Context): Promise<BracketScale[]> {
    return context.store.scales(context.tenant, [tree.id])
  }

  @FieldResolver(() => BracketScale, { nullable: true, description: 'The scale of this id.' })
  async scale(
    @Root() tree: ParameterTree,
    @Arg('id', () => ID, { description: 'Such as "us.federal.income_tax.brackets".' }) id: string,
    @Ctx() context: Context,
  ): Promise<BracketScale> {
    const scales = await context.store.scales(context.tenant, [tree.id])
    const found = scales.find((scale) => scale.id === id)
    if (found) return found
    throw notFound(
      'scale',
      id,
      'id',
      scales.map((scale) => scale.id),
    )
  }

  @FieldResolver(() => ParameterNode, {
    nullable: true,
    description: 'A place in it, to go on from to what stands below.',
  })
  async node(
    @Root() tree: ParameterTree,
    @Arg('id', () => ID, {
      nullable: true,
      description: 'Path, such as "us.federal.income_tax"; absent: the tree itself.',
    })
    id: string | undefined,
    @Ctx() context: Context,
  ): Promise<NodeEntry> {
    const place = { treeId: tree.id, prefix: tree.idPrefix, node: id || tree.idPrefix }
    const found = await context.store.node(context.tenant, place)
    if (found) return found
    throw notFound('node', place.node, 'id', await context.store.parameterIds(context.tenant))
  }

  @FieldResolver(() => TreeChangeConnection, { description: 'What was written to it, newest first.' })
  async log(
    @Root() tree: ParameterTree,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<TreeChange>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.treeLog(context.tenant, tree.id, size, revisionOf(after))
    return pageOf(
      rows.map(({ revision, ...change }) => ({ id: revision, ...change })),
      size,
      totalCount,
      ({ id }) => id,
    )
  }
}

/** The revision inside a cursor of the log; BAD_INPUT where it is none. */
function revisionOf(after: string | null | undefined): string | undefined {
  const key = keyOfCursor(after)
  if (key === undefined || /^\d{1,18}$/.test(key)) return key
  throw new QuesnayError('BAD_INPUT', 'after is not a cursor of this list', {
    path: 'after',
    suggestion: 'give the endCursor of the page before',
  })
}
