// Reads parameters with their values: two statements, however many.
import type { Sql } from '../../../infra/store/port.ts'
import type {
  Content,
  DatedValue,
  Indexation,
  Metadata,
  Parameter,
  ParameterKind,
  ParameterNode,
  Reference,
  Scale,
  Source,
} from '../rules/tree.ts'
import { differingBy } from '../rules/vector.ts'

/** A parameter with its values, as the rules take it; its id is that of the graph. */
export type StoredParameter = Parameter & { readonly treeId: string }

interface ParameterRow {
  readonly id: string
  readonly tree_id: string
  readonly label: string
  readonly description: string | null
  readonly kind: ParameterKind
  readonly unit: string
  readonly period: string | null
  readonly vector: string
  /** Of a vector that the tree names. */
  readonly own_cells: string[] | null
  readonly links: Reference[]
  readonly source: Source
  readonly origin: string | null
  readonly expected_least: number
  readonly expected_greatest: number
  readonly indexation: Indexation | null
  readonly metadata: Metadata | null
}

interface ValueRow {
  readonly parameter_id: string
  readonly valid_from: string
  readonly known_from: string
  readonly cells: number[]
  readonly content: Content | null
  readonly ceased: boolean
  readonly derived: boolean
  readonly source: string | null
}

const PARAMETER = `p.id, p.tree_id, p.label, p.description, p.kind, p.unit, p.period, p.vector, t.vectors -> p.vector as own_cells, p.links, p.source, p.origin,
  p.expected_least, p.expected_greatest, p.indexation, p.metadata`
const VALUE = 'v.parameter_id, v.valid_from, v.known_from, v.cells, v.content, v.ceased, v.derived, v.source'

const PARAMETERS = 'parameters.parameter p join parameters.tree t on t.tenant = p.tenant and t.id = p.tree_id'

/** By id; `where` speaks of parameters.parameter p, tenant is $1. */
export async function readParameters(sql: Sql, where: string, values: readonly unknown[]): Promise<StoredParameter[]> {
  const rows = await sql.query<ParameterRow>(
    `select ${PARAMETER} from ${PARAMETERS} where p.tenant = $1 and ${where} order by p.id`,
    values,
  )
  if (rows.length === 0) return []
  const found = await sql.query<ValueRow>(
    `select ${VALUE} from parameters.parameter_value v where v.tenant = $1 and v.parameter_id = any($2)
     order by v.parameter_id, v.valid_from, v.known_from`,
    [values[0], rows.map((row) => row.id)],
  )
  return joined(rows, found)
}

/** All of some trees, by id. */
export async function readTreeParameters(sql: Sql, tenant: string, treeIds: readonly string[]) {
  const rows = await sql.query<ParameterRow>(
    `select ${PARAMETER} from ${PARAMETERS} where p.tenant = $1 and p.tree_id = any($2) order by p.id`,
    [tenant, treeIds],
  )
  const found = await sql.query<ValueRow>(
    `select ${VALUE} from parameters.parameter p join parameters.parameter_value v on v.tenant = p.tenant and v.parameter_id = p.id
     where p.tenant = $1 and p.tree_id = any($2) order by v.parameter_id, v.valid_from, v.known_from`,
    [tenant, treeIds],
  )
  return joined(rows, found)
}

export type TreePart<T> = T & { readonly treeId: string }

export async function readScales(sql: Sql, tenant: string, treeIds: readonly string[]): Promise<TreePart<Scale>[]> {
  const rows = await sql.query<TreePart<Scale>>(
    `select tree_id as "treeId", id, label, kind, style, count, unit, metadata from parameters.scale
     where tenant = $1 and tree_id = any($2) order by tree_id, id`,
    [tenant, treeIds],
  )
  return rows.map(present)
}

export async function readNodes(
  sql: Sql,
  tenant: string,
  treeIds: readonly string[],
): Promise<TreePart<ParameterNode>[]> {
  const rows = await sql.query<TreePart<ParameterNode>>(
    `select tree_id as "treeId", id, label, description, unit, breakdown, metadata from parameters.node
     where tenant = $1 and tree_id = any($2) order by tree_id, id`,
    [tenant, treeIds],
  )
  return rows.map(present)
}

function joined(rows: readonly ParameterRow[], found: readonly ValueRow[]): StoredParameter[] {
  const values = new Map<string, DatedValue[]>(rows.map((row) => [row.id, []]))
  for (const row of found) values.get(row.parameter_id)?.push(readValue(row))
  return rows.map((row) => readParameter(row, values.get(row.id)!))
}

const readParameter = (row: ParameterRow, values: DatedValue[]): StoredParameter => ({
  id: row.id,
  treeId: row.tree_id,
  label: row.label,
  ...(row.description === null ? {} : { description: row.description }),
  kind: row.kind,
  unit: row.unit,
  period: row.period,
  ...differingBy(row.vector, row.own_cells ? { [row.vector]: row.own_cells } : {})!,
  references: row.links,
  source: row.source,
  origin: row.origin,
  expected: [row.expected_least, row.expected_greatest],
  values,
  ...(row.indexation === null ? {} : { indexation: row.indexation }),
  ...(row.metadata === null ? {} : { metadata: row.metadata }),
})

const readValue = ({ valid_from, known_from, cells, content, ceased, derived, source }: ValueRow): DatedValue => ({
  from: valid_from,
  known: known_from,
  values: cells,
  ...(content === null ? {} : { content }),
  ...(ceased ? { ceased } : {}),
  ...(derived ? { derived } : {}),
  ...(source === null ? {} : { source }),
})

/** Without what is null: our types leave it out. */
const present = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T
