// The laws of a question about a population: that of its year, and what each reform makes different of it.
import type { ParameterValues } from '../overlay.ts'
import { type LawValues, ruleInputs } from '../rule-set/rule-inputs.ts'
import type { FormulaChange, RuleSet } from '../rule-set/rule-set.ts'
import type { ImpactPlan } from './impact-plan.ts'
import { lawName, type ReformShape } from './sides.ts'

export interface ReformLaw extends ReformShape {
  readonly values: ParameterValues
}

/** What a reform touches: the parameters of the rules whose values are others by it, in the order of their ids, and its formulas. */
export function reformLaw(
  ruleSet: RuleSet,
  law: ParameterValues,
  values: ParameterValues,
  formulas: readonly FormulaChange[],
): ReformLaw {
  const differs = (id: string) => {
    const [before, after] = [law.get(id), values.get(id)]
    return before !== after && !(before && after?.every((value, i) => value === before[i]))
  }
  const ids = new Set(ruleSet.parameters.map(({ id }) => id))
  return {
    values,
    parameters: [...ids].filter(differs).sort(),
    formulas: formulas.filter((change) => change.ruleSet === ruleSet.id),
  }
}

/** The numbers of all inputs of the plan. BAD_INPUT where a parameter has no value on the day. */
export function impactInputs(
  ruleSet: RuleSet,
  { plan }: ImpactPlan,
  law: ParameterValues,
  reforms: readonly ReformLaw[],
): Record<string, number> {
  const others = reforms.map(({ values }, i): LawValues => ({ name: lawName(i), values }))
  return ruleInputs(ruleSet, plan, [{ name: null, values: law }, ...others])
}
