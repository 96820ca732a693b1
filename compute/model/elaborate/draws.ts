// Random numbers: distributions by name, drawn once or anew at each step.

import { call } from '../build.ts'
import { didYouMean } from '../did-you-mean.ts'
import { DISTRIBUTION_PARAMETERS } from '../distribution-parameters.ts'
import type { Formula } from '../formula/ast.ts'
import type { FunctionKind } from '../formula/functions.ts'
import type { Distribution, Expression, Parameter } from '../model.ts'
import type { SourceDistribution } from '../source/source.ts'
import { type Context, fault, hide, nameUse, type Translate } from './context.ts'

type Call = Extract<Formula, { kind: 'call' }>
type Kind = Distribution['kind']

/** Other names of parameters: those of the functions of the formula language. */
const ALIASES: Readonly<Record<string, string>> = { low: 'min', high: 'max' }

/** The value of a function of family `random`: a new draw at each step. */
export function randomFunction(formula: Call, kind: FunctionKind, context: Context, translate: Translate): Expression {
  const entries = formula.args.map((argument, i) => [kind.parameters[i]!, argument] as const)
  const distribution = distributionOf({ kind: kind.name, parameters: Object.fromEntries(entries) }, context, translate)
  const name = nameUse(context, kind.name.toLowerCase())
  if (!distribution) return { op: 'number', value: 0 }
  return hide(context, name, { kind: 'random', distribution, ...(context.all.time ? { everyStep: true } : {}) })
}

/**
 * A distribution with its parameters translated; null where there is a fault, which is told.
 * normal with bounds is truncatedNormal; logNormal takes mu and sigma of the logarithm, or its own mean and sd:
 * sigma^2 = ln(1 + (sd / mean)^2), mu = ln(mean) - sigma^2 / 2 (Johnson, Kotz & Balakrishnan 1994, 14.3).
 */
export function distributionOf(
  source: SourceDistribution,
  context: Context,
  translate: Translate,
): Distribution | null {
  const given = Object.fromEntries(
    Object.entries(source.parameters).map(([name, formula]) => [ALIASES[name] ?? name, formula]),
  )
  const kind = kindOf(source.kind, given)
  if (kind === undefined) {
    const suggestion = didYouMean(source.kind, Object.keys(DISTRIBUTION_PARAMETERS))
    fault(context, undefined, `there is no distribution ${source.kind}`, suggestion)
    return null
  }
  if (kind === 'empirical') return empirical(source, context)
  const own = kind === 'logNormal' && 'mean' in given
  const wanted = own ? ['mean', 'sd'] : DISTRIBUTION_PARAMETERS[kind]
  if (!checkParameters(kind, wanted, given, context)) return null
  const values: Record<string, Parameter> = {}
  for (const [name, formula] of Object.entries(given)) values[name] = parameter(translate(formula, context))
  if (own) return { kind: 'logNormal', ...momentsOfLogarithm(values['mean']!, values['sd']!) }
  return { kind, ...values } as Distribution
}

function kindOf(name: string, given: object): Kind | undefined {
  const kind = (Object.keys(DISTRIBUTION_PARAMETERS) as Kind[]).find((k) => k.toLowerCase() === name.toLowerCase())
  return kind === 'normal' && ('min' in given || 'max' in given) ? 'truncatedNormal' : kind
}

function checkParameters(kind: Kind, wanted: readonly string[], given: object, context: Context): boolean {
  const names = wanted.map((name) => name.replace('?', ''))
  const missing = wanted.filter((name) => !name.endsWith('?') && !(name in given))
  const strange = Object.keys(given).filter((name) => !names.includes(name))
  for (const name of missing) fault(context, undefined, `${kind} needs ${name}; it takes ${names.join(', ')}`)
  for (const name of strange)
    fault(context, undefined, `${kind} takes ${names.join(', ')}, but no ${name}`, didYouMean(name, names))
  return missing.length === 0 && strange.length === 0
}

const parameter = (e: Expression): Parameter => (e.op === 'number' ? e.value : e)

function momentsOfLogarithm(mean: Parameter, sd: Parameter): { mu: Expression; sigma: Expression } {
  const variation = call('div', sd, mean)
  const variance = call('log', call('add', 1, call('mul', variation, variation)))
  return { mu: call('sub', call('log', mean), call('mul', 0.5, variance)), sigma: call('sqrt', variance) }
}

function empirical({ values, weights }: SourceDistribution, context: Context): Distribution | null {
  if (!values || values.length === 0) fault(context, undefined, 'empirical needs values')
  else if (weights && weights.length !== values.length)
    fault(context, undefined, `empirical has ${values.length} values, but ${weights.length} weights`)
  else return { kind: 'empirical', values, ...(weights ? { weights } : {}) }
  return null
}
