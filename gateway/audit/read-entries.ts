// Rows of the audit as entries, as they were when they were hashed.
import type { Sql } from '../../infra/store/port.ts'
import type { AuditEntry, AuditType, Link } from './chain.ts'

export interface StoredEntry {
  readonly entry: AuditEntry
  readonly link: Link
  /** The normalised operation; undefined where it is gone. */
  readonly text: string | undefined
}

interface Row extends Omit<AuditEntry, 'at' | 'times'> {
  readonly times: number | null
  readonly atMs: number
  readonly seq: string
  readonly hash: string
  readonly text: string | null
}

const COLUMNS = `e.tenant, e.type, e.seq, e.hash, e.id, (extract(epoch from e.at) * 1000)::float8 as "atMs", e.subject, e.proof,
  e.request_id as "requestId", e.trace_id as "traceId", e.operation_name as "operationName", e.operation_hash as "operationHash",
  e.variables, e.withheld, e.versions, e.result_hash as "resultHash", e.cost, e.duration_ms as "durationMs", e.outcome, e.completes, e.times,
  o.text`
const FROM = 'from gateway.audit_entry e left join gateway.audit_operation o on o.hash = e.operation_hash'

/** The next rows of a chain after a place in it, rising. Errors: STORE_UNAVAILABLE. */
export async function readAfter(
  sql: Sql,
  tenant: string,
  type: AuditType,
  seq: number,
  count: number,
): Promise<StoredEntry[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} ${FROM} where e.tenant = $1 and e.type = $2 and e.seq > $3 order by e.seq limit $4`,
    [tenant, type, seq, count],
  )
  return rows.map(stored)
}

/** The row of an id, where the tenant has it. Errors: STORE_UNAVAILABLE. */
export async function readEntry(sql: Sql, tenant: string, id: string): Promise<StoredEntry | undefined> {
  const [row] = await sql.query<Row>(`select ${COLUMNS} ${FROM} where e.tenant = $1 and e.id = $2`, [tenant, id])
  return row && stored(row)
}

function stored({ seq, hash, text, atMs, times, ...row }: Row): StoredEntry {
  const entry = { ...row, at: Math.round(atMs), ...(times === null ? {} : { times }) }
  return { entry, link: { seq: Number(seq), hash }, text: text ?? undefined }
}
