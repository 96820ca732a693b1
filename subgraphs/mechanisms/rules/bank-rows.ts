// A bank as rows, and rows as a bank.
import { hashOf } from '../../../schema/hash.ts'
import type { Finding } from '../../shared/types.ts'
import type { BankRow, MechanismRow, NodeRow } from '../store/rows.ts'
import type { BankRows } from '../store.ts'
import { type Bank, type BankNode, bankId, type MechanismRecord } from './bank.ts'
import { simulatedOf, stocksOf } from './simulated.ts'

/** Ids in the graph: bank@version/id. */
const inBank = (bank: string, id: string): string => `${bank}/${id}`

/** The rows of a bank for a tenant; the content hash covers everything but findings and time. */
export function rowsOf(bank: Bank, findings: readonly Finding[], tenant: string, importedAt: Date): BankRows {
  const id = bankId(bank)
  const stocks = stocksOf(simulatedOf(bank).edges)
  return {
    bank: {
      tenant,
      id,
      name: bank.name,
      version: bank.version,
      title: bank.title,
      contentHash: hashOf(bank),
      geography: bank.geography,
      origin: bank.origin,
      nodeCount: bank.nodes.length,
      mechanismCount: bank.mechanisms.length,
      findings,
      importedAt,
    },
    nodes: bank.nodes.map(({ id: key, ...node }) => ({
      ...node,
      tenant,
      id: inBank(id, key),
      bankId: id,
      key,
      stock: stocks.has(key),
    })),
    mechanisms: bank.mechanisms.map(({ id: key, from, to, citations: _, ...mechanism }) => ({
      ...mechanism,
      tenant,
      id: inBank(id, key),
      bankId: id,
      key,
      fromId: inBank(id, from),
      toId: inBank(id, to),
      grade: mechanism.evidence.grade,
    })),
    studies: bank.studies.map((study) => ({ ...study, tenant })),
    citations: bank.mechanisms.flatMap(({ id: key, citations }) =>
      citations.map(({ study, text, role }, position) => ({
        tenant,
        mechanismId: inBank(id, key),
        position,
        studyId: study,
        text,
        role,
      })),
    ),
  }
}

/** What compiling needs of a stored bank: its nodes and mechanisms, without studies and citations. */
export function networkOf(row: BankRow, rows: Pick<BankRows, 'nodes' | 'mechanisms'>): Bank {
  const { name, version, title, geography, origin, id } = row
  return {
    name,
    version,
    title,
    geography,
    origin,
    nodes: rows.nodes.map(nodeOf),
    studies: [],
    mechanisms: rows.mechanisms.map((mechanism) => recordOf(mechanism, id)),
  }
}

function nodeOf({ tenant: _t, bankId: _b, stock: _s, key, ...node }: NodeRow): BankNode {
  return { ...node, id: key }
}

function recordOf(row: MechanismRow, bank: string): MechanismRecord {
  const { tenant: _t, bankId: _b, grade: _g, key, fromId, toId, ...mechanism } = row
  const keyOf = (id: string) => id.slice(bank.length + 1)
  return { ...mechanism, id: key, from: keyOf(fromId), to: keyOf(toId), citations: [] }
}
