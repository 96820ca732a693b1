// What is worth knowing of a compiled bank: what is not simulated and why, and whether its loops die out.
import type { FunctionalForm } from '../../../schema/terms/mechanism.ts'
import type { Finding } from '../../shared/types.ts'
import { type Bank, bankId } from './bank.ts'
import { loopsOf } from './loop-gain.ts'
import { DEFAULT_RANGE_SD, decayOf, scaleOf } from './node-scale.ts'
import type { Edge, LeftOut, SimulatedBank } from './simulated.ts'

const REASONS: Readonly<Record<LeftOut['reason'], string>> = {
  DEPRECATED: 'are deprecated',
  SELF_INFLUENCE: 'influence their own node',
  EXOGENOUS_TARGET: 'lead to a node that the economy drives',
  FORM_DOMAIN: 'are logarithmic over a source that may fall to -1 and below',
  NO_EFFECT: 'have no effect size',
  NOT_COMPARABLE: 'have an effect that cannot be put on a common scale',
}

const SHOWN = 5

export function findingsOf(bank: Bank, { edges, leftOut }: SimulatedBank): Finding[] {
  const findings: Finding[] = []
  const path = bankId(bank)
  for (const reason of Object.keys(REASONS) as LeftOut['reason'][]) {
    const ids = leftOut.filter((item) => item.reason === reason).map((item) => item.mechanism.id)
    if (ids.length === 0) continue
    const named = ids.slice(0, SHOWN).join(', ') + (ids.length > SHOWN ? ', ...' : '')
    const message = `${ids.length} of ${bank.mechanisms.length} mechanisms ${REASONS[reason]} and are not simulated: ${named}`
    findings.push({ severity: 'INFO', code: `LEFT_OUT_${reason}`, path, message })
  }
  if (!edges.some((edge) => edge.from.macroVariable))
    findings.push({
      severity: 'WARNING',
      code: 'NO_MACRO_NODE',
      path,
      message: 'no simulated node follows a macro variable: the economy does not move this network',
      suggestion: 'give a node its macro_variable, or put shocks on the exogenous nodes',
    })
  for (const loop of loopsOf(edges.map(gainOf)))
    if (loop.gain >= 1)
      findings.push({
        severity: 'WARNING',
        code: 'LOOP_GAIN',
        path: `${path}/${loop.nodes[0]}`,
        message: `the loop of ${loop.nodes.join(', ')} may grow: its gain reaches ${loop.gain.toFixed(2)}; the range of the nodes holds it`,
        suggestion: 'look at the effects of this loop',
      })
  return findings
}

/** Upper end of the response's size: estimate and 1.96 standard errors, at most 1. Steepest slope of the form. */
function gainOf({ mechanism, from, to, response, weight }: Edge): { from: string; to: string; gain: number } {
  const { name, parameters } = mechanism.form ?? { name: 'LINEAR', parameters: {} }
  const size = response
    ? weight * Math.min(1, Math.abs(response.coefficient) + 1.96 * response.standardError)
    : Math.abs(parameters['a']! * scaleOf(from)) / (decayOf(to) * scaleOf(to) || 1)
  return { from: from.id, to: to.id, gain: size * steepest(name, parameters) }
}

/** Largest slope of a form with a = 1, over the default range. */
function steepest(name: FunctionalForm, parameters: Readonly<Record<string, number>>): number {
  if (name === 'SIGMOID') return Math.abs(parameters['L']! * parameters['k']!) / 4
  return name === 'DAMPENING' ? 1 + DEFAULT_RANGE_SD / Math.abs(parameters['Tmax']!) : 1
}
