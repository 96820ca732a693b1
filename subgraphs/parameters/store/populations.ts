// Queries of populations and of files that come in parts.
import type { DataSource } from 'typeorm'
import type { Store } from '../../../infra/store/port.ts'
import type { PopulationColumn } from '../rules/population/record.ts'
import { PopulationRow, UploadPartRow } from './population-rows.ts'

export interface StoredParts {
  /** Numbers of the parts that are there, rising. */
  readonly parts: readonly number[]
  /** What the parts say the whole file has. */
  readonly sizes: readonly number[]
}

export class PopulationStore {
  static readonly rows = [PopulationRow, UploadPartRow]
  readonly #sql: Store
  readonly #source: DataSource

  constructor(sql: Store, source: DataSource) {
    this.#sql = sql
    this.#source = source
  }

  /** In no particular order; those that the tenant does not have are left out. */
  byId(tenant: string, ids: readonly string[]): Promise<PopulationRow[]> {
    return this.#populations().where('p.tenant = :tenant and p.id = any(:ids)', { tenant, ids }).getMany()
  }

  /** Those that are not carried from others, by id, all or after one. */
  list(tenant: string, limit: number, after?: string): Promise<PopulationRow[]> {
    const query = this.#populations().where(`p.tenant = :tenant and p.origin <> 'UPRATED'`, { tenant })
    if (after !== undefined) query.andWhere('p.id > :after', { after })
    return query.orderBy('p.id', 'ASC').take(limit).getMany()
  }

  /** Ids of those that are not carried from others. */
  async ids(tenant: string): Promise<string[]> {
    const rows = await this.#populations()
      .select('p.id')
      .where(`p.tenant = :tenant and p.origin <> 'UPRATED'`, { tenant })
      .orderBy('p.id', 'ASC')
      .getMany()
    return rows.map((row) => row.id)
  }

  /** Stores a population unless its id is taken. Returns the one that stands then. */
  async insert(row: PopulationRow): Promise<{ row: PopulationRow; existed: boolean }> {
    const repository = this.#source.getRepository(PopulationRow)
    const result = await repository.createQueryBuilder().insert().values(row).orIgnore().returning('id').execute()
    if ((result.raw as unknown[]).length > 0) return { row, existed: false }
    return { row: await repository.findOneByOrFail({ tenant: row.tenant, id: row.id }), existed: true }
  }

  /** Stores a generated population in place of an older generator's; what was carried from that goes too. */
  async replace(row: PopulationRow): Promise<void> {
    const { tenant, id } = row
    await this.#source.transaction(async (manager) => {
      await manager.delete(PopulationRow, { tenant, id })
      await manager.insert(PopulationRow, row)
    })
  }

  /** Notes where the values of the columns are. */
  async updateColumns(tenant: string, id: string, columns: readonly PopulationColumn[]): Promise<void> {
    await this.#sql.query('update parameters.population set columns = $3 where tenant = $1 and id = $2', [
      tenant,
      id,
      JSON.stringify(columns),
    ])
  }

  /** Deletes a population and those carried from it. Returns what was there. */
  async delete(tenant: string, id: string): Promise<PopulationRow[]> {
    return this.#source.transaction(async (manager) => {
      const rows = await manager
        .getRepository(PopulationRow)
        .createQueryBuilder('p')
        .where('p.tenant = :tenant and (p.id = :id or p.baseId = :id)', { tenant, id })
        .getMany()
      await manager.delete(PopulationRow, { tenant, id })
      return rows
    })
  }

  /** Of the hashes, those that a population of the tenant still refers to. */
  async blobsInUse(tenant: string, hashes: readonly string[]): Promise<Set<string>> {
    const rows = await this.#sql.query<{ hash: string }>(
      `select distinct coalesce(c->'values'->>'sha256', c->'values'->>'base') as hash
         from parameters.population p cross join jsonb_array_elements(p.columns) as c
        where p.tenant = $1 and coalesce(c->'values'->>'sha256', c->'values'->>'base') = any($2)`,
      [tenant, hashes],
    )
    return new Set(rows.map(({ hash }) => hash))
  }

  /** Keeps a part; the same part again replaces it. */
  async savePart(row: UploadPartRow): Promise<void> {
    await this.#source.getRepository(UploadPartRow).upsert(row, { conflictPaths: ['tenant', 'sha256', 'part'] })
  }

  async partsOf(tenant: string, sha256: string): Promise<StoredParts> {
    const rows = await this.#sql.query<{ part: number; size: number }>(
      'select part, size from parameters.upload_part where tenant = $1 and sha256 = $2 order by part',
      [tenant, sha256],
    )
    return { parts: rows.map(({ part }) => part), sizes: rows.map(({ size }) => size) }
  }

  /** The bytes of a part; undefined where it is not there. */
  async part(tenant: string, sha256: string, part: number): Promise<Buffer | undefined> {
    const row = await this.#source.getRepository(UploadPartRow).findOneBy({ tenant, sha256, part })
    return row?.bytes
  }

  /** Bytes of all parts of the tenant but those of one file. */
  async pendingBytes(tenant: string, exceptSha256: string): Promise<number> {
    const [row] = await this.#sql.query<{ bytes: string }>(
      `select coalesce(sum(length(bytes)), 0) as bytes from parameters.upload_part where tenant = $1 and sha256 <> $2`,
      [tenant, exceptSha256],
    )
    return Number(row!.bytes)
  }

  async deleteParts(tenant: string, sha256: string): Promise<void> {
    await this.#source.getRepository(UploadPartRow).delete({ tenant, sha256 })
  }

  /** Deletes parts of files that nobody has imported. */
  async deletePartsBefore(tenant: string, before: Date): Promise<void> {
    await this.#sql.query('delete from parameters.upload_part where tenant = $1 and created_at < $2', [tenant, before])
  }

  #populations() {
    return this.#source.getRepository(PopulationRow).createQueryBuilder('p')
  }
}
