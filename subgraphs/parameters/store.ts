// Queries of trees, parameters, reforms and the runs that cost them.
import type { DataSource } from 'typeorm'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import { rowsOf } from '../shared/store.ts'
import type { ParameterValues } from './rules/overlay.ts'
import type { ParameterNode, Scale, Tree } from './rules/tree.ts'
import { figuresOf, readChanged, type Tell } from './store/changed-parameters.ts'
import { findParameters, type ParameterFilter } from './store/find-parameters.ts'
import { LawCache, type LawQuestion } from './store/law-cache.ts'
import {
  type Children,
  type ChildrenQuery,
  type NodeEntry,
  readChildren,
  readNode,
  readNodeTexts,
} from './store/nodes.ts'
import { PopulationStore } from './store/populations.ts'
import { readParameters, readScales, type StoredParameter, type TreePart } from './store/read-parameters.ts'
import { RepositoryStore } from './store/repository.ts'
import { PopulationRunRow, ReformRow, TreeRow } from './store/rows.ts'
import { type Saved, type SaveRequest, saveParameters } from './store/save-parameters.ts'
import { writeTree } from './store/save-tree.ts'
import { readTrees, type StoredTree } from './store/stored-tree.ts'
import { type ChangeNote, lockTrees, readLog, type TreeChange } from './store/tree-log.ts'

export type { StoredParameter } from './store/read-parameters.ts'
export type { StoredTree } from './store/stored-tree.ts'

export interface Listing<Row> {
  readonly rows: Row[]
  readonly totalCount: number
}

const LOADED: ChangeNote = { author: 'Quesnay', message: 'Loaded the shipped file' }

/** What two reforms of one id must share to be the same; older versions hashed changes as they were written. */
function contentOf({ tenant: _tenant, createdAt: _at, snapshotHash: _hash, ...content }: ReformRow): string {
  return hashOf(content)
}

export class ParametersStore {
  readonly #sql: Store
  readonly #source: DataSource
  readonly populations: PopulationStore

  readonly #cache: LawCache
  /** Branches, commits and tags of reforms. */
  readonly repository: RepositoryStore

  constructor(sql: Store, source: DataSource, metrics?: Metrics) {
    this.#sql = sql
    this.#source = source
    this.#cache = new LawCache(metrics?.cacheReads)
    this.repository = new RepositoryStore(sql)
    this.populations = new PopulationStore(sql, source)
  }

  static async open(store: Store, metrics?: Metrics): Promise<ParametersStore> {
    const rows = [TreeRow, ReformRow, PopulationRunRow, ...PopulationStore.rows]
    return new ParametersStore(store, await store.entities(rows), metrics)
  }

  /** True where the tenant has the tree of this very file. */
  async hasTree(tenant: string, fileSha256: string): Promise<boolean> {
    return this.#source.getRepository(TreeRow).existsBy({ tenant, fileSha256 })
  }

