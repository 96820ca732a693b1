// Writes values and parameters into a tree: checked against what stands, all or nothing, one line in its history.
import type { Sql } from '../../../infra/store/port.ts'
import { isBracketCount, limitsOf, valuesOf } from '../rules/scale.ts'
import { type Parameter, parameterHashOf, type Scale, type Source, treeHashOf } from '../rules/tree.ts'
import type { Vectors } from '../rules/vector.ts'
import { type Checked, checkWrite, type Standing } from '../rules/write/check-write.ts'
import type { ParameterInput, ScaleInput } from '../rules/write/inputs.ts'
import { readParameters, readScales } from './read-parameters.ts'
import { type ChangeNote, lockTrees, noteChange } from './tree-log.ts'
import { type TreePlace, writeParameters, writeScales } from './tree-rows.ts'

export interface SaveRequest {
  readonly treeId: string
  readonly parameters: readonly ParameterInput[]
  readonly scales: readonly ScaleInput[]
  /** First and last day that the tree covers after it; absent: as before. */
  readonly from?: string
  readonly to?: string
  readonly note: ChangeNote
  /** YYYY-MM-DD: the day by which what is written is known. */
  readonly today: string
  /** Only checks. */
  readonly dryRun: boolean
}

interface Frame {
  readonly id: string
  readonly prefix: string
  readonly from: string
  readonly to: string
  readonly source: Source
  readonly currency: string
  readonly vectors: Vectors
  readonly snapshotHash: string
}

export interface Saved {
  readonly saved: boolean
  /** Ids of the graph, of the parameters written. */
  readonly ids: readonly string[]
  readonly findings: Checked['findings']
}

/** undefined where the tenant has no such tree. Nothing is stored where a finding is an ERROR. */
export async function saveParameters(sql: Sql, tenant: string, request: SaveRequest): Promise<Saved | undefined> {
  await lockTrees(sql, tenant)
  const frame = await readFrame(sql, tenant, request)
  if (!frame) return undefined
  const place: TreePlace = { tenant, treeId: frame.id, prefix: frame.prefix }
  const standing = await readStanding(sql, place, frame, request)
  const { written, scales, findings } = checkWrite(standing, request.parameters, request.scales, request.today)
  const ids = written.map(({ parameter }) => frame.prefix + parameter.id)
  if (request.dryRun || findings.some(({ severity }) => severity === 'ERROR'))
    return { saved: false, ids: [], findings }

  const items = written.map(({ parameter, values }) => ({
    parameter,
    hash: parameterHashOf(parameter),
    written: !standing.parameters.has(parameter.id),
    values,
    isWritten: () => true,
  }))
  await writeParameters(sql, place, items)
  await writeScales(sql, place, scales, () => true)
  await closeWrite(sql, place, frame, request, {
    parameters: ids,
    valueCount: written.reduce((sum, { values }) => sum + values.length, 0),
  })
  return { saved: true, ids, findings }
}

async function readFrame(sql: Sql, tenant: string, { treeId, from, to }: SaveRequest): Promise<Frame | undefined> {
  const [row] = await sql.query<Frame>(
    `select id, id_prefix as prefix, coalesce($3, covers_from) as "from", coalesce($4, covers_to) as "to", source,
       currency, vectors, snapshot_hash as "snapshotHash"
     from parameters.tree where tenant = $1 and id = $2`,
    [tenant, treeId, from ?? null, to ?? null],
  )
  return row
}

async function readStanding(sql: Sql, place: TreePlace, frame: Frame, request: SaveRequest): Promise<Standing> {
  const { tenant, treeId, prefix } = place
  const scales = (await readScales(sql, tenant, [treeId])).map(({ treeId: _tree, ...scale }) => scale)
  const given = request.parameters.map(({ id }) => id)
  const wanted = new Set([...given, ...partsTouched([...scales, ...request.scales], request.scales, new Set(given))])
  const read = await readParameters(sql, 'p.tree_id = $3 and p.id = any($2)', [
    tenant,
    [...wanted].map((id) => prefix + id),
    treeId,
  ])
  const parameters = new Map(
    read.map(({ treeId: _tree, ...rest }): [string, Parameter] => {
      const id = rest.id.slice(prefix.length)
      return [id, { ...rest, id }]
    }),
  )
  const indexed = await sql.query<Pick<Parameter, 'id'> & Required<Pick<Parameter, 'indexation'>>>(
    `select substr(id, $3) as id, indexation from parameters.parameter
     where tenant = $1 and tree_id = $2 and indexation is not null order by id`,
    [tenant, treeId, prefix.length + 1],
  )
  const fresh = given.filter((id) => !parameters.has(id))
  return {
    tree: { ...frame, scales },
    parameters,
    indexed,
    indices: await existing(
      sql,
      place,
      request.parameters.flatMap(({ indexation }) => (indexation ? [indexation.index] : [])),
    ),
    blocked: await blockedIds(sql, place, fresh),
  }
}

