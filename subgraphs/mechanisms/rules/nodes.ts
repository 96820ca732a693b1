// The nodes of a bank: those of the canonical list that are used, and those that records declare themselves.
import { nearest } from '../../../schema/nearest.ts'
import type { Finding } from '../../shared/types.ts'
import type { BankNode } from './bank.ts'
import { groupBy } from './group-by.ts'
import type { RecordReader } from './record-reader.ts'

/** A node as a record names it. */
export interface NodeReference {
  readonly id: string
  readonly name: string | null
  /** Marked by the record as not in the canonical list. */
  readonly proposed: boolean
  readonly category: string | null
}

export interface CanonicalNode {
  readonly id: string
  readonly name: string
  readonly level: number | null
}

const PROPOSED = /^NEW:\s*/i

/** Values of a node about which the source says nothing but its name. */
export const bareNode = (id: string, name: string): BankNode => ({
  id,
  name,
  category: null,
  unit: null,
  level: null,
  proposed: false,
  macroVariable: null,
  sd: null,
  exposureShare: null,
  initial: null,
  reference: null,
  min: null,
  max: null,
  decayPerYear: null,
  assumptions: [],
})

/** Reads `key` of a record: `{ node_id, node_name }` or a bare id. Null with an ERROR where it names no node. */
export function readReference(reader: RecordReader, key: string, category: string | null): NodeReference | null {
  const bare = typeof reader.value(key) === 'string'
  const id = bare ? reader.text(key) : reader.required(key, 'node_id')
  if (id === null) return null
  const proposed = PROPOSED.test(id)
  return { id: id.replace(PROPOSED, ''), name: bare ? null : reader.text(key, 'node_name'), proposed, category }
}

/** Reads canonical_nodes.json: an object of `{ id, name, scale }` by id. */
export function readCanonicalNodes(path: string, text: string, findings: Finding[]): CanonicalNode[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch (error) {
    const message = `not JSON: ${(error as Error).message}`
    findings.push({ severity: 'ERROR', code: 'JSON_BROKEN', path, message, suggestion: 'mend the syntax' })
    return []
  }
  return Object.entries(list ?? {}).flatMap(([key, value]) => {
    const { id = key, name, scale } = (value ?? {}) as Record<string, unknown>
    if (typeof id === 'string' && typeof name === 'string')
      return [{ id, name, level: typeof scale === 'number' ? scale : null }]
    const message = `the node "${key}" has no name`
    findings.push({ severity: 'ERROR', code: 'FIELD_MISSING', path, message, suggestion: 'add id and name' })
    return []
  })
}

/**
 * Judges one reference against the canonical list: marked as new (INFO), unlisted but declared with a name (WARNING; ERROR
 * where strict), unlisted and nameless (ERROR).
 */
export function checkReference(
  reference: NodeReference,
  canonical: ReadonlyMap<string, CanonicalNode>,
  declared: ReadonlySet<string>,
  reader: RecordReader,
  key: string,
  strict: boolean,
): void {
  const { id, name, proposed } = reference
  if (canonical.has(id)) {
    if (proposed) reader.note('INFO', 'NODE_NOT_NEW', [key], `"${id}" is in the list of nodes`, 'take NEW: away')
    return
  }
  if (proposed) {
    reader.note(
      'INFO',
      'NODE_NEW',
      [key],
      `"${id}" is proposed as a new node and is added`,
      'add it to the list of nodes',
    )
    return
  }
  const missing = name === null && !declared.has(id)
  if (missing || (strict && canonical.size > 0)) {
    const near = nearest(id, [...canonical.keys()])
    const suggestion = near ? `did you mean "${near}"? Else add the node` : 'add the node to the list of nodes'
    reader.note('ERROR', 'NODE_MISSING', [key], `the node "${id}" is not in the list of nodes`, suggestion)
  } else if (canonical.size > 0) {
    const message = `the node "${id}" is not in the list of nodes; it is added as the record declares it`
    reader.note('WARNING', 'NODE_UNLISTED', [key], message, 'add it to the list of nodes, or mark it NEW:')
  }
}

/** The nodes that are referred to, by id. A node's category is the commonest of the mechanisms that touch it; ties go to the first by name. */
export function collectNodes(
  references: readonly NodeReference[],
  canonical: ReadonlyMap<string, CanonicalNode>,
): BankNode[] {
  return [...groupBy(references, (reference) => reference.id)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, group]) => {
      const listed = canonical.get(id)
      return {
        ...bareNode(id, listed?.name ?? group.find((reference) => reference.name)?.name ?? id),
        category: commonest(group.flatMap((reference) => reference.category ?? [])),
        level: listed?.level ?? null,
        proposed: !listed,
      }
    })
}

function commonest(words: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return first?.[0] ?? null
}
