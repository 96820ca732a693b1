// Rows and queries of banks, nodes, mechanisms, studies and compiled models.
import {
  Column,
  type DataSource,
  Entity,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  PrimaryColumn,
} from 'typeorm'
import type { Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type {
  CitationRole,
  EvidenceGrade,
  MechanismKind,
  MechanismSign,
  MechanismStatus,
  Orientation,
} from '../../schema/terms/mechanism.ts'
import type { MacroVariable } from '../../schema/terms/scenario.ts'
import type { Finding } from '../shared/types.ts'
import type { AssumptionCode } from './rules/assumptions.ts'
import type { BankOrigin, EffectEstimate, Evidence, Form, Moderator } from './rules/bank.ts'

@Entity({ schema: 'mechanisms', name: 'bank' })
export class BankRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  version: string

  @Column({ type: 'text' })
  title: string

  @Column({ type: 'text', name: 'content_hash' })
  contentHash: string

  @Column({ type: 'text', array: true })
  geography: readonly string[]

  @Column({ type: 'jsonb' })
  origin: BankOrigin

  @Column({ type: 'int', name: 'node_count' })
  nodeCount: number

  @Column({ type: 'int', name: 'mechanism_count' })
  mechanismCount: number

  /** Thousands of a dirty bank: read only where they are asked for. */
  @Column({ type: 'jsonb', select: false })
  findings: readonly Finding[]

  @Column({ type: 'timestamptz', name: 'imported_at' })
  importedAt: Date
}

@Entity({ schema: 'mechanisms', name: 'node' })
export class NodeRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text', name: 'bank_id' })
  bankId: string

  /** Id within the bank. */
  @Column({ type: 'text' })
  key: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text', nullable: true })
  category: string | null

  @Column({ type: 'text', nullable: true })
  unit: string | null

  @Column({ type: 'float8', nullable: true })
  level: number | null

  @Column({ type: 'bool' })
  proposed: boolean

  @Column({ type: 'bool' })
  stock: boolean

  @Column({ type: 'text', name: 'macro_variable', nullable: true })
  macroVariable: MacroVariable | null

  @Column({ type: 'float8', nullable: true })
  sd: number | null

  @Column({ type: 'float8', name: 'exposure_share', nullable: true })
  exposureShare: number | null

  @Column({ type: 'float8', nullable: true })
  initial: number | null

  @Column({ type: 'float8', nullable: true })
  reference: number | null

  @Column({ type: 'float8', nullable: true })
  min: number | null

  @Column({ type: 'float8', nullable: true })
  max: number | null

  @Column({ type: 'float8', name: 'decay_per_year', nullable: true })
  decayPerYear: number | null

  @Column({ type: 'text', array: true })
  assumptions: readonly AssumptionCode[]
}

@Entity({ schema: 'mechanisms', name: 'mechanism' })
export class MechanismRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text', name: 'bank_id' })
  bankId: string

  /** Id within the bank. */
  @Column({ type: 'text' })
  key: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text', nullable: true })
  category: string | null

  @Column({ type: 'text', nullable: true })
  version: string | null

  @Column({ type: 'text' })
  status: MechanismStatus

  @Column({ type: 'text', name: 'from_id' })
  fromId: string

  @Column({ type: 'text', name: 'to_id' })
  toId: string

  @Column({ type: 'text' })
  orientation: Orientation

  @Column({ type: 'text', nullable: true })
  sign: MechanismSign | null

  @Column({ type: 'text' })
  kind: MechanismKind

  @Column({ type: 'jsonb', nullable: true })
  form: Form | null

  @Column({ type: 'jsonb', nullable: true })
  effect: EffectEstimate | null

  @Column({ type: 'text', nullable: true })
  grade: EvidenceGrade | null

  @Column({ type: 'jsonb' })
  evidence: Evidence

  @Column({ type: 'jsonb' })
  moderators: readonly Moderator[]

  @Column({ type: 'text', nullable: true })
  description: string | null

  @Column({ type: 'text', array: true })
  pathway: readonly string[]

  @Column({ type: 'text', name: 'geography_note', nullable: true })
  geographyNote: string | null

  @Column({ type: 'text', array: true })
  assumptions: readonly AssumptionCode[]

  @Column({ type: 'text', nullable: true })
  origin: string | null
}

@Entity({ schema: 'mechanisms', name: 'study' })
export class StudyRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string

  @Column({ type: 'text', nullable: true })
  doi: string | null

  @Column({ type: 'text' })
  citation: string
}

@Entity({ schema: 'mechanisms', name: 'citation' })
export class CitationRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'mechanism_id' })
  mechanismId: string

  @PrimaryColumn({ type: 'int' })
  position: number

  @Column({ type: 'text', name: 'study_id', nullable: true })
  studyId: string | null

  @Column({ type: 'text' })
  text: string

  @Column({ type: 'text' })
  role: CitationRole
}

@Entity({ schema: 'mechanisms', name: 'compiled_model' })
export class CompiledModelRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text', name: 'bank_id' })
  bankId: string

  @PrimaryColumn({ type: 'text' })
  compiler: string

  @Column({ type: 'text' })
  hash: string

  @Column({ type: 'int' })
  variables: number

  @Column({ type: 'int' })
  stocks: number

  @Column({ type: 'int' })
  mechanisms: number

  @Column({ type: 'jsonb' })
  findings: readonly Finding[]
}

/** All rows of one bank. */
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
    return this.#byIds(BankRow, tenant, ids)
  }

  nodes(tenant: string, ids: readonly string[]): Promise<NodeRow[]> {
    return this.#byIds(NodeRow, tenant, ids)
  }

  mechanisms(tenant: string, ids: readonly string[]): Promise<MechanismRow[]> {
    return this.#byIds(MechanismRow, tenant, ids)
  }

  studies(tenant: string, ids: readonly string[]): Promise<StudyRow[]> {
    return this.#byIds(StudyRow, tenant, ids)
  }

  /** In the order of their positions. */
  citations(tenant: string, mechanismIds: readonly string[]): Promise<CitationRow[]> {
    return this.#source
      .getRepository(CitationRow)
      .createQueryBuilder('r')
      .where('r.tenant = :tenant and r.mechanismId = any(:mechanismIds)', { tenant, mechanismIds })
      .orderBy('r.mechanismId')
      .addOrderBy('r.position')
      .getMany()
  }

  async findings(tenant: string, bankIds: readonly string[]): Promise<Map<string, readonly Finding[]>> {
    const rows = await this.#source
      .getRepository(BankRow)
      .createQueryBuilder('r')
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
    return this.#source
      .getRepository(CompiledModelRow)
      .createQueryBuilder('r')
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

  #byIds<Row extends { tenant: string; id: string }>(
    entity: EntityTarget<Row>,
    tenant: string,
    ids: readonly string[],
  ): Promise<Row[]> {
    return this.#source
      .getRepository(entity)
      .createQueryBuilder('r')
      .where('r.tenant = :tenant and r.id = any(:ids)', { tenant, ids })
      .getMany()
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
