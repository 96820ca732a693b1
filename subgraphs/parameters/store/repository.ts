// The repository of reforms of each tree: snapshots and commits by content, branches and tags that point at them.
import type { Store } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { type CommitContent, LAW_BRANCH, rootCommit } from '../rules/repository/commit.ts'
import { EMPTY_SNAPSHOT, type Snapshot } from '../rules/repository/snapshot.ts'
import { ANCESTORS, COMMIT, insertCommit, type Move, moveBranch, type StoredCommit } from './commits.ts'

export type { StoredCommit } from './commits.ts'

export interface Branch {
  readonly treeId: string
  readonly name: string
  readonly head: string
  readonly createdAt: Date
  readonly movedAt: Date
}

export interface Tag {
  readonly treeId: string
  readonly name: string
  readonly commit: string
  readonly message: string | null
  readonly createdAt: Date
}

/** A commit to be made, and the branch that is to point at it afterwards if its head is still the one expected. */
export interface NewCommit {
  readonly content: CommitContent
  readonly snapshot: Snapshot
  readonly branch: string
  readonly expectedHead: string
}

const BRANCH = 'tree_id as "treeId", name, head, created_at as "createdAt", moved_at as "movedAt"'
const TAG = 'tree_id as "treeId", name, commit_hash as commit, message, created_at as "createdAt"'

export class RepositoryStore {
  readonly #sql: Store

  constructor(sql: Store) {
    this.#sql = sql
  }

  /** Branches by name, one more than asked. The tree has at least that of the law. */
  async branches(tenant: string, treeId: string, first: number, after?: string) {
    await this.#begin(tenant, treeId)
    return this.#page<Branch>('branch', BRANCH, tenant, treeId, first, after)
  }

  tags(tenant: string, treeId: string, first: number, after?: string) {
    return this.#page<Tag>('tag', TAG, tenant, treeId, first, after)
  }

