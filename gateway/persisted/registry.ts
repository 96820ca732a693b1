// The operations that are published, as the database keeps them.
import { createHash } from 'node:crypto'
import type { Sql, Store } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { PersistedOperation } from './manifest.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export interface PublishedOperation extends PersistedOperation {
  readonly sha256: string
  /** In UTC, such as 2026-11-30T04:00:00Z. */
  readonly publishedAt: string
}

/**
 * Adds operations, all or none; how many were new. An id stays what it is: clients that have it are in the field.
 * Errors: CONFLICT where an id is published with another text; STORE_UNAVAILABLE.
 */
export async function publish(store: Store, operations: readonly PersistedOperation[]): Promise<number> {
  const rows = operations.map((one) => ({ ...one, sha256: sha256(one.body) }))
  return store.transaction(async (sql) => {
    const added = await sql.query(
      `insert into gateway.persisted_operation (id, sha256, name, type, body)
       select r.id, r.sha256, r.name, r.type, r.body
       from jsonb_to_recordset($1::jsonb) as r (id text, sha256 text, name text, type text, body text)
       on conflict (id) do nothing returning id`,
      [JSON.stringify(rows)],
    )
    const others = await sql.query<{ id: string }>(
      `select p.id from gateway.persisted_operation p
       join jsonb_to_recordset($1::jsonb) as r (id text, sha256 text) on r.id = p.id where r.sha256 <> p.sha256 order by p.id`,
      [JSON.stringify(rows)],
    )
    if (others.length > 0)
      throw new QuesnayError('CONFLICT', `${others.length} id(s) are published with another text: ${others[0]!.id}`, {
        path: 'manifest',
        ids: others.map(({ id }) => id),
        suggestion: 'give a changed operation another id, such as the SHA-256 of its text, or remove the old one first',
      })
    return added.length
  })
}

export function listPublished(sql: Sql): Promise<PublishedOperation[]> {
  return sql.query<PublishedOperation>(
    `select id, sha256, name, type, body, to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "publishedAt"
     from gateway.persisted_operation order by name, id`,
  )
}

/** How many of them there were. */
export async function removePublished(sql: Sql, ids: readonly string[]): Promise<number> {
  const gone = await sql.query('delete from gateway.persisted_operation where id = any($1) returning id', [ids])
  return gone.length
}

/** Grows with each change: equal numbers, equal operations. */
export async function changeNumber(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ last: string }>(
    `select last_value::text || is_called::text as last from gateway.persisted_change`,
  )
  return row!.last
}
