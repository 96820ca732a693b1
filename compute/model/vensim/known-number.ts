// Numbers of a Vensim model that are known before a run.
import type { Formula } from '../formula/ast.ts'
import type { VensimExpression } from './syntax.ts'
import { keyOf } from './tokens.ts'

/** The value of a number, of a variable whose value is known, and of + - * / of such; undefined of anything else. */
export function knownNumber(
  expression: VensimExpression | Formula,
  variable: (key: string) => number | undefined,
): number | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return expression.subscripts ? undefined : variable(keyOf(expression.name))
    case 'unary': {
      const x = expression.operator === 'not' ? undefined : knownNumber(expression.operand, variable)
      return x !== undefined && expression.operator === '-' ? -x : x
    }
    case 'binary': {
      const a = knownNumber(expression.left, variable)
      const b = a === undefined ? undefined : knownNumber(expression.right, variable)
      return b === undefined ? undefined : combine(expression.operator, a!, b)
    }
    default:
      return undefined
  }
}

function combine(operator: string, a: number, b: number): number | undefined {
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  return operator === '/' ? a / b : undefined
}

/** A chain of variables that is longer, or that goes in a circle, has no known value. */
const MAX_DEPTH = 40

/** Looks up the known values of variables by key; `equation` is that of a variable with no more than one, and no subscripts. */
export function knownNumbers(
  equation: (key: string) => VensimExpression | undefined,
): (key: string) => number | undefined {
  const known = new Map<string, number | undefined>()
  let depth = 0
  const variable = (key: string): number | undefined => {
    if (known.has(key) || depth >= MAX_DEPTH) return known.get(key)
    known.set(key, undefined)
    const expression = equation(key)
    depth++
    known.set(key, expression && knownNumber(expression, variable))
    depth--
    return known.get(key)
  }
  return variable
}
