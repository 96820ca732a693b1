// Which mechanisms of a bank are simulated, with what response and what share in their edge.
import type { AssumptionCode } from './assumptions.ts'
import type { Bank, BankNode, MechanismRecord } from './bank.ts'
import { groupBy } from './group-by.ts'
import { applyModerators } from './moderators.ts'
import { poolFixed } from './pooling.ts'
import { isQuantified, type NotQuantified, quantify, type Response } from './quantify.ts'

export interface Edge {
  readonly mechanism: MechanismRecord
  readonly from: BankNode
  readonly to: BankNode
  /** null where the form gives its own rate. */
  readonly response: Response | null
  /** Share of this record in the effect of its edge; 1 where no other speaks of it. */
  readonly weight: number
}

export interface LeftOut {
  readonly mechanism: MechanismRecord
  readonly reason: 'DEPRECATED' | 'SELF_INFLUENCE' | 'EXOGENOUS_TARGET' | 'FORM_DOMAIN' | 'NO_EFFECT' | 'NOT_COMPARABLE'
}

export interface SimulatedBank {
  readonly edges: readonly Edge[]
  readonly leftOut: readonly LeftOut[]
}

/** The response of a mechanism with its moderators applied, or why it has none. `from` is its source node. */
export function responseOf(
  mechanism: Pick<MechanismRecord, 'effect' | 'sign' | 'evidence' | 'moderators'>,
  from: Pick<BankNode, 'exposureShare'>,
): Response | NotQuantified {
  const response = quantify(mechanism, from.exposureShare)
  if (!isQuantified(response)) return response
  const moderated = applyModerators(response.coefficient, mechanism.moderators)
  return { ...response, coefficient: Math.max(-1, Math.min(1, moderated)) }
}

/** Parts the mechanisms of a bank whose nodes all exist into those that are simulated and those that are not. */
export function simulatedOf(bank: Bank): SimulatedBank {
  const nodes = new Map(bank.nodes.map((node) => [node.id, node]))
  const edges: Edge[] = []
  const leftOut: LeftOut[] = []
  for (const mechanism of bank.mechanisms) {
    const from = nodes.get(mechanism.from)!
    const to = nodes.get(mechanism.to)!
    const reason = reasonAgainst(mechanism, from, to)
    if (reason) {
      leftOut.push({ mechanism, reason })
      continue
    }
    const response = hasRate(mechanism) ? null : responseOf(mechanism, from)
    if (response === null || isQuantified(response)) edges.push({ mechanism, from, to, response, weight: 1 })
    else leftOut.push({ mechanism, reason: mechanism.effect ? 'NOT_COMPARABLE' : 'NO_EFFECT' })
  }
  return { edges: pooled(edges), leftOut }
}

/** Records of one edge and kind share it as the pool of their responses does. */
function pooled(edges: readonly Edge[]): Edge[] {
  const parallel = groupBy(edges, ({ mechanism, response }) =>
    response ? `${mechanism.kind} ${mechanism.from} ${mechanism.to}` : mechanism.id,
  )
  const weights = new Map<Edge, number>()
  for (const group of parallel.values()) {
    if (group.length === 1) continue
    const estimates = group.map(({ response }) => ({
      value: response!.coefficient,
      standardError: response!.standardError,
    }))
    const shares = poolFixed(estimates).weights
    for (const [i, edge] of group.entries()) weights.set(edge, shares[i]!)
  }
  return edges.map((edge) => ({ ...edge, weight: weights.get(edge) ?? 1 }))
}

export const hasRate = ({ form }: MechanismRecord): boolean => form?.parameters['a'] !== undefined

function reasonAgainst(mechanism: MechanismRecord, from: BankNode, to: BankNode): LeftOut['reason'] | undefined {
  if (mechanism.status === 'DEPRECATED') return 'DEPRECATED'
  if (mechanism.from === mechanism.to) return 'SELF_INFLUENCE'
  // The economy moves it; what else would is not simulated.
  if (to.macroVariable) return 'EXOGENOUS_TARGET'
  // ln(1 + S) needs S above -1, which only a range can promise; a deviation goes below.
  if (mechanism.form?.name === 'LOGARITHMIC' && !(hasRate(mechanism) && from.min !== null && from.min > -1))
    return 'FORM_DOMAIN'
  return undefined
}

/** Ids of the nodes that are stocks: influenced by another, or giving something away. */
export function stocksOf(edges: readonly Edge[]): Set<string> {
  const ids = new Set<string>()
  for (const { mechanism, to, from } of edges) {
    ids.add(to.id)
    if (mechanism.kind === 'TRANSFER' && !from.macroVariable) ids.add(from.id)
  }
  return ids
}

/** The bank with every assumption that its simulation makes flagged on the record it is made for. */
export function addAssumptions(bank: Bank): Bank {
  const { edges } = simulatedOf(bank)
  const stocks = stocksOf(edges)
  const byMechanism = new Map(edges.map((edge) => [edge.mechanism.id, edge]))
  return {
    ...bank,
    nodes: bank.nodes.map((node) => ({
      ...node,
      assumptions: union(node.assumptions, ofNode(node, stocks.has(node.id))),
    })),
    mechanisms: bank.mechanisms.map((mechanism) => ({
      ...mechanism,
      assumptions: union(mechanism.assumptions, ofMechanism(mechanism, byMechanism.get(mechanism.id))),
    })),
  }
}

function ofNode(node: BankNode, stock: boolean): AssumptionCode[] {
  const codes: AssumptionCode[] = []
  if (node.initial === null && node.reference === null && node.sd === null) codes.push('LEVEL_STANDARDISED')
  if (!stock) return codes
  if (node.decayPerYear === null) codes.push('DECAY_DEFAULT')
  if (node.min === null || node.max === null) codes.push('RANGE_DEFAULT')
  return [...codes, 'NOISE_NONE']
}

function ofMechanism(mechanism: MechanismRecord, edge: Edge | undefined): AssumptionCode[] {
  const codes: AssumptionCode[] = mechanism.form === null ? ['FORM_LINEAR'] : []
  if (!edge?.response) return codes
  codes.push('RESPONSE_AT_DECAY', ...edge.response.assumptions)
  return edge.weight < 1 ? [...codes, 'PARALLEL_POOLED'] : codes
}

const union = (given: readonly AssumptionCode[], due: readonly AssumptionCode[]) => [...new Set([...given, ...due])]
