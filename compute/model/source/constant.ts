// Formulas of numbers alone.
import type { Formula } from '../formula/ast.ts'

/** The number that a formula of numbers alone is; undefined for any other. */
export function constantOf(formula: Formula): number | undefined {
  if (formula.kind === 'number') return formula.value
  if (formula.kind === 'unary' && formula.operator !== 'not') {
    const operand = constantOf(formula.operand)
    return operand === undefined ? undefined : formula.operator === '-' ? -operand : operand
  }
  if (formula.kind !== 'binary') return undefined
  const [a, b] = [constantOf(formula.left), constantOf(formula.right)]
  if (a === undefined || b === undefined) return undefined
  switch (formula.operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    default:
      return undefined
  }
}
