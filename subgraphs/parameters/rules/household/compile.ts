// The plan of a question about units: the rules under its laws, down to the results that were asked for.
import { LRUCache } from 'lru-cache'
import { lower } from '../../../../compute/model/lowering/lower.ts'
import type { Plan } from '../../../../compute/model/plan.ts'
import { hashOf } from '../../../../schema/hash.ts'
import { type LawValues, ruleInputs } from '../rule-set/rule-inputs.ts'
import { type RuleModel, ruleModel, withOutputs } from '../rule-set/rule-model.ts'
import type { Laws } from './laws.ts'

/** One of the two laws of a question. */
export const LawSide = { BASELINE: 'BASELINE', REFORM: 'REFORM' } as const
export type LawSide = (typeof LawSide)[keyof typeof LawSide]

/** Name of the reform's side in models and plans, whatever the reform: equal changes have equal plans. */
export const REFORM = 'reform'

export interface Compiled extends RuleModel {
  readonly key: string
}

/** Columns that are the same in all units, by name; see ruleModel. */
export type Constants = Readonly<Record<string, number>>

// A plan of all US rules is some 100 kB; what people ask again and again are few.
const models = new LRUCache<string, Compiled>({ max: 32 })
const plans = new LRUCache<string, Plan>({ max: 256 })

/** The rules under the laws; kept for the next question of the same form. Errors: those of withFormulas. */
export function compile({ ruleSet, reform }: Laws, constants: Constants = {}): Compiled {
  const law = reform && {
    name: REFORM,
    parameters: [...new Set(reform.changes.map(({ parameter }) => parameter))].sort(),
    formulas: reform.formulas,
  }
  const key = hashOf({ rules: ruleSet.hash, law, constants })
  const known = models.get(key)
  if (known) return known
  const compiled = { ...ruleModel(ruleSet, law ? [{ name: REFORM, law }] : [], constants), key }
  models.set(key, compiled)
  return compiled
}

/** The plan that gives the outputs, variables of the compiled model, and nothing else. */
export function planOf({ model, key }: Compiled, outputs: readonly string[]): Plan {
  const sorted = [...new Set(outputs)].sort()
  const planKey = hashOf({ key, outputs: sorted })
  const known = plans.get(planKey)
  if (known) return known
  const plan = lower(withOutputs(model, sorted, 'outputs'))
  plans.set(planKey, plan)
  return plan
}

/** The inputs of a plan under the laws. BAD_INPUT where a parameter has no value. */
export function inputsOf({ ruleSet, values, reform }: Laws, plan: Plan): Record<string, number> {
  const laws: LawValues[] = [{ name: null, values }]
  return ruleInputs(ruleSet, plan, reform ? [...laws, { name: REFORM, values: reform.values }] : laws)
}
