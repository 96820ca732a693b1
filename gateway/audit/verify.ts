// Walks the chains of the audit and finds the first row that is not what was written.
import type { Store } from '../../infra/store/port.ts'
import { sha256 } from '../../schema/hash.ts'
import { type AuditType, type Link, linkAfter } from './chain.ts'
import { readAfter } from './read-entries.ts'

export interface Break {
  readonly seq: number
  /** Id of the row; null where there is none. */
  readonly id: string | null
  /** ALTERED, MISSING (a row between others, or at the beginning or end), TEXT_ALTERED (of its operation). */
  readonly kind: 'ALTERED' | 'MISSING' | 'TEXT_ALTERED'
}

export interface ChainReport {
  readonly tenant: string
  readonly type: AuditType
  /** Rows that stand, and that were deleted because their time had come. */
  readonly rows: number
  readonly deleted: number
  /** What the chain ends with: written down elsewhere, it shows later whether the whole chain was made anew. */
  readonly head: Link
  readonly broken: Break | null
}

interface ChainRow {
  readonly tenant: string
  readonly type: AuditType
  readonly seq: string
  readonly hash: string
  readonly deleted_seq: string
  readonly deleted_hash: string
}

const PAGE = 1_000

/** One report for each chain of the tenant, or of all. Each is read in one snapshot. Errors: STORE_UNAVAILABLE. */
export async function verifyChains(store: Store, tenant?: string): Promise<ChainReport[]> {
  const chains = await store.query<{ tenant: string; type: AuditType }>(
    'select tenant, type from gateway.audit_chain where $1::text is null or tenant = $1 order by tenant, type',
    [tenant ?? null],
  )
  const reports: ChainReport[] = []
  for (const chain of chains) reports.push(await verifyChain(store, chain.tenant, chain.type))
  return reports
}

function verifyChain(store: Store, tenant: string, type: AuditType): Promise<ChainReport> {
  return store.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only')
    const [chain] = await sql.query<ChainRow>('select * from gateway.audit_chain where tenant = $1 and type = $2', [
      tenant,
      type,
    ])
    const { seq, hash, deleted_seq, deleted_hash } = chain!
    const head = { seq: Number(seq), hash }
    let at: Link = { seq: Number(deleted_seq), hash: deleted_hash }
    const report = { tenant, type, deleted: at.seq, head }
    const texts = new Map<string, boolean>()
    const textHolds = (operationHash: string, text: string | undefined) => {
      const known = texts.get(operationHash)
      if (known !== undefined) return known
      const holds = text !== undefined && sha256(text) === operationHash
      texts.set(operationHash, holds)
      return holds
    }
    let rows = 0
    for (;;) {
      const page = await readAfter(sql, tenant, type, at.seq, PAGE)
      for (const { entry, link, text } of page) {
        rows++
        const expected = linkAfter(at, entry)
        const found = (kind: Break['kind'], place = link.seq, id: string | null = entry.id) => ({
          ...{ ...report, rows },
          broken: { seq: place, id, kind },
        })
        if (link.seq !== expected.seq) return found('MISSING', expected.seq, null)
        if (link.hash !== expected.hash) return found('ALTERED')
        if (type !== 'invalid' && !textHolds(entry.operationHash, text)) return found('TEXT_ALTERED')
        at = expected
      }
      if (page.length < PAGE) break
    }
    const ends = at.seq === head.seq && at.hash === head.hash
    return { ...report, rows, broken: ends ? null : { seq: at.seq + 1, id: null, kind: 'MISSING' } }
  })
}