/** Parameters of the scales that are given, or that one of the ids given belongs to. */
function partsTouched(
  all: readonly Pick<Scale, 'id' | 'count' | 'kind' | 'style'>[],
  given: readonly unknown[],
  ids: ReadonlySet<string>,
): string[] {
  return all
    .filter(({ count }) => isBracketCount(count))
    .flatMap((scale) => {
      const parts = [...limitsOf(scale), ...valuesOf(scale)]
      return given.includes(scale) || parts.some((id) => ids.has(id)) ? parts : []
    })
}

async function existing(sql: Sql, { tenant, treeId, prefix }: TreePlace, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    'select id from parameters.parameter where tenant = $1 and tree_id = $2 and id = any($3)',
    [tenant, treeId, ids.map((id) => prefix + id)],
  )
  return new Set(rows.map(({ id }) => id.slice(prefix.length)))
}

/** An id is a parameter or a node, not both; and of two trees one has it. */
async function blockedIds(sql: Sql, place: TreePlace, ids: readonly string[]): Promise<Map<string, string>> {
  const { tenant, treeId, prefix } = place
  const blocked = new Map<string, string>()
  const above = new Map(
    ids.map((id) => [id, id.split('.').flatMap((_, i, words) => (i > 0 ? [words.slice(0, i).join('.')] : []))]),
  )
  const standing = await existing(sql, place, [...above.values()].flat())
  const siblings = new Set(ids)
  for (const [id, nodes] of above) {
    const leaf = nodes.find((node) => standing.has(node) || siblings.has(node))
    if (leaf !== undefined) blocked.set(id, `${leaf} is a parameter, and nothing can stand below it`)
  }
  // A dot sorts right before a slash: the ids that go on from one are a range.
  const below = await sql.query<{ id: string }>(
    `select g.id from unnest($3::text[]) as g (id) where exists (
       select from parameters.parameter p
       where p.tenant = $1 and p.tree_id = $2 and p.id > g.id || '.' and p.id < g.id || '/')`,
    [tenant, treeId, ids.map((id) => prefix + id)],
  )
  for (const row of below) {
    const id = row.id.slice(prefix.length)
    blocked.set(id, `${id} is a node of the tree`)
  }
  const others = await sql.query<{ id: string; tree_id: string }>(
    'select id, tree_id from parameters.parameter where tenant = $1 and tree_id <> $2 and id = any($3)',
    [tenant, treeId, ids.map((id) => prefix + id)],
  )
  for (const { id, tree_id } of others)
    blocked.set(id.slice(prefix.length), `${id} is a parameter of the tree ${tree_id}`)
  return blocked
}

/** The tree's row with its new identity, and the line of its history. */
async function closeWrite(
  sql: Sql,
  place: TreePlace,
  frame: Frame,
  { note }: SaveRequest,
  done: { readonly parameters: readonly string[]; readonly valueCount: number },
): Promise<void> {
  const { tenant, treeId, prefix } = place
  await fillHashes(sql, place)
  const hashes = await sql.query<{ id: string; hash: string }>(
    'select substr(id, $3) as id, figures_hash as hash from parameters.parameter where tenant = $1 and tree_id = $2',
    [tenant, treeId, prefix.length + 1],
  )
  const scales = await readScales(sql, tenant, [treeId])
  const after = treeHashOf({ id: treeId, from: frame.from, to: frame.to, scales }, hashes)
  const [row] = await sql.query<{ revision: string }>(
    `update parameters.tree set snapshot_hash = $3, covers_from = $4, covers_to = $5, revision = nextval('parameters.revision')
     where tenant = $1 and id = $2 returning revision::text`,
    [tenant, treeId, after, frame.from, frame.to],
  )
  await noteChange(sql, place, note, {
    ...done,
    revision: row!.revision,
    before: frame.snapshotHash,
    after,
    parameterCount: done.parameters.length,
  })
}

/** Parameters that an older version stored have no hash yet. */
async function fillHashes(sql: Sql, { tenant, treeId }: TreePlace): Promise<void> {
  const bare = await readParameters(sql, 'p.tree_id = $2 and p.figures_hash is null', [tenant, treeId])
  if (bare.length === 0) return
  await sql.query(
    `update parameters.parameter p set figures_hash = h.hash from unnest($2::text[], $3::text[]) as h (id, hash)
     where p.tenant = $1 and p.id = h.id`,
    [tenant, bare.map(({ id }) => id), bare.map(parameterHashOf)],
  )
}
