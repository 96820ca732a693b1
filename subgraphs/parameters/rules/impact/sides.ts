// The laws and data that a question about a population computes side by side: the law, each reform, earnings raised, earnings that respond.
import { call } from '../../../../compute/model/build.ts'
import type { Expression } from '../../../../compute/model/model.ts'
import { MarginalEarner } from '../../../../schema/terms/population.ts'
import type { OtherLaw, Side } from '../rule-set/rule-model.ts'
import type { FormulaChange, RuleSet } from '../rule-set/rule-set.ts'
import { type Measures, own } from './measures.ts'
import type { ImpactOptions } from './options.ts'

/** What a reform touches in the year asked, apart from the values that it sets. */
export interface ReformShape {
  /** Ids of the parameters whose values differ from the law's. */
  readonly parameters: readonly string[]
  readonly formulas: readonly FormulaChange[]
}

/** Sides of one law, by name; undefined: it changes nothing, and what the law as it stands has is its own. */
export interface LawSides {
  /** Before anyone behaves differently. */
  readonly law: string | undefined
  /** With earnings raised by the step. */
  readonly step: string | undefined
  /** What the answer is read from: with earnings that respond, or the law itself. */
  readonly final: string | undefined
}

export interface ImpactSides {
  readonly sides: readonly Side[]
  readonly baseline: LawSides
  readonly reforms: readonly LawSides[]
}

/** Name of a law; of its parameters too, so that equal reforms make equal plans. */
export const lawName = (reform: number): string => `reform ${reform + 1}`
const STEP = 'step'
const stepOf = (reform: number) => `step ${reform + 1}`
const responseSide = (reform: number) => `response ${reform + 1}`

/** The factor that earnings respond by to a reform. */
export const responseName = (reform: number): string => own(`response ${reform + 1}`)

/**
 * A net-of-tax rate below this is that of a cliff within the step: the response is computed as if it were this one, since the
 * ratio of two rates near nothing says nothing.
 */
export const LEAST_NET_OF_TAX_RATE = 0.1

/** Every side that the options ask for, those that others read first. */
export function impactSides(ruleSet: RuleSet, reforms: readonly ReformShape[], options: ImpactOptions): ImpactSides {
  const { step, elasticity, earner } = options
  const raised = step === null ? undefined : raisedEarnings(ruleSet.population.earnings, step, earner)
  const sides: Side[] = raised ? [{ name: STEP, law: null, data: raised }] : []
  const laws = reforms.map(({ parameters, formulas }, i): LawSides => {
    const baseline: LawSides = { law: undefined, step: raised && STEP, final: undefined }
    if (parameters.length + formulas.length === 0) return baseline
    const name = lawName(i)
    const law: OtherLaw = { name, parameters, formulas }
    sides.push({ name, law })
    if (raised) sides.push({ name: stepOf(i), law, data: raised })
    if (elasticity === null) return { law: name, step: raised && stepOf(i), final: name }
    sides.push({ name: responseSide(i), law, data: responding(ruleSet.population.earnings, i) })
    return { law: name, step: stepOf(i), final: responseSide(i) }
  })
  return { sides, baseline: { law: undefined, step: raised && STEP, final: undefined }, reforms: laws }
}

/** Each earner's earnings, of one of them with the step: the first, or the one who earns most, of equals the first. */
function raisedEarnings(earnings: readonly string[], step: number, earner: MarginalEarner): Record<string, Expression> {
  if (earner === MarginalEarner.FIRST) return { [earnings[0]!]: call('add', earnings[0]!, step) }
  return Object.fromEntries(
    earnings.map((name, i) => {
      const most = earnings
        .filter((other) => other !== name)
        .map((other) => (earnings.indexOf(other) < i ? call('lt', other, name) : call('le', other, name)))
        .reduce<Expression | undefined>((all, one) => (all ? call('and', all, one) : one), undefined)
      const more = call('add', name, step)
      return [name, most ? call('select', most, more, name) : more]
    }),
  )
}

const responding = (earnings: readonly string[], reform: number) =>
  Object.fromEntries(earnings.map((name) => [name, call('mul', name, responseName(reform))]))

/**
 * Adds the factor that earnings respond by: 1 + e (n1 / n0 - 1), n the net-of-tax rate (1 less the marginal rate) of the reform and of the
 * law (Saez, Slemrod and Giertz 2012, JEL 50(1), 2.1, to the first order). Never below 0.
 * @param rates the marginal rates of the law and of the reform
 */
export function addResponse(
  measures: Measures,
  reform: number,
  rates: { readonly law: string; readonly reform: string },
  elasticity: number,
): void {
  const net = (rate: string) => call('max', call('sub', 1, rate), LEAST_NET_OF_TAX_RATE)
  const change = call('sub', call('div', net(rates.reform), net(rates.law)), 1)
  measures.add(responseName(reform), 'fraction', call('max', 0, call('add', 1, call('mul', elasticity, change))))
}
