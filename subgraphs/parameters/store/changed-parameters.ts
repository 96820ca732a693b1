// Parameters that a write has changed, as subscribers are told of them: their plain fields.
import type { Sql } from '../../../infra/store/port.ts'
import type { ParameterKind } from '../rules/tree.ts'

export interface ChangedParameter {
  /** Of the graph. */
  readonly id: string
  readonly label: string
  readonly description: string | null
  readonly kind: ParameterKind
  readonly unit: string
  readonly period: string | null
  readonly origin: string | null
}

/** Tells of what was written, in the transaction that writes it. */
export type Tell = (sql: Sql, changed: readonly ChangedParameter[]) => Promise<void>

/** By id; those that are not there any more are left out. */
export function readChanged(sql: Sql, tenant: string, ids: readonly string[]): Promise<ChangedParameter[]> {
  return sql.query<ChangedParameter>(
    `select id, label, description, kind, unit, period, origin from parameters.parameter
     where tenant = $1 and id = any($2) order by id`,
    [tenant, ids],
  )
}

/** Hash of the figures of every parameter of a tree, by id: the difference over a write shows what it changed. */
export async function figuresOf(sql: Sql, tenant: string, treeId: string): Promise<ReadonlyMap<string, string | null>> {
  const rows = await sql.query<{ id: string; hash: string | null }>(
    'select id, figures_hash as hash from parameters.parameter where tenant = $1 and tree_id = $2',
    [tenant, treeId],
  )
  return new Map(rows.map(({ id, hash }) => [id, hash]))
}
