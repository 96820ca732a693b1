// Checks the formulas that a reform puts in place of those of a rule set.
import { parseFormula } from '../../../compute/model/formula/parse-formula.ts'
import { QuesnayError, toWireError } from '../../../schema/errors.ts'
import type { FormulaChange } from './overlay.ts'
import { formulaKey } from './repository/snapshot.ts'
import { checkFormulaChanges } from './rule-set/formula-changes.ts'
import { requireRuleSet } from './rule-set/shipped.ts'

export interface FormulaInput {
  readonly ruleSet: string
  readonly variable: string
  readonly formula: string
}

const MAX_FORMULAS = 200
const MAX_NAME = 120

/**
 * The formulas, read by the grammar of the formula language. Errors, with the path of the field: MODEL_INVALID (syntax, with line and
 * column), BAD_INPUT (names, one rule twice), LIMIT_EXCEEDED.
 */
export function checkFormulas(inputs: readonly FormulaInput[], path = 'input.formulas'): FormulaChange[] {
  if (inputs.length > MAX_FORMULAS)
    throw new QuesnayError('LIMIT_EXCEEDED', `${inputs.length} formulas; at most ${MAX_FORMULAS} at once`, {
      path,
      limit: MAX_FORMULAS,
      suggestion: 'split them',
    })
  const seen = new Set<string>()
  return inputs.map((input, i) => {
    const change = { ruleSet: input.ruleSet.trim(), variable: input.variable.trim(), formula: input.formula.trim() }
    for (const field of ['ruleSet', 'variable'] as const)
      if (change[field] === '' || change[field].length > MAX_NAME)
        throw wrong(
          `${path}.${i}.${field}`,
          `${field} is empty or too long`,
          'name a rule set and one of its variables',
        )
    if (seen.has(formulaKey(change)))
      throw wrong(`${path}.${i}.variable`, `${change.variable} is given twice`, 'give one formula for a rule')
    seen.add(formulaKey(change))
    try {
      parseFormula(change.formula)
    } catch (error) {
      const { code, message, detail } = toWireError(error)
      if (code === 'INTERNAL') throw error
      throw new QuesnayError(code, message, { ...detail, path: `${path}.${i}.formula` })
    }
    return change
  })
}

/**
 * Sees that formulas can stand in the rule sets that they name, all of one rule set together. Errors as checkFormulaChanges, with the
 * path of the formula; NOT_FOUND for a rule set that is none.
 */
export function assertFormulasFit(changes: readonly FormulaChange[], path = 'input.formulas'): void {
  for (const id of new Set(changes.map(({ ruleSet }) => ruleSet))) {
    const places = changes.flatMap((change, i) => (change.ruleSet === id ? [i] : []))
    const ruleSet = requireRuleSet(id, `${path}.${places[0]}.ruleSet`)
    try {
      checkFormulaChanges(
        ruleSet,
        places.map((i) => changes[i]!),
        '',
      )
    } catch (error) {
      const { code, message, detail } = toWireError(error)
      if (code === 'INTERNAL') throw error
      // The path is ".<place among those of the rule set>.<field>".
      const [, place = '', ...field] = String(detail['path'] ?? '').split('.')
      const at = places[Number(place)]
      const where = place === '' || at === undefined ? path : [path, at, ...field].join('.')
      throw new QuesnayError(code, message, { ...detail, path: where })
    }
  }
}

const wrong = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
