// Formulas that a reform puts in the place of rules: checked, and put there.
import { checkModel } from '../../../../compute/model/check/check.ts'
import { elaborate } from '../../../../compute/model/elaborate/elaborate.ts'
import { canonicalName, type Formula } from '../../../../compute/model/formula/ast.ts'
import { parseFormula } from '../../../../compute/model/formula/parse-formula.ts'
import type { Equation, SourceModel, SourceVariable } from '../../../../compute/model/source/source.ts'
import { isQuesnayError, QuesnayError } from '../../../../schema/errors.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { elementsOf, nameKey } from './names.ts'
import type { FormulaChange, Rule, RuleSet } from './rule-set.ts'

type RuleVariable = Extract<SourceVariable, { kind: 'auxiliary' | 'flow' }>

/**
 * Sees that formulas can take the place of rules: the rule is there, the formula is one, its names stand for something and its unit
 * is the rule's, no circle arises. Errors, each with `path` below the path given: NOT_FOUND (rule), BAD_INPUT (formula, units, circle).
 */
export function checkFormulaChanges(ruleSet: RuleSet, changes: readonly FormulaChange[], path: string): void {
  const names = changes.map(({ variable }) => nameKey(variable))
  const twice = names.findIndex((name, i) => names.indexOf(name) < i)
  if (twice >= 0)
    throw new QuesnayError('BAD_INPUT', `the formula of ${changes[twice]!.variable} is changed twice`, {
      path: `${path}.${twice}.variable`,
      suggestion: 'keep one of the two',
    })
  for (const [i, change] of changes.entries()) withFormula(ruleSet, ruleSet.source, change, `${path}.${i}`)
  try {
    checkModel(elaborate(withFormulas(ruleSet, changes)).model)
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    const faults = (error.detail['faults'] ?? []) as { path?: string }[]
    const where = ruleOf(faults[0]?.path ?? String(error.detail['path'] ?? ''))
    const at = changes.length === 1 ? 0 : changes.findIndex(({ variable }) => ruleOf(variable) === where)
    throw new QuesnayError('BAD_INPUT', error.message, {
      ...error.detail,
      path: at < 0 ? path : `${path}.${at}.formula`,
    })
  }
}

/** The source of a rule set with formulas in the place of rules. Errors: as checkFormulaChanges. */
export function withFormulas(ruleSet: RuleSet, changes: readonly FormulaChange[]): SourceModel {
  return changes
    .filter((change) => change.ruleSet === ruleSet.id)
    .reduce((source, change) => withFormula(ruleSet, source, change, change.variable), ruleSet.source)
}

function withFormula(ruleSet: RuleSet, source: SourceModel, change: FormulaChange, path: string): SourceModel {
  const name = ruleOf(change.variable)
  const rule = ruleSet.rules.find((one) => canonicalName(one.name) === name)
  const old = source.variables.find((one) => canonicalName(one.name) === name)
  const isElement = nameKey(change.variable) !== name
  if (!rule || !old || !('equation' in old) || (isElement && !hasElement(rule, change.variable))) {
    const like = nearest(
      change.variable,
      ruleSet.rules.flatMap((one) => [one.name, ...one.elements]),
    )
    throw new QuesnayError('NOT_FOUND', `${ruleSet.id} has no rule "${change.variable.slice(0, 120)}"`, {
      path: `${path}.variable`,
      suggestion: like === undefined ? 'see the variables of the rule set' : `did you mean "${like}"?`,
    })
  }
  const formula = formulaOf(change, path)
  const { graph: _graph, ...rest } = old as RuleVariable
  const equation: Equation = isElement
    ? { kind: 'elements', formulas: { ...eachOf(rule, old.equation), [elementsOf(change.variable)]: formula } }
    : { kind: 'formula', formula }
  // Who changes a formula has no file to declare a constant in.
  const replaced: SourceVariable = { ...rest, equation, bareNumbers: true }
  return { ...source, variables: source.variables.map((one) => (one === old ? replaced : one)) }
}

/** Canonical name of the rule, without the element. */
const ruleOf = (variable: string): string => canonicalName(variable.replace(/\[.*$/s, ''))

const hasElement = ({ elements }: Rule, variable: string) =>
  elements.some((element) => nameKey(element) === nameKey(variable))

/** The formula of each element. */
function eachOf({ elements }: Rule, equation: Equation): Readonly<Record<string, Formula>> {
  if (equation.kind === 'elements') return equation.formulas
  return Object.fromEntries(elements.map((element) => [elementsOf(element), equation.formula]))
}

function formulaOf({ formula }: FormulaChange, path: string): Formula {
  try {
    return parseFormula(formula)
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    throw new QuesnayError('BAD_INPUT', error.message, { ...error.detail, path: `${path}.formula` })
  }
}
