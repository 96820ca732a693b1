// Queries of trees, parameters, reforms and the runs that cost them.
import type { DataSource } from 'typeorm'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { hashOf } from '../../schema/hash.ts'
import { type DatedValue, type Parameter, snapshotHashOf, type Tree } from './rules/tree.ts'
import { PopulationStore } from './store/populations.ts'
import { ParameterRow, ParameterValueRow, PopulationRunRow, ReformRow, TreeRow } from './store/rows.ts'

/** A parameter with its values, as the rules take it. */
export type StoredParameter = Parameter & { readonly treeId: string }
/** A tree with its parameters and their identity. */
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
  readonly populations: PopulationStore

  constructor(sql: Store, source: DataSource) {
    this.#sql = sql
    this.#source = source
    this.populations = new PopulationStore(sql, source)
  }

  static async open(store: Store): Promise<ParametersStore> {
    const rows = [TreeRow, ParameterRow, ParameterValueRow, ReformRow, PopulationRunRow, ...PopulationStore.rows]
    return new ParametersStore(store, await store.entities(rows))
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
    const { id, title, country, currency, from, to, source, scales } = tree
    const parameters = tree.parameters.map(({ values: _values, expected, by, references, ...rest }) => ({
      ...rest,
      vector: by,
      law_references: references,
      expected_least: expected[0],
      expected_greatest: expected[1],
    }))
    const values = tree.parameters.flatMap((parameter) =>
      parameter.values.map((value) => ({
        parameter_id: parameter.id,
        valid_from: value.from,
        known_from: value.known,
        cells: value.values,
        source: value.source ?? null,
      })),
    )
    await this.#sql.transaction(async (sql) => {
      await sql.query(`select pg_advisory_xact_lock(hashtext('parameters.tree'), hashtext($1))`, [tenant])
      await sql.query(
        `insert into parameters.tree
           (tenant, id, title, country, currency, covers_from, covers_to, source, scales, snapshot_hash, file_sha256)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (tenant, id) do update set
           title = excluded.title, country = excluded.country, currency = excluded.currency, covers_from = excluded.covers_from,
           covers_to = excluded.covers_to, source = excluded.source, scales = excluded.scales,
           snapshot_hash = excluded.snapshot_hash, file_sha256 = excluded.file_sha256`,
        [
          tenant,
          id,
          title,
          country,
          currency,
          from,
          to,
          JSON.stringify(source),
          JSON.stringify(scales),
          snapshotHashOf(tree),
          fileSha256,
        ],
      )
      await sql.query('delete from parameters.parameter where tenant = $1 and tree_id = $2', [tenant, id])
      await sql.query(
        `insert into parameters.parameter
           (tenant, tree_id, id, label, unit, period, vector, law_references, source, origin, expected_least, expected_greatest)
         select $1, $2, p.* from jsonb_to_recordset($3) as p (
           id text, label text, unit text, period text, vector text, law_references text[], source jsonb, origin text,
           expected_least float8, expected_greatest float8)`,
        [tenant, id, JSON.stringify(parameters)],
      )
      await sql.query(
        `insert into parameters.parameter_value (tenant, parameter_id, valid_from, known_from, cells, source)
         select $1, v.* from jsonb_to_recordset($2) as v (
           parameter_id text, valid_from date, known_from date, cells float8[], source text)`,
        [tenant, JSON.stringify(values)],
      )
    })
  }

  /** Trees without their parameters, by id. */
  trees(tenant: string): Promise<TreeRow[]> {
    return this.#source.getRepository(TreeRow).find({ where: { tenant }, order: { id: 'asc' } })
  }

  /** Trees with all parameters; those that the tenant does not have are left out. */
  async fullTrees(tenant: string, ids: readonly string[]): Promise<StoredTree[]> {
    const trees = (await this.trees(tenant)).filter((tree) => ids.includes(tree.id))
    const rows = await this.#parameters()
      .where('p.tenant = :tenant and p.treeId = any(:ids)', { tenant, ids: trees.map((tree) => tree.id) })
      .getMany()
    const parameters = await this.#withValues(tenant, rows)
    return trees.map(({ tenant: _tenant, fileSha256: _file, ...tree }) => ({
      ...tree,
      parameters: parameters.filter((parameter) => parameter.treeId === tree.id),
    }))
  }

  /** In no particular order; those that the tenant does not have are left out. */
  async parametersById(tenant: string, ids: readonly string[]): Promise<StoredParameter[]> {
    const rows = await this.#parameters().where('p.tenant = :tenant and p.id = any(:ids)', { tenant, ids }).getMany()
    return this.#withValues(tenant, rows)
  }

  /** Every id that the tenant has, for suggestions. */
  async parameterIds(tenant: string): Promise<string[]> {
    const rows = await this.#parameters().select('p.id').where('p.tenant = :tenant', { tenant }).getMany()
    return rows.map((row) => row.id)
  }

  /** By id, one more than asked; of one tree or of all, whose id begins with the prefix. */
  async parameterPage(
    tenant: string,
    filter: { treeId?: string; prefix?: string },
    first: number,
    after?: string,
  ): Promise<Listing<StoredParameter>> {
    const query = this.#parameters().where('p.tenant = :tenant', { tenant })
    if (filter.treeId !== undefined) query.andWhere('p.treeId = :treeId', filter)
    if (filter.prefix !== undefined) query.andWhere('starts_with(p.id, :prefix)', filter)
    const totalCount = await query.getCount()
    if (after !== undefined) query.andWhere('p.id > :after', { after })
    return { rows: await this.#withValues(tenant, await query.take(first + 1).getMany()), totalCount }
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

  #parameters() {
    return this.#source.getRepository(ParameterRow).createQueryBuilder('p').orderBy('p.id', 'ASC')
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

  /** The rows with the values of each, in one query for all. */
  async #withValues(tenant: string, rows: readonly ParameterRow[]): Promise<StoredParameter[]> {
    const found = await this.#source
      .getRepository(ParameterValueRow)
      .createQueryBuilder('v')
      .where('v.tenant = :tenant and v.parameterId = any(:ids)', { tenant, ids: rows.map((row) => row.id) })
      .orderBy('v.parameterId')
      .addOrderBy('v.from')
      .addOrderBy('v.known')
      .getMany()
    const values = new Map<string, DatedValue[]>(rows.map((row) => [row.id, []]))
    for (const { parameterId, from, known, values: cells, source } of found)
      values.get(parameterId)?.push({ from, known, values: cells, ...(source === null ? {} : { source }) })
    return rows.map(({ tenant: _tenant, expectedLeast, expectedGreatest, ...row }) => ({
      ...row,
      expected: [expectedLeast, expectedGreatest],
      values: values.get(row.id)!,
    }))
  }
}
