// Appends entries to their chains, in one transaction.
import type { Sql, Store } from '../../infra/store/port.ts'
import { type AuditEntry, type AuditType, genesis, type Link, linkAfter } from './chain.ts'

export interface Recorded {
  readonly entry: AuditEntry
  /** The normalised text that entry.operationHash is of; absent: it is not kept. */
  readonly text?: string
}

/**
 * All or none. Entries of one chain follow each other in the order given; several processes take turns by the lock on the chain's
 * head. Entries that stand already (a commit whose answer was lost) are passed over.
 * Errors: STORE_UNAVAILABLE.
 */
export async function writeBatch(store: Store, batch: readonly Recorded[]): Promise<void> {
  const chains = new Map(batch.map(({ entry: { tenant, type } }) => [`${tenant} ${type}`, { tenant, type }] as const))
  await store.transaction(async (sql) => {
    const heads = await lockHeads(sql, [...chains.values()])
    const standing = new Set(
      (
        await sql.query<{ id: string }>('select id from gateway.audit_entry where id = any($1)', [
          batch.map(({ entry }) => entry.id),
        ])
      ).map(({ id }) => id),
    )
    const rows = batch.flatMap(({ entry }) => {
      if (standing.has(entry.id)) return []
      const key = `${entry.tenant} ${entry.type}`
      const link = linkAfter(heads.get(key)!, entry)
      heads.set(key, link)
      return [{ ...columnsOf(entry), ...link }]
    })
    if (rows.length === 0) return
    await saveTexts(sql, batch)
    await sql.query(
      `insert into gateway.audit_entry
       select * from json_populate_recordset(null::gateway.audit_entry, $1::json)`,
      [JSON.stringify(rows)],
    )
    const moved = [...chains].map(([key, chain]) => ({ ...chain, ...heads.get(key)! }))
    await sql.query(
      `update gateway.audit_chain c set seq = m.seq, hash = m.hash
       from json_to_recordset($1::json) as m(tenant text, type text, seq bigint, hash text)
       where c.tenant = m.tenant and c.type = m.type`,
      [JSON.stringify(moved)],
    )
  })
}

/** Heads by `tenant type`, locked in one order by everybody. */
async function lockHeads(
  sql: Sql,
  chains: readonly { readonly tenant: string; readonly type: AuditType }[],
): Promise<Map<string, Link>> {
  const first = chains.map(({ tenant, type }) => ({ tenant, type, hash: genesis(tenant, type) }))
  const given = JSON.stringify(first)
  await sql.query(
    `insert into gateway.audit_chain (tenant, type, hash, deleted_hash)
     select tenant, type, hash, hash from json_to_recordset($1::json) as f(tenant text, type text, hash text)
     order by tenant, type on conflict do nothing`,
    [given],
  )
  const rows = await sql.query<{ tenant: string; type: AuditType; seq: string; hash: string }>(
    `select c.tenant, c.type, c.seq, c.hash
     from gateway.audit_chain c join json_to_recordset($1::json) as f(tenant text, type text) using (tenant, type)
     order by c.tenant, c.type for update of c`,
    [given],
  )
  return new Map(rows.map(({ tenant, type, seq, hash }) => [`${tenant} ${type}`, { seq: Number(seq), hash }]))
}

/** Each text once; that it is used is noted once a day. */
async function saveTexts(sql: Sql, batch: readonly Recorded[]): Promise<void> {
  const texts = new Map(
    batch.flatMap(({ entry, text }) =>
      text === undefined ? [] : [[entry.operationHash, { text, at: entry.at }] as const],
    ),
  )
  const rows = [...texts]
    .map(([hash, { text, at }]) => ({ hash, text, at: isoOf(at) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
  await sql.query(
    `insert into gateway.audit_operation as o (hash, text, last_at)
     select hash, text, at from json_to_recordset($1::json) as t(hash text, text text, at timestamptz)
     on conflict (hash) do update set last_at = excluded.last_at where o.last_at < excluded.last_at - interval '1 day'`,
    [JSON.stringify(rows)],
  )
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

function columnsOf(entry: AuditEntry): Record<string, unknown> {
  return {
    tenant: entry.tenant,
    type: entry.type,
    id: entry.id,
    at: isoOf(entry.at),
    subject: entry.subject,
    proof: entry.proof,
    request_id: entry.requestId,
    trace_id: entry.traceId,
    operation_name: entry.operationName,
    operation_hash: entry.operationHash,
    variables: entry.variables,
    withheld: entry.withheld,
    versions: entry.versions,
    result_hash: entry.resultHash,
    cost: entry.cost,
    duration_ms: entry.durationMs,
    outcome: entry.outcome,
    completes: entry.completes,
    times: entry.times ?? null,
  }
}
