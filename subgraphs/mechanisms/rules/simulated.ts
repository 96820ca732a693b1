// Which mechanisms of a bank are simulated, with what response and what share in their edge.
import type { AssumptionCode } from './assumptions.ts'
import type { Bank, BankNode, MechanismRecord } from './bank.ts'
import { applyModerators } from './moderators.ts'
import { isQuantified, quantify, type NotQuantified, type Response } from './quantify.ts'

export interface Edge {
  readonly mechanism: MechanismRecord
  readonly from: BankNode
  readonly to: BankNode
  /** null where the form gives its own rate. */
  readonly response: Response | null
  /** Share of this record in the effect of its edge: 1 / number of records that speak of it. */
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
export function responseOf(mechanism: MechanismRecord, from: Pick<BankNode, 'exposureShare'>): Response | NotQuantified {
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
  const shares = new Map<string, number>()
  const edgeOf = ({ mechanism }: Edge) => `${mechanism.from} ${mechanism.to}`
  const shared = edges.filter((edge) => edge.response)
  for (const edge of shared) shares.set(edgeOf(edge), (shares.get(edgeOf(edge)) ?? 0) + 1)
  return { edges: edges.map((edge) => (edge.response ? { ...edge, weight: 1 / shares.get(edgeOf(edge))! } : edge)), leftOut }
}

export const hasRate = ({ form }: MechanismRecord): boolean => form?.parameters['a'] !== undefined

function reasonAgainst(mechanism: MechanismRecord, from: BankNode, to: BankNode): LeftOut['reason'] | undefined {
  if (mechanism.status === 'DEPRECATED') return 'DEPRECATED'
  if (mechanism.from === mechanism.to) return 'SELF_INFLUENCE'
  // The economy moves it; what else would is not simulated.
  if (to.macroVariable) return 'EXOGENOUS_TARGET'
  // ln(1 + S) needs S above -1, which only a range can promise; a deviation goes below.
  if (mechanism.form?.name === 'LOGARITHMIC' && !(hasRate(mechanism) && from.min !== null && from.min > -1)) return 'FORM_DOMAIN'
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
    nodes: bank.nodes.map((node) => ({ ...node, assumptions: union(node.assumptions, ofNode(node, stocks.has(node.id))) })),
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
  return edge.weight < 1 ? [...codes, 'PARALLEL_MEAN'] : codes
}

const union = (given: readonly AssumptionCode[], due: readonly AssumptionCode[]) => [...new Set([...given, ...due])]
