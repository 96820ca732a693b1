// Scales, nodes, parameters and values as rows, and the statements that write them.
import type { Sql } from '../../../infra/store/port.ts'
import type { DatedValue, Parameter, ParameterNode, Scale } from '../rules/tree.ts'
import { vectorName } from '../rules/vector.ts'
import { arrayText, type Column, insertRows, orNull, replacing, textArray } from './insert-rows.ts'

/** Where rows go: the tree, and what the ids of its parameters begin with in the graph. */
export interface TreePlace {
  readonly tenant: string
  readonly treeId: string
  readonly prefix: string
}

/** A parameter to write, with the hash of its figures, and which of it the tenant wrote. */
export interface ParameterToWrite {
  readonly parameter: Parameter
  readonly hash: string
  readonly written: boolean
  /** The values to write: all of them, or those that are new. */
  readonly values: readonly DatedValue[]
  isWritten(value: DatedValue): boolean
}

/** Takes the place of what stands under the same ids and days. */
export async function writeParameters(sql: Sql, place: TreePlace, items: readonly ParameterToWrite[]): Promise<void> {
  const { tenant, treeId, prefix } = place
  const rows = items.map(({ parameter, hash, written }) => parameterRow(treeId, prefix, parameter, hash, written))
  const keepWritten = replacing(
    ['id'],
    PARAMETER.filter(([name]) => name !== 'written'),
  )
  await insertRows(sql, 'parameters.parameter', tenant, PARAMETER, rows, keepWritten)
  const values = items.flatMap(({ parameter, values, isWritten }) =>
    values.map((value) => valueRow(prefix + parameter.id, value, isWritten(value))),
  )
  const key = ['parameter_id', 'valid_from', 'known_from']
  await insertRows(sql, 'parameters.parameter_value', tenant, VALUE, values, replacing(key, VALUE))
}

export async function writeScales(
  sql: Sql,
  { tenant, treeId }: TreePlace,
  scales: readonly Scale[],
  isWritten: (scale: Scale) => boolean,
): Promise<void> {
  const rows = scales.map((scale) => scaleRow(treeId, scale, isWritten(scale)))
  await insertRows(sql, 'parameters.scale', tenant, SCALE, rows, replacing(['tree_id', 'id'], SCALE))
}

export async function insertNodes(
  sql: Sql,
  { tenant, treeId }: TreePlace,
  nodes: readonly ParameterNode[],
): Promise<void> {
  await insertRows(
    sql,
    'parameters.node',
    tenant,
    NODE,
    nodes.map((node) => nodeRow(treeId, node)),
  )
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
  ['written', 'boolean'],
]
const scaleRow = (treeId: string, scale: Scale, written: boolean) => [
  treeId,
  scale.id,
  scale.label,
  scale.kind,
  scale.style,
  String(scale.count),
  scale.unit ?? null,
  orNull(scale.metadata),
  String(written),
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
const nodeRow = (treeId: string, { id, label, description, unit, breakdown, metadata }: ParameterNode) => [
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
  ['written', 'boolean'],
]
const parameterRow = (treeId: string, prefix: string, parameter: Parameter, hash: string, written: boolean) => [
  treeId,
  prefix + parameter.id,
  parameter.label,
  parameter.description ?? null,
  parameter.kind,
  parameter.unit,
  parameter.period,
  vectorName(parameter),
  JSON.stringify(parameter.references),
  JSON.stringify(parameter.source),
  parameter.origin,
  String(parameter.expected[0]),
  String(parameter.expected[1]),
  orNull(parameter.indexation),
  orNull(parameter.metadata),
  hash,
  String(written),
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
  ['written', 'boolean'],
]
const valueRow = (id: string, value: DatedValue, written: boolean) => [
  id,
  value.from,
  value.known,
  arrayText(value.values),
  orNull(value.content),
  String(value.ceased ?? false),
  String(value.derived ?? false),
  value.source ?? null,
  String(written),
]
