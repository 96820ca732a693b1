// From a bank to a model: nodes that are influenced become stocks, the others exogenous series, effects random parameters.
import { call, sum, type Term } from '../../../compute/model/build.ts'
import type { Expression, FunctionName, Model, Variable } from '../../../compute/model/model.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { FORM_PARAMETERS } from '../../../schema/terms/mechanism.ts'
import type { Finding } from '../../shared/types.ts'
import { type Bank, type BankNode, bankId } from './bank.ts'
import { findingsOf } from './compile-findings.ts'
import { decayOf, rangeOf, referenceOf, scaleOf, unitOf } from './node-scale.ts'
import { type Edge, hasRate, simulatedOf, stocksOf } from './simulated.ts'

/** Version of these rules: models compiled by others are compiled anew. */
export const COMPILER = 'compile-bank@1'

export interface CompiledBank {
  /** Without time: whoever simulates it sets that. Time is in years; its outputs are all stocks. */
  readonly model: Model
  readonly stocks: number
  readonly mechanisms: number
  readonly findings: readonly Finding[]
}

/**
 * Compiles a bank.
 *
 * A stock T follows dT/dt = delta (sd_T sum_i w_i f_i(z_i) - (T - T_ref)) + rates: an effect of r standard deviations per
 * standard deviation moves the level that T decays to by r, so the response arrives at the rate delta. z is the deviation of
 * a source from its reference in standard deviations; a form with its own slope `a` is a rate, in the unit of T per year.
 * Effects are truncated normals that keep their sign. A node driven by a macro variable takes the deviation of that variable
 * from baseline, in the variable's unit.
 * @throws MODEL_INVALID where no mechanism can be simulated
 */
export function compileBank(bank: Bank): CompiledBank {
  const simulated = simulatedOf(bank)
  const { edges } = simulated
  if (edges.length === 0)
    throw new QuesnayError('MODEL_INVALID', `no mechanism of ${bankId(bank)} can be simulated`, {
      path: bankId(bank),
      suggestion: 'import a bank whose mechanisms have effects; see the findings of this one',
    })
  const stocks = stocksOf(edges)
  const touched = new Set(edges.flatMap(({ from, to }) => [from.id, to.id]))
  const nodes = bank.nodes.filter((node) => touched.has(node.id))
  const provenance = (id: string) => `${bankId(bank)}/${id}`
  const variables: Variable[] = [
    ...nodes.filter((node) => !stocks.has(node.id)).map((node) => seriesOf(node, provenance(node.id))),
    ...nodes.filter((node) => edges.some((edge) => edge.response && usesDeviation(edge, node))).flatMap(deviationOf),
    ...edges.flatMap((edge) => effectOf(edge, provenance(edge.mechanism.id))),
    ...edges.filter((edge) => edge.mechanism.kind === 'TRANSFER').map(transferOf),
    ...nodes.filter((node) => stocks.has(node.id)).map((node) => stockOf(node, edges, provenance(node.id))),
  ]
  return {
    model: {
      name: bankId(bank),
      variables,
      tables: {},
      outputs: nodes.flatMap(({ id }) => (stocks.has(id) ? [id] : [])),
    },
    stocks: stocks.size,
    mechanisms: edges.length,
    findings: findingsOf(bank, simulated),
  }
}

const isStandardised = (node: BankNode): boolean => referenceOf(node) === 0 && scaleOf(node) === 1

const effectName = ({ mechanism }: Edge) => `effect:${mechanism.id}`
const flowName = ({ mechanism }: Edge) => `flow:${mechanism.id}`
const deviationName = (node: BankNode) => (isStandardised(node) ? node.id : `deviation:${node.id}`)

function seriesOf(node: BankNode, provenance: string): Variable {
  const macro = node.macroVariable ? { macroVariable: node.macroVariable } : {}
  return {
    kind: 'series',
    name: node.id,
    unit: unitOf(node),
    default: node.initial ?? referenceOf(node),
    ...macro,
    provenance,
  }
}

function usesDeviation({ from, to, mechanism }: Edge, node: BankNode): boolean {
  return (
    from.id === node.id || (to.id === node.id && FORM_PARAMETERS[mechanism.form?.name ?? 'LINEAR'].includes('Tmax'))
  )
}

