// Finds parameters by tree, prefix and words: a page of them, and how many there are.
import type { Sql } from '../../../infra/store/port.ts'
import { readParameters, type StoredParameter } from './read-parameters.ts'

export interface ParameterFilter {
  readonly treeId?: string
  readonly prefix?: string
  /** In lower case; each has to be found in id, label or description, where dots, underscores and hyphens are blanks. */
  readonly words?: readonly string[]
}

/** By id, one more than asked, after an id. Words are looked for once, in what the other filters leave. */
export async function findParameters(
  sql: Sql,
  tenant: string,
  { treeId, prefix, words = [] }: ParameterFilter,
  first: number,
  after?: string,
): Promise<{ rows: StoredParameter[]; totalCount: number }> {
  const [found] = await sql.query<{ total: number; ids: string[] }>(
    `with found as materialized (
       select p.id from parameters.parameter p
       where p.tenant = $1 and ($2::text is null or p.tree_id = $2) and ($3::text is null or starts_with(p.id, $3))
         and ($4::text[] = '{}' or
           translate(lower(p.id || ' ' || p.label || ' ' || coalesce(p.description, '')), '._-', '   ') like all ($4::text[])))
     select (select count(*)::int from found) as total,
       array(select id from found where $5::text is null or id > $5 order by id limit $6) as ids`,
    [tenant, treeId ?? null, prefix ?? null, words.map(likeWord), after ?? null, first + 1],
  )
  return { rows: await readParameters(sql, 'p.id = any($2)', [tenant, found!.ids]), totalCount: found!.total }
}

/** A word anywhere; what LIKE has a meaning for stands for itself. */
const likeWord = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`
