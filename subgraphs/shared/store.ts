// What the stores of subgraphs share: the rows of objects that a tenant has by an id, and queries of them.
import { type DataSource, PrimaryColumn, type SelectQueryBuilder } from 'typeorm'

/** What the row of an object begins with. */
export abstract class ObjectRow {
  @PrimaryColumn({ type: 'text' })
  tenant: string

  @PrimaryColumn({ type: 'text' })
  id: string
}

export interface PageOf<Row> {
  /** One more than asked where the list goes on. */
  readonly rows: Row[]
  readonly totalCount: number
}

/** A query of rows, called `r` in it. */
export function rowsOf<Row extends object>(source: DataSource, row: new () => Row): SelectQueryBuilder<Row> {
  return source.getRepository(row).createQueryBuilder('r')
}

/** In no particular order; those that the tenant does not have are left out. */
export function rowsById<Row extends ObjectRow>(
  source: DataSource,
  row: new () => Row,
  tenant: string,
  ids: readonly string[],
): Promise<Row[]> {
  return rowsOf(source, row).where('r.tenant = :tenant and r.id = any(:ids)', { tenant, ids }).getMany()
}

/** Ids rise. */
export async function pageOf<Row extends ObjectRow>(
  source: DataSource,
  row: new () => Row,
  tenant: string,
  first: number,
  after?: string,
): Promise<PageOf<Row>> {
  const query = rowsOf(source, row).where('r.tenant = :tenant', { tenant })
  const totalCount = await query.getCount()
  if (after !== undefined) query.andWhere('r.id > :after', { after })
  return {
    rows: await query
      .orderBy('r.id')
      .take(first + 1)
      .getMany(),
    totalCount,
  }
}