function deviationOf(node: BankNode): Variable[] {
  if (isStandardised(node)) return []
  const equation = call('mul', call('sub', node.id, referenceOf(node)), 1 / scaleOf(node))
  return [{ kind: 'auxiliary', name: deviationName(node), unit: 'SD', equation }]
}

function effectOf(edge: Edge, provenance: string): Variable[] {
  if (!edge.response) return []
  const { coefficient: mean, standardError: sd } = edge.response
  const named = { name: effectName(edge), unit: 'SD/SD', provenance }
  if (sd === 0) return [{ kind: 'constant', ...named, value: mean }]
  // A moderator may have turned the sign of the record.
  const negative = mean === 0 ? edge.mechanism.sign === 'NEGATIVE' : mean < 0
  const [min, max] = negative ? [-1, 0] : [0, 1]
  return [{ kind: 'random', ...named, distribution: { kind: 'truncatedNormal', mean, sd, min, max } }]
}

const FORM_FUNCTIONS = {
  LINEAR: 'linear',
  SIGMOID: 'sigmoid',
  LOGARITHMIC: 'logarithmic',
  SATURATING: 'saturating',
  THRESHOLD: 'threshold',
  DAMPENING: 'dampening',
} as const satisfies Record<string, FunctionName>

/** f(a, S, ...): with an effect on deviations, with a rate on levels. */
function formOf({ mechanism, from, to, response }: Edge, a: Term): Expression {
  const { name, parameters } = mechanism.form ?? { name: 'LINEAR', parameters: {} }
  const [source, target] = response ? [deviationName(from), deviationName(to)] : [guarded(from), to.id]
  const numbers = FORM_PARAMETERS[name].map((key) => parameters[key]!)
  const terms =
    name === 'SATURATING' || name === 'DAMPENING' ? [a, source, target, ...numbers] : [a, source, ...numbers]
  return call(FORM_FUNCTIONS[name], ...terms)
}

/** A source with a lower bound keeps it, also where a shock would take an exogenous one below. */
const guarded = (node: BankNode): Term => (node.min === null ? node.id : call('max', node.id, node.min))

/** What the level that the target decays to is moved by, in the unit of the target. */
function pullOf(edge: Edge): Expression {
  const factor = edge.weight * scaleOf(edge.to)
  const form = formOf(edge, effectName(edge))
  return factor === 1 ? form : call('mul', form, factor)
}

/** Unit of the target per year. */
function rateOf(edge: Edge): Expression {
  return hasRate(edge.mechanism)
    ? formOf(edge, edge.mechanism.form!.parameters['a']!)
    : call('mul', pullOf(edge), decayOf(edge.to))
}

function transferOf(edge: Edge): Variable {
  return { kind: 'auxiliary', name: flowName(edge), unit: `${unitOf(edge.to)}/year`, equation: rateOf(edge) }
}

function stockOf(node: BankNode, edges: readonly Edge[], provenance: string): Variable {
  const incoming = edges.filter((edge) => edge.to.id === node.id)
  const pulls = incoming.filter((edge) => edge.response && edge.mechanism.kind === 'INFLUENCE').map(pullOf)
  const rates: Term[] = incoming
    .filter((edge) => !edge.response || edge.mechanism.kind === 'TRANSFER')
    .map((edge) => (edge.mechanism.kind === 'TRANSFER' ? flowName(edge) : rateOf(edge)))
  const leaving = edges.filter((edge) => edge.from.id === node.id && edge.mechanism.kind === 'TRANSFER')
  const reference = referenceOf(node)
  const level: Term = reference === 0 ? node.id : call('sub', node.id, reference)
  const decay = call('mul', pulls.length > 0 ? call('sub', sum(pulls), level) : call('neg', level), decayOf(node))
  return {
    kind: 'stock',
    name: node.id,
    unit: unitOf(node),
    provenance,
    initial: { op: 'number', value: node.initial ?? reference },
    flow: sum([decay, ...rates, ...leaving.map((edge) => call('neg', flowName(edge)))]),
    ...rangeOf(node),
  }
}
