// quesnay audit search: rows of the audit, through the graph.
import { ask, type GraphClient } from '../client.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'

export interface SearchOptions {
  readonly id?: string
  readonly subject?: string
  readonly operation?: string
  readonly type?: string
  readonly outcome?: string
  readonly request?: string
  readonly from?: string
  readonly before?: string
  readonly first: number
}

interface Entry {
  readonly id: string
  readonly at: string
  readonly subject: string
  readonly type: string
  readonly operationName: string | null
  readonly outcome: string
  readonly durationMs: number
  readonly resultHash: string | null
}

const QUERY = `query AuditSearch($filter: AuditFilter, $first: Int) {
  auditLog(filter: $filter, first: $first) {
    edges { node {
      id at subject proof requestId traceId type operationName operation operationHash variables withheld { path reason }
      versions { subgraph name version } unversioned resultHash cost durationMs outcome completes times seq hash
    } }
    pageInfo { hasNextPage }
  }
}`

/** Prints a table for people, or with `json` whole rows, one a line. */
export async function search(client: GraphClient, options: SearchOptions, json: boolean): Promise<void> {
  const { first, operation, request, type, id, subject, outcome, from, before } = options
  const filter = {
    ...{ id, subject, outcome, from, before },
    ...{ operationName: operation, requestId: request, type: type?.toUpperCase() },
  }
  const { auditLog } = await ask<{
    auditLog: { edges: { node: Entry }[]; pageInfo: { hasNextPage: boolean } }
  }>(client, QUERY, { filter, first })
  const rows = auditLog.edges.map(({ node }) => node)
  if (json) return void process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const lines = rows.map((row) => [
    ...[row.id, row.at, printable(row.subject), row.type.toLowerCase(), row.operationName ?? ''],
    ...[row.outcome, row.durationMs, row.resultHash?.slice(0, 12) ?? ''],
  ])
  const header = ['id', 'at', 'subject', 'type', 'operation', 'outcome', 'ms', 'result']
  process.stdout.write(`${table(header, lines)}\n${auditLog.pageInfo.hasNextPage ? 'more: --first, --before\n' : ''}`)
}
