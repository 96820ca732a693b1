// quesnay audit verify: whether the rows of the audit are those that were written.
import { type ChainReport, verifyChains } from '../../gateway/audit/verify.ts'
import type { Store } from '../../infra/store/port.ts'
import { table } from '../output/table.ts'

/** The exit code is 1 where a chain is broken. */
export async function verifyAudit(store: Store, tenant: string | undefined, json: boolean): Promise<void> {
  const reports = await verifyChains(store, tenant)
  if (reports.some(({ broken }) => broken)) process.exitCode = 1
  process.stdout.write(`${json ? JSON.stringify({ chains: reports }) : describeChains(reports)}\n`)
}

function describeChains(reports: readonly ChainReport[]): string {
  if (reports.length === 0) return 'the audit has no rows'
  const rows = reports.map(({ tenant, type, rows: count, deleted, head, broken }) => [
    ...[tenant, type, count, deleted, `${head.seq}:${head.hash}`],
    broken ? `BROKEN at ${broken.seq}: ${broken.kind}${broken.id ? ` (row ${broken.id})` : ''}` : 'whole',
  ])
  return table(['tenant', 'type', 'rows', 'let go', 'head', 'chain'], rows)
}
