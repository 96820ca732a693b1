// Checks the formulas that a reform puts in place of those of rule sets.
import { QuesnayError, toWireError } from '../../../schema/errors.ts'
import type { FormulaChange } from './overlay.ts'
import { formulaKey } from './repository/snapshot.ts'
import { checkFormulaChanges } from './rule-set/formula-changes.ts'
import { requireRuleSet } from './rule-set/shipped.ts'

const MAX_FORMULAS = 200
const MAX_NAME = 120
const MAX_FORMULA = 10_000

/** The formulas as they are given, without blanks at their ends. Errors, with the path of the field: BAD_INPUT (names, one rule twice), LIMIT_EXCEEDED. */
export function readFormulas(inputs: readonly FormulaChange[], path = 'input.formulas'): FormulaChange[] {
  if (inputs.length > MAX_FORMULAS)
    throw new QuesnayError('LIMIT_EXCEEDED', `${inputs.length} formulas; at most ${MAX_FORMULAS} at once`, {
      path,
      limit: MAX_FORMULAS,
      suggestion: 'split them',
    })
  const seen = new Set<string>()
  return inputs.map((input, i) => {
    const change = { ruleSet: input.ruleSet.trim(), variable: input.variable.trim(), formula: input.formula.trim() }
    for (const [field, most] of [
      ['ruleSet', MAX_NAME],
      ['variable', MAX_NAME],
      ['formula', MAX_FORMULA],
    ] as const)
      if (change[field] === '' || change[field].length > most)
        throw wrong(`${path}.${i}.${field}`, `${field} has ${change[field].length} characters`, `give 1 to ${most}`)
    if (seen.has(formulaKey(change)))
      throw wrong(`${path}.${i}.variable`, `${change.variable} is given twice`, 'give one formula for a rule')
    seen.add(formulaKey(change))
    return change
  })
}

/**
 * Sees that formulas can take the place of rules, all of them together, and that their rule sets are over the tree. Errors, at the place among
 * `given` of the formula that is wrong: NOT_FOUND (rule set, rule), BAD_INPUT (tree, formula, units, circle).
 */
export function assertFormulas(
  tree: string,
  formulas: readonly FormulaChange[],
  given: readonly FormulaChange[] = formulas,
  path = 'input.formulas',
): void {
  const placeOf = (change: FormulaChange | undefined) => {
    const place = given.findIndex((each) => change && formulaKey(each) === formulaKey(change))
    return place < 0 ? path : `${path}.${place}`
  }
  for (const id of [...new Set(formulas.map(({ ruleSet }) => ruleSet))]) {
    const own = formulas.filter(({ ruleSet }) => ruleSet === id)
    const ruleSet = requireRuleSet(id, `${placeOf(own[0])}.ruleSet`)
    if (ruleSet.treeId !== tree)
      throw wrong(
        `${placeOf(own[0])}.ruleSet`,
        `the rules ${id} are over the tree ${ruleSet.treeId}, not ${tree}`,
        `change them along with parameters of ${ruleSet.treeId}`,
      )
    try {
      checkFormulaChanges(ruleSet, own, 'formulas')
    } catch (error) {
      const { code, message, detail } = toWireError(error)
      if (code === 'INTERNAL') throw error
      const [, at, field] = /^formulas\.(\d+)(.*)$/s.exec(String(detail['path'])) ?? []
      const place = at === undefined ? path : placeOf(own[Number(at)])
      throw new QuesnayError(code, message, { ...detail, path: place === path ? path : place + (field ?? '') })
    }
  }
}

const wrong = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
