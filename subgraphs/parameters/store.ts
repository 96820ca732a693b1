// Queries of trees, parameters, reforms and the runs that cost them.
import type { DataSource } from 'typeorm'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import type { Scale, Tree } from './rules/tree.ts'
import {
  readNodes,
  readParameters,
  readScales,
  readTreeParameters,
  type StoredParameter,
  type TreePart,
} from './store/read-parameters.ts'
import { PopulationRunRow, ReformRow, TreeRow } from './store/rows.ts'
import { writeTree } from './store/save-tree.ts'

export type { StoredParameter } from './store/read-parameters.ts'

/** A tree with its parameters and their identity; ids are those of the tree. */
export type StoredTree = Omit<Tree, 'parameters'> & {
  readonly parameters: readonly StoredParameter[]
  readonly snapshotHash: string
}

export interface Listing<Row> {
  readonly rows: Row[]
  readonly totalCount: number
}

/** What two reforms of one id must share to be the same. */
function contentOf({ tenant: _tenant, createdAt: _createdAt, ...content }: ReformRow): string {
  return hashOf(content)
}

export class ParametersStore {
  readonly #sql: Store
  readonly #source: DataSource

  constructor(sql: Store, source: DataSource) {
    this.#sql = sql
    this.#source = source
  }

  static async open(store: Store): Promise<ParametersStore> {
    return new ParametersStore(store, await store.entities([TreeRow, ReformRow, PopulationRunRow]))
  }

  /** True where the tenant has the tree of this very file. */
  async hasTree(tenant: string, fileSha256: string): Promise<boolean> {
    return this.#source.getRepository(TreeRow).existsBy({ tenant, fileSha256 })
  }

  /**
   * Stores a tree with all its values in one transaction; a newer file of the same tree replaces the values of the older.
   * Processes that do so at once take turns.
   */
  async saveTree(tenant: string, tree: Tree, fileSha256: string): Promise<void> {
    await this.#sql.transaction((sql) => writeTree(sql, tenant, tree, fileSha256))
  }

  /** Trees without their parameters, by id. */
  trees(tenant: string): Promise<TreeRow[]> {
    return this.#source.getRepository(TreeRow).find({ where: { tenant }, order: { id: 'asc' } })
  }

  /** Trees with all parameters; those that the tenant does not have are left out. */
  async fullTrees(tenant: string, ids: readonly string[]): Promise<StoredTree[]> {
    const trees = (await this.trees(tenant)).filter((tree) => ids.includes(tree.id))
    const present = trees.map((tree) => tree.id)
    const parameters = await readTreeParameters(this.#sql, tenant, present)
    const [scales, nodes] = [await readScales(this.#sql, tenant, present), await readNodes(this.#sql, tenant, present)]
    return trees.map(({ tenant: _tenant, fileSha256: _file, idPrefix, revision: _revision, ...tree }) => ({
      ...tree,
      scales: partOf(tree.id, scales),
      nodes: partOf(tree.id, nodes),
      parameters: parameters
        .filter((parameter) => parameter.treeId === tree.id)
        .map((parameter) => (idPrefix ? { ...parameter, id: parameter.id.slice(idPrefix.length) } : parameter)),
    }))
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

  /** By id, one more than asked; of one tree or of all, whose id begins with the prefix. */
  async parameterPage(
    tenant: string,
    { treeId, prefix }: { treeId?: string; prefix?: string },
    first: number,
    after?: string,
  ): Promise<Listing<StoredParameter>> {
    const where = '($2::text is null or p.tree_id = $2) and ($3::text is null or starts_with(p.id, $3))'
    const filter = [tenant, treeId ?? null, prefix ?? null]
    const [counted] = await this.#sql.query<{ n: number }>(
      `select count(*)::int as n from parameters.parameter p where p.tenant = $1 and ${where}`,
      filter,
    )
    const rows = await readParameters(
      this.#sql,
      `${where} and ($4::text is null or p.id > $4)`,
      [...filter, after ?? null],
      first + 1,
    )
    return { rows, totalCount: counted!.n }
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
    return this.#source.getRepository(PopulationRunRow).createQueryBuilder('r')
  }

  #reforms() {
    return this.#source
      .getRepository(ReformRow)
      .createQueryBuilder('r')
      .orderBy('r.createdAt', 'DESC')
      .addOrderBy('r.id', 'DESC')
  }
}

const partOf = <T extends { readonly treeId: string }>(treeId: string, parts: readonly T[]) =>
  parts.filter((part) => part.treeId === treeId).map(({ treeId: _tree, ...part }) => part)
