// The inner nodes of trees: what stands below them, by the ids of the parameters.
import type { Sql } from '../../../infra/store/port.ts'
import type { ParameterNode } from '../rules/tree.ts'
import type { TreePart } from './read-parameters.ts'

/** A node or a parameter of a tree; its id is that of the graph. */
export interface NodeEntry {
  readonly id: string
  readonly treeId: string
  /** Parameters at it or below it. */
  readonly parameterCount: number
  readonly isParameter: boolean
}

export interface ChildrenQuery {
  readonly treeId: string
  /** What the ids of the tree begin with in the graph. */
  readonly prefix: string
  /** Id of the node in the graph; the prefix for the tree itself. */
  readonly node: string
  readonly first: number
  /** Order key of the child to go on from. */
  readonly after: string | undefined
}

/** A child with the key that it is ordered by. */
export type Child = NodeEntry & { readonly key: string }
export interface Children {
  /** One more than asked. */
  readonly rows: Child[]
  readonly totalCount: number
}

/** Numbers go by their size, words by their bytes. */
const KEY = `case when segment ~ '^[0-9]+$' then lpad(segment, 20, '0') else segment end collate "C"`

interface ChildRow {
  readonly n: number
  readonly segment: string
  readonly key: string
  readonly leaves: number
  readonly leaf: boolean
  readonly total: number
}

/** The children of many nodes with one statement. */
export async function readChildren(sql: Sql, tenant: string, queries: readonly ChildrenQuery[]): Promise<Children[]> {
  const stems = queries.map(stemOf)
  const rows = await sql.query<ChildRow>(
    `select q.n, c.segment, c.key, c.leaves, c.leaf, c.total
     from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[]) as q (n, tree_id, stem, stop, after, most)
     cross join lateral (
       select g.*, ${KEY} as key, (count(*) over ())::int as total from (
         select segment, count(*)::int as leaves, bool_or(segment = rest) as leaf from (
           select substr(p.id, length(q.stem) + 1) as rest, split_part(substr(p.id, length(q.stem) + 1), '.', 1) as segment
           from parameters.parameter p
           where p.tenant = $1 and p.tree_id = q.tree_id and p.id >= q.stem and p.id < q.stop) s
         group by segment) g
     ) c
     where q.after is null or c.key > q.after collate "C"
     order by q.n, c.key`,
    [
      tenant,
      queries.map((_, i) => i),
      queries.map(({ treeId }) => treeId),
      stems,
      stems.map(stopOf),
      queries.map(({ after }) => after ?? null),
      queries.map(({ first }) => first + 1),
    ],
  )
  const found: Child[][] = queries.map(() => [])
  for (const row of rows) {
    const query = queries[row.n]!
    found[row.n]!.push({
      id: stems[row.n]! + row.segment,
      treeId: query.treeId,
      key: row.key,
      parameterCount: row.leaves,
      isParameter: row.leaf,
    })
  }
  return queries.map(({ first }, i) => ({
    rows: found[i]!.slice(0, first + 1),
    totalCount: rows.find(({ n }) => n === i)?.total ?? 0,
  }))
}

/** The node of an id of the graph; undefined where nothing stands at it or below it. */
export async function readNode(
  sql: Sql,
  tenant: string,
  at: Pick<ChildrenQuery, 'treeId' | 'prefix' | 'node'>,
): Promise<NodeEntry | undefined> {
  const stem = stemOf(at)
  const [row] = await sql.query<{ leaves: number; leaf: boolean | null }>(
    `select count(*)::int as leaves, bool_or(id = $3) as leaf from parameters.parameter
     where tenant = $1 and tree_id = $2 and (id = $3 or (id >= $4 and id < $5))`,
    [tenant, at.treeId, at.node, stem, stopOf(stem)],
  )
  if (!row || (row.leaves === 0 && at.node !== at.prefix)) return undefined
  return { id: at.node, treeId: at.treeId, parameterCount: row.leaves, isParameter: row.leaf ?? false }
}

/** What is said of nodes; in no particular order, those of which nothing is said are left out. Ids are those of the tree. */
export async function readNodeTexts(
  sql: Sql,
  tenant: string,
  nodes: readonly { readonly treeId: string; readonly id: string }[],
): Promise<TreePart<ParameterNode>[]> {
  return sql.query<TreePart<ParameterNode>>(
    `select n.tree_id as "treeId", n.id, n.label, n.description, n.unit, n.breakdown
     from unnest($2::text[], $3::text[]) as q (tree_id, id)
     join parameters.node n on n.tenant = $1 and n.tree_id = q.tree_id and n.id = q.id`,
    [tenant, nodes.map(({ treeId }) => treeId), nodes.map(({ id }) => id)],
  )
}

const stemOf = ({ prefix, node }: Pick<ChildrenQuery, 'prefix' | 'node'>) => (node === prefix ? prefix : `${node}.`)

/** The first text after all that begin with the stem: ids are ASCII. */
const stopOf = (stem: string) =>
  stem === '' ? '\u007f' : stem.slice(0, -1) + String.fromCharCode(stem.charCodeAt(stem.length - 1) + 1)
