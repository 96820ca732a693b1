// Commits as rows: how they are read, stored and pointed at.
import type { Sql } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { type CommitContent, commitHashOf } from '../rules/repository/commit.ts'
import { reformHashOf, type Snapshot } from '../rules/repository/snapshot.ts'

export interface StoredCommit extends CommitContent {
  readonly hash: string
  /** One more than that of the farthest parent; 0 for the first. */
  readonly generation: number
}

/** Columns of a StoredCommit, of parameters.commit c. */
export const COMMIT = `c.hash, c.tree_id as tree, c.parents, c.snapshot_hash as snapshot, c.generation, c.author, c.message, c.committed_at as at`

/** All that the commits of $2 come from, themselves included. Hashes come from contents, so that a history has no circles. */
export const ANCESTORS = `with recursive ancestor as (
  select unnest($2::text[]) as hash
  union
  select unnest(c.parents) from ancestor a join parameters.commit c on c.tenant = $1 and c.hash = a.hash)`

export interface Move {
  readonly treeId: string
  readonly name: string
  readonly from: string
  readonly to: string
  readonly at: Date
}

/** @throws CONFLICT where the head of the branch is another by now */
export async function moveBranch(sql: Sql, tenant: string, { treeId, name, from, to, at }: Move): Promise<void> {
  const moved = await sql.query(
    `update parameters.branch set head = $5, moved_at = $6
     where tenant = $1 and tree_id = $2 and name = $3 and head = $4 returning name`,
    [tenant, treeId, name, from, to, at],
  )
  if (moved.length > 0) return
  throw movedOn(name, from)
}

/** The error for a branch whose head is not the one expected. */
export const movedOn = (name: string, expected: string): QuesnayError =>
  new QuesnayError('CONFLICT', `the head of the branch "${name}" is not ${expected.slice(0, 80)} any more`, {
    path: 'input.expectedHead',
    suggestion: 'read the branch again, and merge or repeat the change on its head',
  })

/** The commit as it stands afterwards; equal content is the same commit. */
export async function insertCommit(
  sql: Sql,
  tenant: string,
  content: CommitContent,
  snapshot: Snapshot,
): Promise<StoredCommit> {
  const hash = commitHashOf(content)
  await sql.query(
    'insert into parameters.snapshot (tenant, hash, changes, formulas) values ($1, $2, $3, $4) on conflict do nothing',
    [tenant, reformHashOf(content.tree, snapshot), JSON.stringify(snapshot.changes), JSON.stringify(snapshot.formulas)],
  )
  const [row] = await sql.query<{ generation: number }>(
    `insert into parameters.commit (tenant, hash, tree_id, parents, generation, snapshot_hash, author, message, committed_at)
     select $1, $2, $3, $4, coalesce((select max(generation) + 1 from parameters.commit where tenant = $1 and hash = any($4)), 0),
       $5, $6, $7, $8
     on conflict (tenant, hash) do update set hash = excluded.hash returning generation`,
    [tenant, hash, content.tree, content.parents, content.snapshot, content.author, content.message, content.at],
  )
  return { ...content, hash, generation: row!.generation }
}