  async branch(tenant: string, treeId: string, name: string): Promise<Branch | undefined> {
    if (name === LAW_BRANCH) await this.#begin(tenant, treeId)
    const [row] = await this.#sql.query<Branch>(
      `select ${BRANCH} from parameters.branch where tenant = $1 and tree_id = $2 and name = $3`,
      [tenant, treeId, name],
    )
    return row
  }

  /** Commits by their hashes, in no particular order; those that the tenant does not have are left out. */
  commits(tenant: string, hashes: readonly string[]): Promise<StoredCommit[]> {
    return this.#sql.query(`select ${COMMIT} from parameters.commit c where c.tenant = $1 and c.hash = any($2)`, [
      tenant,
      hashes,
    ])
  }

  /** Snapshots by their hashes, as `commits`. */
  snapshots(tenant: string, hashes: readonly string[]): Promise<(Snapshot & { readonly hash: string })[]> {
    return this.#sql.query(
      'select hash, changes, formulas from parameters.snapshot where tenant = $1 and hash = any($2)',
      [tenant, hashes],
    )
  }

  /** The commit that a branch, a tag or a hash of a tree names; undefined where none does. Of equal names the branch goes first. */
  async resolve(tenant: string, treeId: string, name: string): Promise<StoredCommit | undefined> {
    const branch = await this.branch(tenant, treeId, name)
    const [row] = await this.#sql.query<StoredCommit>(
      `select ${COMMIT} from parameters.commit c where c.tenant = $1 and c.tree_id = $2 and c.hash = coalesce($3,
         (select commit_hash from parameters.tag where tenant = $1 and tree_id = $2 and name = $4), $4)`,
      [tenant, treeId, branch?.head ?? null, name],
    )
    return row
  }

  /** All that some commits come from, themselves included: the parents and snapshots by hash. */
  async history(tenant: string, hashes: readonly string[]) {
    const rows = await this.#sql.query<Pick<StoredCommit, 'hash' | 'parents' | 'snapshot'>>(
      `${ANCESTORS} select c.hash, c.parents, c.snapshot_hash as snapshot from ancestor a
       join parameters.commit c on c.tenant = $1 and c.hash = a.hash`,
      [tenant, hashes],
    )
    return {
      parents: new Map(rows.map(({ hash, parents }) => [hash, parents])),
      snapshots: new Map(rows.map(({ hash, snapshot }) => [hash, snapshot])),
    }
  }

  /** What a commit comes from, itself first, each before its parents; one more than asked. `after` is a commit. */
  async log(tenant: string, head: string, first: number, after?: string) {
    const [counted] = await this.#sql.query<{ n: number }>(`${ANCESTORS} select count(*)::int as n from ancestor`, [
      tenant,
      [head],
    ])
    const rows = await this.#sql.query<StoredCommit>(
      `${ANCESTORS} select ${COMMIT} from ancestor a join parameters.commit c on c.tenant = $1 and c.hash = a.hash
       where $3::text is null or (c.generation, c.hash) <
         (select generation, hash from parameters.commit where tenant = $1 and hash = $3)
       order by c.generation desc, c.hash desc limit $4`,
      [tenant, [head], after ?? null, first + 1],
    )
    return { rows, totalCount: counted!.n }
  }

  /** @throws ALREADY_EXISTS where the name is taken */
  async createBranch(tenant: string, branch: Omit<Branch, 'movedAt'>): Promise<Branch> {
    const [row] = await this.#sql.query<Branch>(
      `insert into parameters.branch (tenant, tree_id, name, head, created_at, moved_at) values ($1, $2, $3, $4, $5, $5)
       on conflict do nothing returning ${BRANCH}`,
      [tenant, branch.treeId, branch.name, branch.head, branch.createdAt],
    )
    return row ?? taken('branch', branch.name)
  }

  /** False where there is none. Its commits stay. */
  async deleteBranch(tenant: string, treeId: string, name: string): Promise<boolean> {
    const rows = await this.#sql.query(
      'delete from parameters.branch where tenant = $1 and tree_id = $2 and name = $3 returning name',
      [tenant, treeId, name],
    )
    return rows.length > 0
  }

  /** The same commit under the same name is no error. @throws ALREADY_EXISTS where the name is another's */
  async createTag(tenant: string, { treeId, name, commit, message, createdAt }: Tag): Promise<Tag> {
    await this.#sql.query(
      `insert into parameters.tag (tenant, tree_id, name, commit_hash, message, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [tenant, treeId, name, commit, message, createdAt],
    )
    const [row] = await this.#sql.query<Tag>(
      `select ${TAG} from parameters.tag where tenant = $1 and tree_id = $2 and name = $3`,
      [tenant, treeId, name],
    )
    return row?.commit === commit ? row : taken('tag', name)
  }

  /**
   * Stores a commit and moves the branch to it, in one transaction. Of two at once on one head one succeeds.
   * @throws CONFLICT where the head of the branch is another by now
   */
  async commit(tenant: string, { content, snapshot, branch, expectedHead }: NewCommit): Promise<StoredCommit> {
    return this.#sql.transaction(async (sql) => {
      const stored = await insertCommit(sql, tenant, content, snapshot)
      await moveBranch(sql, tenant, {
        treeId: content.tree,
        name: branch,
        from: expectedHead,
        to: stored.hash,
        at: new Date(content.at),
      })
      return stored
    })
  }

  /** Moves a branch to a commit that comes from its head. @throws CONFLICT as `commit` */
  async fastForward(tenant: string, move: Move): Promise<void> {
    await moveBranch(this.#sql, tenant, move)
  }

  /** Makes the first commit and the branch of the law, where they are not there yet. */
  async #begin(tenant: string, treeId: string): Promise<void> {
    const root = rootCommit(treeId)
    const found = await this.#sql.query(
      'select from parameters.branch where tenant = $1 and tree_id = $2 and name = $3',
      [tenant, treeId, LAW_BRANCH],
    )
    if (found.length > 0) return
    await this.#sql.transaction(async (sql) => {
      const { hash } = await insertCommit(sql, tenant, root, EMPTY_SNAPSHOT)
      await sql.query(
        `insert into parameters.branch (tenant, tree_id, name, head, created_at, moved_at) values ($1, $2, $3, $4, $5, $5)
         on conflict do nothing`,
        [tenant, treeId, LAW_BRANCH, hash, new Date(root.at)],
      )
    })
  }

  async #page<Row>(
    table: 'branch' | 'tag',
    columns: string,
    tenant: string,
    treeId: string,
    first: number,
    after?: string,
  ) {
    const of = `from parameters.${table} where tenant = $1 and tree_id = $2`
    const [counted] = await this.#sql.query<{ n: number }>(`select count(*)::int as n ${of}`, [tenant, treeId])
    const rows = await this.#sql.query<Row>(
      `select ${columns} ${of} and ($3::text is null or name > $3 collate "C") order by name limit $4`,
      [tenant, treeId, after ?? null, first + 1],
    )
    return { rows, totalCount: counted!.n }
  }
}

function taken(what: string, name: string): never {
  throw new QuesnayError('ALREADY_EXISTS', `a ${what} "${name}" exists`, {
    path: 'input.name',
    suggestion: `choose another name, or read the ${what} that there is`,
  })
}
