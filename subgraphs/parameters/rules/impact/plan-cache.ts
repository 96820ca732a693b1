// Plans of questions about populations, kept: a new value of a parameter, another year or another population needs no new one.
import { LRUCache } from 'lru-cache'
import { hashOf } from '../../../../schema/hash.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import type { PopulationShape } from './impact-model.ts'
import { type ImpactPlan, impactPlan } from './impact-plan.ts'
import type { ImpactOptions } from './options.ts'
import type { ReformShape } from './sides.ts'

const plans = new LRUCache<string, ImpactPlan>({ max: 64 })

/** As impactPlan, which it calls where the plan is not known. */
export function cachedPlan(
  ruleSet: RuleSet,
  reforms: readonly ReformShape[],
  options: ImpactOptions,
  shape: PopulationShape,
): ImpactPlan {
  const key = hashOf({ ruleSet: ruleSet.hash, reforms, options, shape })
  const known = plans.get(key)
  if (known) return known
  const plan = impactPlan(ruleSet, reforms, options, shape)
  plans.set(key, plan)
  return plan
}
