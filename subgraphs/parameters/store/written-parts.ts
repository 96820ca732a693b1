// What a tenant has written into a tree, beside what was loaded with it.
import type { Sql } from '../../../infra/store/port.ts'
import type { Parameter, Scale } from '../rules/tree.ts'
import { readParameters, readScales } from './read-parameters.ts'

export interface WrittenParts {
  /** Those that hold something written, with all their values; ids are those of the tree. */
  readonly parameters: readonly Parameter[]
  /** Ids of those that the tenant made. */
  readonly own: ReadonlySet<string>
  readonly scales: readonly Scale[]
  /** The last day that the tree covers; undefined where nothing was written. */
  readonly to: string | undefined
  has(id: string, value: { readonly from: string; readonly known: string }): boolean
}

export async function readWritten(sql: Sql, tenant: string, treeId: string): Promise<WrittenParts> {
  const rows = await sql.query<{ id: string; prefix: string; own: boolean; from: string | null; known: string | null }>(
    `select p.id, t.id_prefix as prefix, p.written as own, v.valid_from as "from", v.known_from as known
     from parameters.tree t join parameters.parameter p on p.tenant = t.tenant and p.tree_id = t.id
     left join parameters.parameter_value v on v.tenant = p.tenant and v.parameter_id = p.id and v.written
     where t.tenant = $1 and t.id = $2 and (p.written or v.written)`,
    [tenant, treeId],
  )
  const strip = (id: string) => id.slice(rows[0]?.prefix.length ?? 0)
  const values = new Set(rows.map(({ id, from, known }) => `${strip(id)} ${from} ${known}`))
  const own = new Set(rows.filter((row) => row.own).map((row) => strip(row.id)))
  const ids = [...new Set(rows.map((row) => row.id))]
  const read = ids.length === 0 ? [] : await readParameters(sql, 'p.id = any($2)', [tenant, ids])
  const scales = await sql.query<{ id: string }>(
    'select id from parameters.scale where tenant = $1 and tree_id = $2 and written',
    [tenant, treeId],
  )
  const names = new Set(scales.map(({ id }) => id))
  const [frame] = await sql.query<{ to: string }>(
    'select covers_to as to from parameters.tree where tenant = $1 and id = $2',
    [tenant, treeId],
  )
  return {
    parameters: read.map(({ treeId: _tree, ...parameter }) => ({ ...parameter, id: strip(parameter.id) })),
    own,
    scales: names.size === 0 ? [] : (await readScales(sql, tenant, [treeId])).filter(({ id }) => names.has(id)),
    to: rows.length > 0 ? frame?.to : undefined,
    has: (id, { from, known }) => values.has(`${id} ${from} ${known}`),
  }
}
