// A tree as it is read from the tables.
import type { Sql } from '../../../infra/store/port.ts'
import type { Tree } from '../rules/tree.ts'
import type { Vectors } from '../rules/vector.ts'
import { readNodes, readScales, readTreeParameters, type StoredParameter, type TreePart } from './read-parameters.ts'

/** A tree with its parameters and their identity; ids are those of the tree. */
export type StoredTree = Omit<Tree, 'parameters'> & {
  readonly parameters: readonly StoredParameter[]
  readonly snapshotHash: string
}

interface Frame extends Omit<StoredTree, 'parameters' | 'scales' | 'nodes' | 'vectors'> {
  readonly vectors: Vectors
  readonly prefix: string
  readonly revision: string
}

/** Trees by id, with the revision that they are of; those that the tenant does not have are left out. */
export async function readTrees(sql: Sql, tenant: string, ids: readonly string[]) {
  // One view of the database for all statements: a tree is never half of one write and half of the next.
  await sql.query('set transaction isolation level repeatable read, read only')
  const frames = await sql.query<Frame>(
    `select id, title, country, currency, covers_from as "from", covers_to as "to", source, snapshot_hash as "snapshotHash",
       id_prefix as prefix, revision::text, vectors from parameters.tree where tenant = $1 and id = any($2)`,
    [tenant, ids],
  )
  const parameters = groups(await readTreeParameters(sql, tenant, ids))
  const scales = groups(await readScales(sql, tenant, ids))
  const nodes = groups(await readNodes(sql, tenant, ids))
  return frames.map(({ prefix, revision, vectors, ...frame }) => {
    const own = parameters.get(frame.id) ?? []
    const tree: StoredTree = {
      ...frame,
      ...(Object.keys(vectors).length > 0 ? { vectors } : {}),
      scales: (scales.get(frame.id) ?? []).map(withoutTree),
      nodes: (nodes.get(frame.id) ?? []).map(withoutTree),
      parameters: prefix ? own.map((each) => ({ ...each, id: each.id.slice(prefix.length) })) : own,
    }
    return { revision, tree }
  })
}

function groups<T extends { readonly treeId: string }>(parts: readonly T[]): Map<string, T[]> {
  const byTree = new Map<string, T[]>()
  for (const part of parts) {
    const group = byTree.get(part.treeId)
    if (group) group.push(part)
    else byTree.set(part.treeId, [part])
  }
  return byTree
}

const withoutTree = <T>({ treeId: _tree, ...part }: TreePart<T>) => part as unknown as T
