// Reads the audit that the gateway writes.
import type { DataSource } from 'typeorm'
import type { AuditFilter } from '../types/audit.ts'

export interface AuditRow {
  readonly id: string
  readonly at: Date
  readonly subject: string
  readonly proof: string
  readonly requestId: string
  readonly traceId: string | null
  readonly type: string
  readonly operationName: string | null
  readonly operation: string | null
  readonly operationHash: string
  readonly variables: Record<string, unknown>
  readonly withheld: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly resultHash: string | null
  readonly cost: unknown
  readonly durationMs: number
  readonly outcome: string
  readonly completes: string | null
  readonly times: number
  readonly seq: string
  readonly hash: string
}

const COLUMNS = `e.id, e.at, e.subject, e.proof, e.request_id as "requestId", e.trace_id as "traceId", e.type,
  e.operation_name as "operationName", o.text as operation, e.operation_hash as "operationHash", e.variables, e.withheld, e.versions,
  e.result_hash as "resultHash", e.cost, e.duration_ms as "durationMs", e.outcome, e.completes,
  coalesce(e.times, 1) as times, e.seq, e.hash`

/** Conditions that compare one column with one value. */
const EQUAL: readonly (readonly [keyof AuditFilter, string])[] = [
  ['id', 'e.id'],
  ['subject', 'e.subject'],
  ['operationName', 'e.operation_name'],
  ['operationHash', 'e.operation_hash'],
  ['outcome', 'e.outcome'],
  ['requestId', 'e.request_id'],
  ['resultHash', 'e.result_hash'],
]

export class AuditStore {
  readonly #source: DataSource

  constructor(source: DataSource) {
    this.#source = source
  }

  /** Rows of the tenant, the newest first, one more than asked. `after` is the id of a row. */
  page(tenant: string, filter: AuditFilter, first: number, after: string | undefined): Promise<AuditRow[]> {
    const values: unknown[] = [tenant]
    const conditions = ['e.tenant = $1']
    const add = (condition: (place: string) => string, value: unknown) => {
      values.push(value)
      conditions.push(condition(`$${values.length}`))
    }
    for (const [key, column] of EQUAL) if (filter[key] != null) add((place) => `${column} = ${place}`, filter[key])
    if (filter.type != null) add((place) => `e.type = ${place}`, filter.type.toLowerCase())
    if (filter.from != null) add((place) => `e.at >= ${place}`, filter.from)
    if (filter.before != null) add((place) => `e.at < ${place}`, filter.before)
    if (after !== undefined)
      add(
        (place) =>
          `(e.at, e.id) < (select p.at, p.id from gateway.audit_entry p where p.tenant = $1 and p.id = ${place})`,
        after,
      )
    return this.#source.query(
      `select ${COLUMNS} from gateway.audit_entry e left join gateway.audit_operation o on o.hash = e.operation_hash
       where ${conditions.join(' and ')} order by e.at desc, e.id desc limit ${first + 1}`,
      values,
    )
  }
}
