// Queries of banks, nodes, mechanisms, studies and compiled models.
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { EvidenceGrade } from '../../schema/terms/mechanism.ts'
import { rowsById, rowsOf } from '../shared/store.ts'
import type { Finding } from '../shared/types.ts'
import { BankRow, CitationRow, CompiledModelRow, MechanismRow, NodeRow, StudyRow } from './store/rows.ts'

export interface BankRows {
  readonly bank: BankRow
  readonly nodes: readonly NodeRow[]
  readonly mechanisms: readonly MechanismRow[]
  readonly studies: readonly StudyRow[]
  readonly citations: readonly CitationRow[]
}

/** Whose mechanisms a list holds. ECONOMY: of the newest version of each bank that speaks of it. */
export type OwnerKind = 'BANK' | 'FROM' | 'TO' | 'STUDY' | 'ECONOMY' | 'TENANT'

export interface MechanismFilter {
  readonly category?: string | null | undefined
  readonly grade?: EvidenceGrade | null | undefined
  /** Id of a node, whole or within its bank. */
  readonly from?: string | null | undefined
  readonly to?: string | null | undefined
  readonly quantified?: boolean | null | undefined
}

export interface NodeFilter {
  readonly category?: string | null | undefined
  readonly stock?: boolean | null | undefined
}

export interface PageArgs {
  readonly first: number
  /** Id of the last row of the page before. */
  readonly after?: string | undefined
}

export interface IdPage {
  /** One more than asked where the list goes on. */
  readonly ids: readonly string[]
  readonly totalCount: number
}

const OWNED: Readonly<Record<OwnerKind, string>> = {
  BANK: 'm.bank_id = o.id',
  FROM: 'm.from_id = o.id',
  TO: 'm.to_id = o.id',
  STUDY: 'm.id in (select c.mechanism_id from mechanisms.citation c where c.tenant = $1 and c.study_id = o.id)',
  ECONOMY: `m.bank_id in (
    select b.id from (
      select distinct on (name) id, geography from mechanisms.bank where tenant = $1 order by name, imported_at desc, id desc
    ) b where b.geography @> array[o.id])`,
  TENANT: 'true',
}

export class MechanismsStore {
  readonly #source: DataSource

  constructor(source: DataSource) {
    this.#source = source
  }

  static async open(store: Store): Promise<MechanismsStore> {
    const entities = [BankRow, NodeRow, MechanismRow, StudyRow, CitationRow, CompiledModelRow]
    return new MechanismsStore(await store.entities(entities))
  }