  /**
   * Stores a tree with all its values in one transaction; a newer file of the same tree replaces the values of the older, but for what
   * the tenant has written. Processes that do so at once take turns.
   */
  async saveTree(tenant: string, tree: Tree, fileSha256: string, note = LOADED, tell?: Tell): Promise<void> {
    await this.#sql.transaction(async (sql) => {
      const before = tell && (await figuresOf(sql, tenant, tree.id))
      await writeTree(sql, tenant, tree, fileSha256, note)
      if (!tell || !before || before.size === 0) return
      const after = await figuresOf(sql, tenant, tree.id)
      const changed = [...after].filter(([id, hash]) => before.get(id) !== hash).map(([id]) => id)
      await tell(sql, await readChanged(sql, tenant, changed))
    })
  }

  /** Stores a tree that is new; false where the tenant has one of its id. */
  createTree(tenant: string, tree: Tree, note: ChangeNote): Promise<boolean> {
    return this.#sql.transaction(async (sql) => {
      await lockTrees(sql, tenant)
      const taken = await sql.query('select from parameters.tree where tenant = $1 and id = $2', [tenant, tree.id])
      if (taken.length > 0) return false
      await writeTree(sql, tenant, tree, '', note)
      return true
    })
  }

  /** Writes into a tree, all or nothing; undefined where the tenant has no such tree. */
  saveParameters(tenant: string, request: SaveRequest, tell?: Tell): Promise<Saved | undefined> {
    return this.#sql.transaction(async (sql) => {
      const saved = await saveParameters(sql, tenant, request)
      if (tell && saved?.saved) await tell(sql, await readChanged(sql, tenant, saved.ids))
      return saved
    })
  }

  /** What was written to a tree, newest first, one more than asked. */
  treeLog(tenant: string, treeId: string, first: number, after?: string): Promise<Listing<TreeChange>> {
    return readLog(this.#sql, tenant, treeId, first, after)
  }

  /** Trees without their parameters, by id. */
  trees(tenant: string): Promise<TreeRow[]> {
    return this.#source.getRepository(TreeRow).find({ where: { tenant }, order: { id: 'asc' } })
  }

  /** Trees with all parameters; those that the tenant does not have are left out. */
  async fullTrees(tenant: string, ids: readonly string[]): Promise<StoredTree[]> {
    const rows = (await this.trees(tenant)).filter((tree) => ids.includes(tree.id))
    return this.#cache.trees(tenant, rows, (missing) => this.#sql.transaction((sql) => readTrees(sql, tenant, missing)))
  }

  /** Every parameter with numbers on a day, as known on a day, with the changes of a reform; from memory where it was asked before. */
  law(tenant: string, tree: StoredTree, question: LawQuestion): ParameterValues {
    return this.#cache.law(tenant, tree, question)
  }

  /** What stands right below nodes, of many nodes with one query. */
  children(tenant: string, queries: readonly ChildrenQuery[]): Promise<Children[]> {
    return readChildren(this.#sql, tenant, queries)
  }

  /** undefined where nothing stands at the id or below it. */
  node(tenant: string, at: Pick<ChildrenQuery, 'treeId' | 'prefix' | 'node'>): Promise<NodeEntry | undefined> {
    return readNode(this.#sql, tenant, at)
  }

  /** What is said of nodes, by their ids in the tree; those of which nothing is said are left out. */
  nodeTexts(tenant: string, nodes: readonly { treeId: string; id: string }[]): Promise<TreePart<ParameterNode>[]> {
    return readNodeTexts(this.#sql, tenant, nodes)
  }

  /** By tree, then by id. */
  scales(tenant: string, treeIds: readonly string[]): Promise<TreePart<Scale>[]> {
    return readScales(this.#sql, tenant, treeIds)
  }

  /** By their ids in the graph, in order of id; those that the tenant does not have are left out. */
  parametersById(tenant: string, ids: readonly string[]): Promise<StoredParameter[]> {
    return readParameters(this.#sql, 'p.id = any($2)', [tenant, ids])
  }

  /** Every id that the tenant has, for suggestions. */
  async parameterIds(tenant: string): Promise<string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      'select id from parameters.parameter where tenant = $1 order by id',
      [tenant],
    )
    return rows.map((row) => row.id)
  }

  /** By id, one more than asked; of one tree or of all, whose id begins with the prefix, with every word in id, label or description. */
  parameterPage(
    tenant: string,
    filter: ParameterFilter,
    first: number,
    after?: string,
  ): Promise<Listing<StoredParameter>> {
    return findParameters(this.#sql, tenant, filter, first, after)
  }

  /**
   * Stores a reform; the same content under the same id is the reform that stands already.
   * @throws ALREADY_EXISTS where the id is taken by other content
   */
  async insertReform(row: ReformRow): Promise<{ row: ReformRow; existed: boolean }> {
    const repository = this.#source.getRepository(ReformRow)
    const result = await repository.createQueryBuilder().insert().values(row).orIgnore().returning('id').execute()
    if ((result.raw as unknown[]).length > 0) return { row, existed: false }
    const standing = await repository.findOneByOrFail({ tenant: row.tenant, id: row.id })
    if (contentOf(standing) !== contentOf(row))
      throw new QuesnayError('ALREADY_EXISTS', `a reform "${row.id}" with other content exists`, {
        path: 'input.id',
        suggestion: 'choose another id, or leave it out to have one made',
      })
    return { row: standing, existed: true }
  }

  /** In no particular order; those that the tenant does not have are left out. */
  reformsById(tenant: string, ids: readonly string[]): Promise<ReformRow[]> {
    return this.#reforms().where('r.tenant = :tenant and r.id = any(:ids)', { tenant, ids }).getMany()
  }

  /** Newest first, one more than asked. */
  async reformPage(tenant: string, first: number, after?: string): Promise<Listing<ReformRow>> {
    const query = this.#reforms().where('r.tenant = :tenant', { tenant })
    const totalCount = await query.getCount()
    if (after !== undefined)
      query.andWhere(
        '(r.createdAt, r.id) < (select p.created_at, p.id from parameters.reform p where p.tenant = :tenant and p.id = :after)',
        { after },
      )
    return { rows: await query.take(first + 1).getMany(), totalCount }
  }

  /** The runs that answer the questions, in no particular order; questions never asked are left out. */
  runsByQuestion(tenant: string, questionHashes: readonly string[]): Promise<PopulationRunRow[]> {
    return this.#runs()
      .where('r.tenant = :tenant and r.questionHash = any(:questionHashes)', { tenant, questionHashes })
      .getMany()
  }

  /** What the runs answer; those that answer no question of this subgraph are left out. */
  runsById(tenant: string, runIds: readonly string[]): Promise<PopulationRunRow[]> {
    return this.#runs().where('r.tenant = :tenant and r.runId = any(:runIds)', { tenant, runIds }).getMany()
  }

  /** Remembers the run that answers a question; a later one replaces it. */
  async rememberRun(row: PopulationRunRow): Promise<void> {
    await this.#source.getRepository(PopulationRunRow).upsert(row, { conflictPaths: ['tenant', 'questionHash'] })
  }

  #runs() {
    return rowsOf(this.#source, PopulationRunRow)
  }

  #reforms() {
    return rowsOf(this.#source, ReformRow).orderBy('r.createdAt', 'DESC').addOrderBy('r.id', 'DESC')
  }
}
