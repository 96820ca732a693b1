// The history of a tree: who wrote to it, when and why. And the turns that writers take.
import type { Sql } from '../../../infra/store/port.ts'
import type { TreePlace } from './tree-rows.ts'

/** Who changes a tree and why. */
export interface ChangeNote {
  readonly author: string
  readonly message: string
  /** Absent: now, by the clock of the database. */
  readonly at?: Date
}

export interface TreeChange {
  readonly treeId: string
  readonly revision: string
  readonly author: string
  readonly message: string
  readonly at: Date
  /** Hash of the figures before it; null for the first. */
  readonly before: string | null
  readonly after: string
  /** Ids of the graph, the first thousand of those written; none where the tree was loaded as a whole. */
  readonly parameters: readonly string[]
  readonly parameterCount: number
  readonly valueCount: number
}

const MAX_NAMED = 1_000

/** Writers of trees of a tenant take turns until their transaction ends. */
export async function lockTrees(sql: Sql, tenant: string): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtext('parameters.tree'), hashtext($1))`, [tenant])
}

export async function noteChange(
  sql: Sql,
  { tenant, treeId }: TreePlace,
  { author, message, at }: ChangeNote,
  change: Omit<TreeChange, 'treeId' | 'author' | 'message' | 'at'>,
): Promise<void> {
  await sql.query(
    `insert into parameters.tree_change
       (tenant, tree_id, revision, author, message, changed_at, snapshot_before, snapshot_after, parameters, parameter_count, value_count)
     values ($1, $2, $3, $4, $5, coalesce($6, now()), $7, $8, $9, $10, $11)`,
    [
      tenant,
      treeId,
      change.revision,
      author,
      message,
      at ?? null,
      change.before,
      change.after,
      change.parameters.slice(0, MAX_NAMED),
      change.parameterCount,
      change.valueCount,
    ],
  )
}

/** Newest first, one more than asked; `after` is a revision. */
export async function readLog(sql: Sql, tenant: string, treeId: string, first: number, after?: string) {
  const rows = await sql.query<TreeChange>(
    `select tree_id as "treeId", revision::text, author, message, changed_at as at, snapshot_before as before,
       snapshot_after as after, parameters, parameter_count as "parameterCount", value_count as "valueCount"
     from parameters.tree_change c
     where tenant = $1 and tree_id = $2 and ($3::bigint is null or c.revision < $3::bigint)
     order by c.revision desc limit $4`,
    [tenant, treeId, after ?? null, first + 1],
  )
  const [counted] = await sql.query<{ n: number }>(
    'select count(*)::int as n from parameters.tree_change where tenant = $1 and tree_id = $2',
    [tenant, treeId],
  )
  return { rows, totalCount: counted!.n }
}
