// Marginal rates of units: what is left of a step of earnings, under each law.
import { call, expression } from '../../../../compute/model/build.ts'
import type { Expression } from '../../../../compute/model/model.ts'
import { MarginalEarner, MarginalWeight } from '../../../../schema/terms/population.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import { type Measure, type Measures, own } from './measures.ts'
import type { ImpactOptions } from './options.ts'
import type { LawSides } from './sides.ts'

export interface MarginalRates {
  /** What rates are averaged with: earnings of the one that the step raises, or 1 for those who have any. */
  readonly weight: string
  /** The rate under a law, before anyone behaves differently: 1 - (change of net income) / step. */
  at(sides: LawSides): string
  /** The rate times its weight. */
  weighted(sides: LawSides): string
}

/** undefined where the options ask for none. */
export function marginalRates(
  ruleSet: RuleSet,
  { step, earner, marginalWeight }: ImpactOptions,
  measures: Measures,
  netIncome: Measure,
): MarginalRates | undefined {
  if (step === null) return undefined
  const earnings = raisedOf(ruleSet.population.earnings, earner)
  const byEarnings = marginalWeight === MarginalWeight.EARNINGS
  const weight = measures.add(
    own('weight of marginal rates'),
    byEarnings ? ruleSet.currency : 'fraction',
    byEarnings ? call('max', 0, earnings) : call('lt', 0, earnings),
  )
  const at = ({ law, step: raised }: LawSides) => {
    const kept = call('div', call('sub', netIncome(raised), netIncome(law)), step)
    return measures.add(own('marginal rate', law), 'fraction', call('sub', 1, kept))
  }
  const weighted = (sides: LawSides) =>
    measures.add(own('weighted marginal rate', sides.law), 'fraction', call('mul', at(sides), weight))
  return { weight, at, weighted }
}

/** Earnings of the one that the step raises. */
function raisedOf(earnings: readonly string[], earner: MarginalEarner): Expression {
  const [first, ...others] = earnings
  if (earner === MarginalEarner.FIRST) return expression(first!)
  return others.reduce<Expression>((most, name) => call('max', most, name), expression(first!))
}
