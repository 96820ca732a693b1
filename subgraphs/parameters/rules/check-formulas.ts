// Checks the formulas that a reform puts in place of those of a rule set.
import { parseFormula } from '../../../compute/model/formula/parse-formula.ts'
import { QuesnayError, toWireError } from '../../../schema/errors.ts'
import type { FormulaChange } from './overlay.ts'
import { formulaKey } from './repository/snapshot.ts'

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

const wrong = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
