// Writes a tree: its frame, scales, nodes, parameters and values, in one transaction that takes turns with others of the tenant.
import type { Sql } from '../../../infra/store/port.ts'
import { type DatedValue, type Parameter, parameterHashOf, type Tree, treeHashOf } from '../rules/tree.ts'
import { arrayText, type Column, insertRows, orNull, textArray } from './insert-rows.ts'

/** Writers of trees of a tenant take turns until their transaction ends. */
export async function lockTrees(sql: Sql, tenant: string): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtext('parameters.tree'), hashtext($1))`, [tenant])
}

/** Stores a tree in place of the one of its id; returns the identity of its figures. */
export async function writeTree(sql: Sql, tenant: string, tree: Tree, fileSha256: string): Promise<string> {
  await lockTrees(sql, tenant)
  const hashes = tree.parameters.map((parameter) => ({ id: parameter.id, hash: parameterHashOf(parameter) }))
  const snapshotHash = treeHashOf(tree, hashes)
  await emptyTree(sql, tenant, tree.id)
  const prefix = await writeFrame(sql, tenant, tree, snapshotHash, fileSha256)
  await insertRows(
    sql,
    'parameters.scale',
    tenant,
    SCALE,
    tree.scales.map((scale) => scaleRow(tree.id, scale)),
  )
  await insertRows(
    sql,
    'parameters.node',
    tenant,
    NODE,
    tree.nodes.map((node) => nodeRow(tree.id, node)),
  )
  await insertParameters(sql, tenant, tree, prefix, tree.parameters, (_, i) => hashes[i]!.hash)
  return snapshotHash
}

/** Stores parameters that the tree does not have, with their values. */
export async function insertParameters(
  sql: Sql,
  tenant: string,
  tree: Pick<Tree, 'id'>,
  prefix: string,
  parameters: readonly Parameter[],
  hashOf: (parameter: Parameter, index: number) => string,
): Promise<void> {
  const rows = parameters.map((parameter, i) => parameterRow(tree.id, prefix, parameter, hashOf(parameter, i)))
  await insertRows(sql, 'parameters.parameter', tenant, PARAMETER, rows)
  const values = parameters.flatMap(({ id, values }) => values.map((value) => valueRow(prefix + id, value)))
  await insertRows(sql, 'parameters.parameter_value', tenant, VALUE, values)
}

/** Takes all but the frame away; explicit, since a cascade would go row by row. */
async function emptyTree(sql: Sql, tenant: string, treeId: string): Promise<void> {
  const key = [tenant, treeId]
  await sql.query(
    `delete from parameters.parameter_value v using parameters.parameter p
     where p.tenant = $1 and p.tree_id = $2 and v.tenant = p.tenant and v.parameter_id = p.id`,
    key,
  )
  for (const table of ['parameter', 'scale', 'node'])
    await sql.query(`delete from parameters.${table} where tenant = $1 and tree_id = $2`, key)
}

/** The row of the tree; returns what its ids begin with in the graph: nothing, unless another tree has one of them already. */
async function writeFrame(sql: Sql, tenant: string, tree: Tree, snapshotHash: string, fileSha256: string) {
  const [{ prefix } = { prefix: '' }] = await sql.query<{ prefix: string }>(
    `select coalesce(
       (select id_prefix from parameters.tree where tenant = $1 and id = $2),
       (select $2 || '/' from parameters.parameter where tenant = $1 and tree_id <> $2 and id = any($3) limit 1),
       '') as prefix`,
    [tenant, tree.id, tree.parameters.map((parameter) => parameter.id)],
  )
  await sql.query(
    `insert into parameters.tree
       (tenant, id, title, country, currency, covers_from, covers_to, source, snapshot_hash, file_sha256, id_prefix)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (tenant, id) do update set
       title = excluded.title, country = excluded.country, currency = excluded.currency, covers_from = excluded.covers_from,
       covers_to = excluded.covers_to, source = excluded.source, snapshot_hash = excluded.snapshot_hash,
       file_sha256 = excluded.file_sha256, revision = nextval('parameters.revision')`,
    [
      tenant,
      tree.id,
      tree.title,
      tree.country,
      tree.currency,
      tree.from,
      tree.to,
      JSON.stringify(tree.source),
      snapshotHash,
      fileSha256,
      prefix,
    ],
  )
  return prefix
}

const SCALE: readonly Column[] = [
  ['tree_id', 'text'],
  ['id', 'text'],
  ['label', 'text'],
  ['kind', 'text'],
  ['style', 'text'],
  ['count', 'int'],
  ['unit', 'text'],
  ['metadata', 'jsonb'],
]
const scaleRow = (treeId: string, { id, label, kind, style, count, unit, metadata }: Tree['scales'][number]) => [
  treeId,
  id,
  label,
  kind,
  style,
  String(count),
  unit ?? null,
  orNull(metadata),
]

const NODE: readonly Column[] = [
  ['tree_id', 'text'],
  ['id', 'text'],
  ['label', 'text'],
  ['description', 'text'],
  ['unit', 'text'],
  ['breakdown', 'text[]'],
  ['metadata', 'jsonb'],
]
const nodeRow = (treeId: string, { id, label, description, unit, breakdown, metadata }: Tree['nodes'][number]) => [
  treeId,
  id,
  label,
  description ?? null,
  unit ?? null,
  textArray(breakdown),
  orNull(metadata),
]

const PARAMETER: readonly Column[] = [
  ['tree_id', 'text'],
  ['id', 'text'],
  ['label', 'text'],
  ['description', 'text'],
  ['kind', 'text'],
  ['unit', 'text'],
  ['period', 'text'],
  ['vector', 'text'],
  ['links', 'jsonb'],
  ['source', 'jsonb'],
  ['origin', 'text'],
  ['expected_least', 'float8'],
  ['expected_greatest', 'float8'],
  ['indexation', 'jsonb'],
  ['metadata', 'jsonb'],
  ['figures_hash', 'text'],
]
const parameterRow = (treeId: string, prefix: string, parameter: Parameter, hash: string) => [
  treeId,
  prefix + parameter.id,
  parameter.label,
  parameter.description ?? null,
  parameter.kind,
  parameter.unit,
  parameter.period,
  parameter.by,
  JSON.stringify(parameter.references),
  JSON.stringify(parameter.source),
  parameter.origin,
  String(parameter.expected[0]),
  String(parameter.expected[1]),
  orNull(parameter.indexation),
  orNull(parameter.metadata),
  hash,
]

const VALUE: readonly Column[] = [
  ['parameter_id', 'text'],
  ['valid_from', 'parameters.day'],
  ['known_from', 'parameters.day'],
  ['cells', 'float8[]'],
  ['content', 'jsonb'],
  ['ceased', 'boolean'],
  ['derived', 'boolean'],
  ['source', 'text'],
]
const valueRow = (id: string, value: DatedValue) => [
  id,
  value.from,
  value.known,
  arrayText(value.values),
  orNull(value.content),
  String(value.ceased ?? false),
  String(value.derived ?? false),
  value.source ?? null,
]
