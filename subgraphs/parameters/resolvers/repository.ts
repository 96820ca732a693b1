// Branches, commits and tags of the repository of a tree, as they are read.
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Branch, StoredCommit, Tag } from '../store/repository.ts'
import { ParameterChange } from '../types/reform.ts'
import {
  FormulaChange,
  ReformBranch,
  ReformBranchConnection,
  ReformCommit,
  ReformCommitConnection,
  ReformTag,
  ReformTagConnection,
} from '../types/repository.ts'
import { ParameterTree } from '../types/tree.ts'
import {
  type Context,
  requireBranch,
  requireCommit,
  requireCommitById,
  requireSnapshot,
  requireTreeRow,
  viewChanges,
} from './context.ts'

export const viewCommit = ({ hash, tree, snapshot, parents, author, message, at }: StoredCommit): ReformCommit => ({
  id: hash,
  treeId: tree,
  snapshotHash: snapshot,
  parentIds: parents,
  author,
  message,
  at: new Date(at),
})

export const viewBranch = ({ head, ...branch }: Branch): ReformBranch => ({ ...branch, headId: head })
export const viewTag = ({ commit, ...tag }: Tag): ReformTag => ({ ...tag, commitId: commit })

const FIRST = 'How many, at most 500; 50 where absent.'
const AFTER = 'Cursor to go on from.'

@Resolver(() => ParameterTree)
export class TreeRepositoryResolver {
  @FieldResolver(() => ReformBranchConnection, { description: 'Branches of its repository of reforms, by name.' })
  async branches(
    @Root() tree: ParameterTree,
    @Arg('first', () => Int, { nullable: true, description: FIRST }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string,
    @Ctx() { store, tenant }: Context,
  ): Promise<Page<ReformBranch>> {
    const size = pageSize(first)
    const { rows, totalCount } = await store.repository.branches(tenant, tree.id, size, keyOfCursor(after))
    return pageOf(rows.map(viewBranch), size, totalCount, ({ name }) => name)
  }

  @FieldResolver(() => ReformBranch, { nullable: true, description: 'The branch of this name.' })
  async branch(
    @Root() tree: ParameterTree,
    @Arg('name', () => String, { description: 'Such as "law".' }) name: string,
    @Ctx() context: Context,
  ): Promise<ReformBranch> {
    return viewBranch(await requireBranch(context, tree.id, name, 'name'))
  }

  @FieldResolver(() => ReformTagConnection, { description: 'Tags of its repository of reforms, by name.' })
  async tags(
    @Root() tree: ParameterTree,
    @Arg('first', () => Int, { nullable: true, description: FIRST }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string,
    @Ctx() { store, tenant }: Context,
  ): Promise<Page<ReformTag>> {
    const size = pageSize(first)
    const { rows, totalCount } = await store.repository.tags(tenant, tree.id, size, keyOfCursor(after))
    return pageOf(rows.map(viewTag), size, totalCount, ({ name }) => name)
  }

  @FieldResolver(() => ReformCommit, {
    nullable: true,
    description: 'The commit that a branch, a tag or a hash names.',
  })
  async commit(
    @Root() tree: ParameterTree,
    @Arg('name', () => String, { description: 'A branch, a tag or the hash of a commit; of equal names the branch.' })
    name: string,
    @Ctx() context: Context,
  ): Promise<ReformCommit> {
    return viewCommit(await requireCommit(context, tree.id, name, 'name'))
  }
}

@Resolver(() => ReformBranch)
export class ReformBranchResolver {
  @FieldResolver(() => ReformCommit, { description: 'Its last commit.' })
  async head(@Root() branch: ReformBranch, @Ctx() context: Context): Promise<ReformCommit> {
    return viewCommit(await requireCommitById(context, branch.headId, 'head'))
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree.' })
  tree(@Root() branch: ReformBranch, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, branch.treeId, 'tree')
  }
}

@Resolver(() => ReformTag)
export class ReformTagResolver {
  @FieldResolver(() => ReformCommit, { description: 'The commit.' })
  async commit(@Root() tag: ReformTag, @Ctx() context: Context): Promise<ReformCommit> {
    return viewCommit(await requireCommitById(context, tag.commitId, 'commit'))
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree.' })
  tree(@Root() tag: ReformTag, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, tag.treeId, 'tree')
  }
}

@Resolver(() => ReformCommit)
export class ReformCommitResolver {
  @Query(() => ReformCommit, { nullable: true, description: 'The commit of this hash, of any tree.' })
  async reformCommit(
    @Arg('id', () => ID, { description: 'Its SHA-256.' }) id: string,
    @Ctx() context: Context,
  ): Promise<ReformCommit> {
    return viewCommit(await requireCommitById(context, id, 'id'))
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree whose parameters it changes.' })
  tree(@Root() commit: ReformCommit, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, commit.treeId, 'tree')
  }

  @FieldResolver(() => [ReformCommit], {
    description: 'What it comes from: nothing, one commit, or the two of a merge.',
  })
  parents(@Root() commit: ReformCommit, @Ctx() context: Context): Promise<ReformCommit[]> {
    return Promise.all(commit.parentIds.map(async (id) => viewCommit(await requireCommitById(context, id, 'parents'))))
  }

  @FieldResolver(() => [ParameterChange], {
    description: 'All its changes of the law, by parameter and day: no two set the same cell on one day.',
  })
  async changes(@Root() commit: ReformCommit, @Ctx() context: Context): Promise<ParameterChange[]> {
    return viewChanges(commit.treeId, (await requireSnapshot(context, commit.snapshotHash)).changes)
  }

  @FieldResolver(() => [FormulaChange], { description: 'All formulas that it replaces, by rule set and variable.' })
  async formulas(@Root() commit: ReformCommit, @Ctx() context: Context): Promise<readonly FormulaChange[]> {
    return (await requireSnapshot(context, commit.snapshotHash)).formulas
  }

  @FieldResolver(() => ReformCommitConnection, {
    description: 'It and all that it comes from, each before its parents.',
  })
  async log(
    @Root() commit: ReformCommit,
    @Arg('first', () => Int, { nullable: true, description: FIRST }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string,
    @Ctx() { store, tenant }: Context,
  ): Promise<Page<ReformCommit>> {
    const size = pageSize(first)
    const { rows, totalCount } = await store.repository.log(tenant, commit.id, size, keyOfCursor(after))
    return pageOf(rows.map(viewCommit), size, totalCount, ({ id }) => id)
  }
}
