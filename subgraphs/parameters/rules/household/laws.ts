// The laws of a question: that of its year as it is, and beside it that of a reform.

import { lawOn, type ParameterValues, type ReformChange, reformedOn } from '../overlay.ts'
import { dayOf } from '../rule-set/rule-inputs.ts'
import type { FormulaChange, RuleSet } from '../rule-set/rule-set.ts'
import type { Tree } from '../tree.ts'

export interface ReformedLaw {
  readonly id: string
  readonly title: string
  /** Those that hold on the day. */
  readonly changes: readonly ReformChange[]
  /** Those of the rule set. */
  readonly formulas: readonly FormulaChange[]
  readonly values: ParameterValues
}

export interface Laws {
  readonly ruleSet: RuleSet
  readonly year: number
  /** The day whose law counts. */
  readonly day: string
  /** The day as of which the law was known; undefined: now. */
  readonly knownAt: string | undefined
  readonly tree: Pick<Tree, 'parameters'>
  readonly values: ParameterValues
  readonly reform: ReformedLaw | null
}

/** What a reform is, stored or not. */
export interface ReformContent {
  readonly id: string
  readonly title: string
  readonly changes: readonly ReformChange[]
  readonly formulas?: readonly FormulaChange[]
}

/** The laws of a year. BAD_INPUT at `path` where the rules are not for it. */
export function lawsOf(
  ruleSet: RuleSet,
  tree: Pick<Tree, 'parameters'>,
  { year, knownAt, reform }: { year: number; knownAt?: string | undefined; reform?: ReformContent | undefined },
  path: string,
): Laws {
  const day = dayOf(ruleSet, year, path)
  const values = lawOn(tree, day, knownAt)
  return {
    ruleSet,
    year,
    day,
    knownAt,
    tree,
    values,
    reform: reform ? reformed(ruleSet, values, reform, day) : null,
  }
}

function reformed(ruleSet: RuleSet, law: ParameterValues, reform: ReformContent, day: string): ReformedLaw {
  const { id, title, changes, formulas = [] } = reform
  return {
    id,
    title,
    changes: changes.filter(({ from, to }) => from <= day && (to === null || day <= to)),
    formulas: formulas.filter((change) => change.ruleSet === ruleSet.id),
    values: reformedOn(law, changes, day),
  }
}
