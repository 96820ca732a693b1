// Writes a tree as a whole, in one transaction that takes turns with others of the tenant.
import type { Sql } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { byDays } from '../rules/history/timeline.ts'
import { parameterHashOf, type Tree, treeHashOf } from '../rules/tree.ts'
import { type ChangeNote, lockTrees, noteChange } from './tree-log.ts'
import { insertNodes, type TreePlace, writeParameters, writeScales } from './tree-rows.ts'
import { readWritten, type WrittenParts } from './written-parts.ts'

/**
 * Stores a tree in place of the one of its id; what the tenant wrote into that one stays, and goes before the same values of the new one.
 * @throws ALREADY_EXISTS where it would get an id that another tree has
 */
export async function writeTree(
  sql: Sql,
  tenant: string,
  tree: Tree,
  fileSha256: string,
  note: ChangeNote,
): Promise<void> {
  await lockTrees(sql, tenant)
  const written = await readWritten(sql, tenant, tree.id)
  const whole = withWritten(tree, written)
  const hashes = whole.parameters.map((parameter) => ({ id: parameter.id, hash: parameterHashOf(parameter) }))
  const snapshotHash = treeHashOf(whole, hashes)
  await emptyTree(sql, tenant, tree.id)
  const frame = await writeFrame(sql, tenant, whole, snapshotHash, fileSha256)
  const place: TreePlace = { tenant, treeId: tree.id, prefix: frame.prefix }
  await writeScales(sql, place, whole.scales, ({ id }) => written.scales.some((scale) => scale.id === id))
  await insertNodes(sql, place, whole.nodes)
  const items = whole.parameters.map((parameter, i) => ({
    parameter,
    hash: hashes[i]!.hash,
    written: written.own.has(parameter.id),
    values: parameter.values,
    isWritten: (value: { from: string; known: string }) => written.has(parameter.id, value),
  }))
  await writeParameters(sql, place, items)
  await noteChange(sql, place, note, {
    revision: frame.revision,
    before: frame.before,
    after: snapshotHash,
    parameters: [],
    parameterCount: whole.parameters.length,
    valueCount: whole.parameters.reduce((sum, parameter) => sum + parameter.values.length, 0),
  })
}

/** The tree with what the tenant wrote. */
function withWritten(tree: Tree, written: WrittenParts): Tree {
  if (written.parameters.length === 0 && written.scales.length === 0) return tree
  const mine = new Map(written.parameters.map((parameter) => [parameter.id, parameter]))
  const parameters = tree.parameters.map((parameter) => {
    const old = mine.get(parameter.id)
    if (!old) return parameter
    mine.delete(parameter.id)
    const own = old.values.filter((value) => written.has(parameter.id, value))
    const other = parameter.values.filter((value) => !written.has(parameter.id, value))
    return { ...parameter, values: [...other, ...own].sort(byDays) }
  })
  const scales = written.scales.filter(({ id }) => !tree.scales.some((scale) => scale.id === id))
  return {
    ...tree,
    to: written.to !== undefined && written.to > tree.to ? written.to : tree.to,
    scales: [...tree.scales, ...scales],
    parameters: [...parameters, ...mine.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
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

interface Frame {
  readonly prefix: string
  readonly revision: string
  /** Hash of the figures before; null for a tree that is new. */
  readonly before: string | null
}

/** The row of the tree. Its ids begin with nothing in the graph, unless another tree has one of them already. */
async function writeFrame(
  sql: Sql,
  tenant: string,
  tree: Tree,
  snapshotHash: string,
  fileSha256: string,
): Promise<Frame> {
  const [old] = await sql.query<{ prefix: string; before: string }>(
    'select id_prefix as prefix, snapshot_hash as before from parameters.tree where tenant = $1 and id = $2',
    [tenant, tree.id],
  )
  const prefix = await prefixFor(sql, tenant, tree, old?.prefix)
  const [row] = await sql.query<{ revision: string }>(
    `insert into parameters.tree
       (tenant, id, title, country, currency, covers_from, covers_to, source, snapshot_hash, file_sha256, id_prefix, vectors)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (tenant, id) do update set
       title = excluded.title, country = excluded.country, currency = excluded.currency, covers_from = excluded.covers_from,
       covers_to = excluded.covers_to, source = excluded.source, snapshot_hash = excluded.snapshot_hash,
       file_sha256 = excluded.file_sha256, vectors = excluded.vectors, revision = nextval('parameters.revision')
     returning revision::text`,
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
      JSON.stringify(tree.vectors ?? {}),
    ],
  )
  return { prefix, revision: row!.revision, before: old?.before ?? null }
}

/**
 * What a tree's ids begin with: for good, since others point at them.
 * @throws ALREADY_EXISTS where a tree that begins with nothing would get an id that another tree has
 */
async function prefixFor(sql: Sql, tenant: string, tree: Tree, old: string | undefined): Promise<string> {
  if (old) return old
  const [taken] = await sql.query<{ id: string; tree: string }>(
    'select id, tree_id as tree from parameters.parameter where tenant = $1 and id = any($2) order by id limit 1',
    [tenant, tree.parameters.map((parameter) => parameter.id)],
  )
  if (old === undefined) return taken ? `${tree.id}/` : ''
  if (!taken) return ''
  throw new QuesnayError('ALREADY_EXISTS', `${taken.id} is a parameter of the tree ${taken.tree}`, {
    path: taken.id,
    suggestion: `load it under another id than ${tree.id}: the parameters of a new tree get ids of their own`,
  })
}
