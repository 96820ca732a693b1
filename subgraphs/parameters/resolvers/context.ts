// What the resolvers of parameters share: their context, and how a row becomes the graph's object.
import { QuesnayError } from '../../../schema/errors.ts'
import type { SubgraphContext } from '../../shared/context.ts'
import type { ParametersLoaders } from '../loaders.ts'
import { unknownParameter } from '../rules/check-reform.ts'
import { nearbyId } from '../rules/nearby-ids.ts'
import type { ReformChange } from '../rules/overlay.ts'
import type { Snapshot } from '../rules/repository/snapshot.ts'
import type { Branch, StoredCommit } from '../store/repository.ts'
import type { ReformRow, TreeRow } from '../store/rows.ts'
import type { ParametersStore, StoredParameter, StoredTree } from '../store.ts'
import type { ParameterChange, Reform } from '../types/reform.ts'

export type Context = SubgraphContext<ParametersStore, ParametersLoaders>

export function viewReform(row: ReformRow): Reform {
  const { tenant: _tenant, changes, ...rest } = row
  return { ...rest, changes: viewChanges(row.treeId, changes) }
}

export const viewChanges = (treeId: string, changes: readonly ReformChange[]): ParameterChange[] =>
  changes.map(({ parameter, ...change }) => ({ ...change, parameterId: parameter, treeId }))

/** The path in its tree of a parameter that is named by its path or by its id in the graph. */
export const pathIn = ({ idPrefix }: Pick<TreeRow, 'idPrefix'>, id: string): string =>
  idPrefix && id.startsWith(idPrefix) ? id.slice(idPrefix.length) : id

/** The parameter of a path in a tree. @throws NOT_FOUND with the id spelt most alike */
export async function requireInTree(
  context: Context,
  treeId: string,
  path: string,
  argument: string,
): Promise<StoredParameter> {
  const { idPrefix } = await requireTreeRow(context, treeId, 'tree')
  return requireParameter(context, idPrefix + path, argument)
}

/** @throws NOT_FOUND with the id spelt most alike */
export async function requireParameter(context: Context, id: string, path: string): Promise<StoredParameter> {
  const parameter = await context.loaders.parameter.load(id)
  if (parameter) return parameter
  throw unknownParameter(id, await context.store.parameterIds(context.tenant), path)
}

/** @throws NOT_FOUND */
export async function requireTreeRow(context: Context, id: string, path: string): Promise<TreeRow> {
  const tree = await context.loaders.treeRow.load(id)
  if (tree) return tree
  throw notFound(
    'parameter tree',
    id,
    path,
    (await context.store.trees(context.tenant)).map((row) => row.id),
  )
}

/** With all parameters. @throws NOT_FOUND */
export async function requireTree(context: Context, id: string, path: string): Promise<StoredTree> {
  const tree = await context.loaders.tree.load(id)
  if (tree) return tree
  throw notFound(
    'parameter tree',
    id,
    path,
    (await context.store.trees(context.tenant)).map((row) => row.id),
  )
}

/** The changes with their parameters named by their paths in the tree. */
export const inTree = <C extends { readonly parameter: string }>(
  tree: Pick<TreeRow, 'idPrefix'>,
  changes: readonly C[],
): C[] => changes.map((change) => ({ ...change, parameter: pathIn(tree, change.parameter) }))

/** @throws NOT_FOUND with the names there are */
export async function requireBranch(context: Context, treeId: string, name: string, path: string): Promise<Branch> {
  const branch = await context.store.repository.branch(context.tenant, treeId, name)
  if (branch) return branch
  const { rows } = await context.store.repository.branches(context.tenant, treeId, 20)
  throw notFound(
    'branch',
    name,
    path,
    rows.map((row) => row.name),
  )
}

/** The commit that a branch, a tag or a hash names. @throws NOT_FOUND */
export async function requireCommit(
  context: Context,
  treeId: string,
  name: string,
  path: string,
): Promise<StoredCommit> {
  const commit = await context.store.repository.resolve(context.tenant, treeId, name)
  if (commit) return commit
  throw new QuesnayError('NOT_FOUND', `no branch, tag or commit "${name.slice(0, 80)}" of ${treeId}`, {
    path,
    suggestion: `list them with parameterTree(id: "${treeId}") { branches { edges { node { name } } } }`,
  })
}

/** @throws NOT_FOUND */
export async function requireCommitById(context: Context, hash: string, path: string): Promise<StoredCommit> {
  const commit = await context.loaders.commit.load(hash)
  if (commit) return commit
  throw new QuesnayError('NOT_FOUND', `no commit "${hash.slice(0, 80)}"`, {
    path,
    suggestion: 'give the hash of a commit, as a branch or a log has it',
  })
}

/** The content of a commit. */
export async function requireSnapshot(context: Context, hash: string): Promise<Snapshot> {
  const snapshot = await context.loaders.snapshot.load(hash)
  if (snapshot) return snapshot
  throw new QuesnayError('NOT_FOUND', `no snapshot ${hash}`, {
    path: 'snapshotHash',
    suggestion: 'read the commit again',
  })
}

/** @throws NOT_FOUND */
export async function requireReform(context: Context, id: string, path: string): Promise<ReformRow> {
  const row = await context.loaders.reform.load(id)
  if (row) return row
  throw new QuesnayError('NOT_FOUND', `no reform "${id.slice(0, 80)}"`, {
    path,
    suggestion: 'list them with reforms, or make one',
  })
}

/** NOT_FOUND with the id spelt most alike, or the first twenty there are. */
export function notFound(what: string, id: string, path: string, ids: readonly string[]): QuesnayError {
  const like = nearbyId(id, ids)
  const suggestion = like ? `did you mean "${like}"?` : `there is "${ids.slice(0, 20).join('", "')}"`
  return new QuesnayError('NOT_FOUND', `no ${what} "${id.slice(0, 80)}"`, { path, suggestion })
}