  /**
   * Stores a version of a bank in one transaction; false where the same content stands already under this id.
   * @throws ALREADY_EXISTS where other content stands under it
   */
  async insertBank({ bank, nodes, mechanisms, studies, citations }: BankRows): Promise<boolean> {
    return this.#source.transaction(async (manager) => {
      // A second caller waits here until the first has committed or given up.
      const inserted = await insertAll(manager, BankRow, [bank])
      if (inserted === 0) {
        const standing = await manager.findOneByOrFail(BankRow, { tenant: bank.tenant, id: bank.id })
        if (standing.contentHash === bank.contentHash) return false
        throw new QuesnayError('ALREADY_EXISTS', `the bank ${bank.id} stands already with other content`, {
          path: 'input.bankId',
          suggestion: 'a version never changes: give the bank a new version',
        })
      }
      await insertAll(manager, NodeRow, nodes)
      await insertAll(manager, MechanismRow, mechanisms)
      await insertAll(manager, StudyRow, studies)
      await insertAll(manager, CitationRow, citations)
      return true
    })
  }

  /** In no particular order; those that the tenant does not have are left out. */
  banks(tenant: string, ids: readonly string[]): Promise<BankRow[]> {
    return rowsById(this.#source, BankRow, tenant, ids)
  }

  nodes(tenant: string, ids: readonly string[]): Promise<NodeRow[]> {
    return rowsById(this.#source, NodeRow, tenant, ids)
  }

  mechanisms(tenant: string, ids: readonly string[]): Promise<MechanismRow[]> {
    return rowsById(this.#source, MechanismRow, tenant, ids)
  }

  studies(tenant: string, ids: readonly string[]): Promise<StudyRow[]> {
    return rowsById(this.#source, StudyRow, tenant, ids)
  }

  /** In the order of their positions. */
  citations(tenant: string, mechanismIds: readonly string[]): Promise<CitationRow[]> {
    return rowsOf(this.#source, CitationRow)
      .where('r.tenant = :tenant and r.mechanismId = any(:mechanismIds)', { tenant, mechanismIds })
      .orderBy('r.mechanismId')
      .addOrderBy('r.position')
      .getMany()
  }

  async findings(tenant: string, bankIds: readonly string[]): Promise<Map<string, readonly Finding[]>> {
    const rows = await rowsOf(this.#source, BankRow)
      .select(['r.tenant', 'r.id', 'r.findings'])
      .where('r.tenant = :tenant and r.id = any(:bankIds)', { tenant, bankIds })
      .getMany()
    return new Map(rows.map((row) => [row.id, row.findings]))
  }

  /** All nodes and mechanisms of a bank, by id. */
  async network(tenant: string, bankId: string): Promise<Pick<BankRows, 'nodes' | 'mechanisms'>> {
    const where = { where: { tenant, bankId }, order: { id: 'ASC' } } as const
    const [nodes, mechanisms] = await Promise.all([
      this.#source.getRepository(NodeRow).find(where),
      this.#source.getRepository(MechanismRow).find(where),
    ])
    return { nodes, mechanisms }
  }

  /** Banks by id; `name`: versions of one bank only. */
  bankPage(tenant: string, { first, after }: PageArgs, name?: string | null): Promise<IdPage> {
    const rows = `select '' as owner, m.id from mechanisms.bank m where m.tenant = $1 and ($4::text is null or m.name = $4)`
    return this.#pages(rows, tenant, [''], first, after, [name]).then((pages) => pages.get('')!)
  }

  /** By owner: ids of the nodes of banks, rising. */
  nodePages(
    tenant: string,
    bankIds: readonly string[],
    filter: NodeFilter,
    page: PageArgs,
  ): Promise<Map<string, IdPage>> {
    const rows = `select o.id as owner, m.id from unnest($5::text[]) o(id)
      join mechanisms.node m on m.tenant = $1 and m.bank_id = o.id
      where ($4::text is null or m.category = $4) and ($6::bool is null or m.stock = $6)`
    return this.#pages(rows, tenant, bankIds, page.first, page.after, [filter.category, bankIds, filter.stock])
  }

  /** By owner: ids of mechanisms, rising. */
  mechanismPages(
    tenant: string,
    kind: OwnerKind,
    owners: readonly string[],
    filter: MechanismFilter,
    page: PageArgs,
  ): Promise<Map<string, IdPage>> {
    const rows = `select o.id as owner, m.id from unnest($4::text[]) o(id)
      join mechanisms.mechanism m on m.tenant = $1 and ${OWNED[kind]}
      where ($5::text is null or m.category = $5) and ($6::text is null or m.grade = $6)
        and ($7::text is null or m.from_id in ($7, m.bank_id || '/' || $7))
        and ($8::text is null or m.to_id in ($8, m.bank_id || '/' || $8))
        and ($9::bool is null or (m.effect is not null) = $9)`
    const values = [owners, filter.category, filter.grade, filter.from, filter.to, filter.quantified]
    return this.#pages(rows, tenant, owners, page.first, page.after, values)
  }

  compiledModels(tenant: string, bankIds: readonly string[], compiler: string): Promise<CompiledModelRow[]> {
    return rowsOf(this.#source, CompiledModelRow)
      .where('r.tenant = :tenant and r.bankId = any(:bankIds) and r.compiler = :compiler', {
        tenant,
        bankIds,
        compiler,
      })
      .getMany()
  }

  /** Does nothing where the same compiler's model stands already. */
  async saveCompiledModel(row: CompiledModelRow): Promise<void> {
    await insertAll(this.#source.manager, CompiledModelRow, [row])
  }

  /** Pages of the rows (owner, id) that a query gives; one statement whatever the number of owners. $1 tenant, $2 after, $3 size. */
  async #pages(
    rows: string,
    tenant: string,
    owners: readonly string[],
    first: number,
    after: string | undefined,
    values: readonly unknown[],
  ): Promise<Map<string, IdPage>> {
    const statement = `
      select owner, count(*)::int as total,
        coalesce((array_agg(id order by id) filter (where $2::text is null or id > $2::text collate "C"))[1:$3::int], '{}') as ids
      from (${rows}) r group by owner`
    const parameters = [tenant, after ?? null, first + 1, ...values.map((value) => value ?? null)]
    const found = (await this.#source.query(statement, parameters)) as { owner: string; total: number; ids: string[] }[]
    const pages = new Map(found.map(({ owner, total, ids }) => [owner, { ids, totalCount: total }]))
    return new Map(owners.map((owner) => [owner, pages.get(owner) ?? { ids: [], totalCount: 0 }]))
  }
}

/** Inserts rows by one statement and parameter; those whose key stands already are left as they are. Returns how many were new. */
async function insertAll<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  rows: readonly Row[],
): Promise<number> {
  const { columns, tablePath } = manager.connection.getMetadata(entity)
  const names = columns.map((column) => column.databaseName).join(', ')
  const values = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.databaseName, row[column.propertyName] ?? null])),
  )
  const inserted = await manager.query(
    `insert into ${tablePath} (${names})
     select ${names} from jsonb_populate_recordset(null::${tablePath}, $1::jsonb)
     on conflict do nothing returning tenant`,
    [JSON.stringify(values)],
  )
  return (inserted as unknown[]).length
}
