// What the resolvers of mechanisms share: their context, rows as objects of the graph, and pages of them.
import type DataLoader from 'dataloader'
import { QuesnayError } from '../../../schema/errors.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { SubgraphContext } from '../../shared/context.ts'
import type { Finding, Severity } from '../../shared/types.ts'
import { noBank } from '../compiled-models.ts'
import type { MechanismsLoaders } from '../loaders.ts'
import { ASSUMPTIONS, type AssumptionCode } from '../rules/assumptions.ts'
import { groupBy } from '../rules/group-by.ts'
import { decayOf, rangeOf, referenceOf, scaleOf, unitOf } from '../rules/node-scale.ts'
import type { MechanismRow, NodeRow } from '../store/rows.ts'
import type { IdPage, MechanismFilter, MechanismsStore, OwnerKind } from '../store.ts'
import type { MechanismBank } from '../types/bank.ts'
import type { Mechanism } from '../types/mechanism.ts'
import type { Node } from '../types/node.ts'
import type { FindingCount, MechanismAssumption } from '../types/shared.ts'

export type Context = SubgraphContext<MechanismsStore, MechanismsLoaders>

const assumptionsOf = (codes: readonly AssumptionCode[]): MechanismAssumption[] =>
  codes.map((code) => ({ code, text: ASSUMPTIONS[code] }))

export function viewNode(row: NodeRow): Node {
  const initial = row.initial ?? referenceOf(row)
  return {
    ...row,
    unit: unitOf(row),
    standardDeviation: scaleOf(row),
    initial,
    reference: referenceOf(row),
    decayPerYear: row.stock ? decayOf(row) : null,
    range: row.stock ? rangeOf(row) : null,
    assumptions: assumptionsOf(row.assumptions),
  }
}

function viewMechanism(row: MechanismRow): Mechanism {
  const { name, parameters } = row.form ?? { name: 'LINEAR', parameters: {} }
  return {
    ...row,
    form: { name, parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, value })) },
    assumptions: assumptionsOf(row.assumptions),
  }
}

/** @throws NOT_FOUND */
export async function requireBank(context: Context, id: string, path: string): Promise<MechanismBank> {
  const row = await context.loaders.bank.load(id)
  if (row) return row
  throw noBank(id, path)
}

/** @throws NOT_FOUND */
export async function requireNode(context: Context, id: string, path: string): Promise<Node> {
  const row = await context.loaders.node.load(id)
  if (row) return viewNode(row)
  throw new QuesnayError('NOT_FOUND', `no node "${id}"`, { path, suggestion: 'ids are bank@version/node' })
}

/** @throws NOT_FOUND */
export async function requireMechanism(context: Context, id: string, path: string): Promise<Mechanism> {
  const row = await context.loaders.mechanism.load(id)
  if (row) return viewMechanism(row)
  throw new QuesnayError('NOT_FOUND', `no mechanism "${id}"`, { path, suggestion: 'ids are bank@version/mechanism' })
}

export interface ListArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

export const pageArgs = ({ first, after }: ListArgs) => ({ first: pageSize(first), after: keyOfCursor(after) })

/** The objects of a page of ids, through their loader. */
export async function pageOfIds<Row extends { id: string }, T extends { id: string }>(
  { ids, totalCount }: IdPage,
  first: number,
  loader: DataLoader<string, Row | undefined>,
  view: (row: Row) => T,
): Promise<Page<T>> {
  const page = pageOf(ids, first, totalCount, (id) => id)
  const rows = await Promise.all(page.edges.map(({ node }) => loader.load(node)))
  return { ...page, edges: page.edges.map((edge, i) => ({ cursor: edge.cursor, node: view(rows[i]!) })) }
}

export async function mechanismPage(
  context: Context,
  kind: OwnerKind,
  owner: string,
  filter: MechanismFilter,
  list: ListArgs,
): Promise<Page<Mechanism>> {
  const page = pageArgs(list)
  const ids = await context.loaders.mechanismPage.load({ kind, owner, filter, page })
  return pageOfIds(ids, page.first, context.loaders.mechanism, viewMechanism)
}

export interface FindingFilter {
  readonly severity?: Severity | null | undefined
  readonly code?: string | null | undefined
}

export const selectFindings = (findings: readonly Finding[], { severity, code }: FindingFilter): Finding[] =>
  findings.filter((finding) => (!severity || finding.severity === severity) && (!code || finding.code === code))

const SEVERITIES: readonly Severity[] = ['ERROR', 'WARNING', 'INFO']

/** By gravity, then by code. */
export function countFindings(findings: readonly Finding[]): FindingCount[] {
  const groups = groupBy(findings, ({ severity, code }) => `${SEVERITIES.indexOf(severity)} ${code}`)
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ severity: group[0]!.severity, code: group[0]!.code, count: group.length }))
}
