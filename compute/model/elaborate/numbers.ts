// Numbers that are known before a run.
import type { Formula } from '../formula/ast.ts'
import type { Context } from './context.ts'
import { findSymbol } from './symbols.ts'

/** A chain of constants that is longer goes in a circle; an operator counts as ten, so that the tree stays small. */
const MAX_DEPTH = 40
const OPERATOR_DEPTH = 10

/** The value of a number, of a constant, and of + - * / of two such, or min and max; undefined of anything else. */
export function numberOf(formula: Formula, context: Context, depth = 0): number | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (formula.kind) {
    case 'number':
      return formula.value
    case 'unary': {
      const x = numberOf(formula.operand, context, depth)
      if (x === undefined || formula.operator === 'not') return undefined
      return formula.operator === '-' ? -x : x
    }
    case 'binary':
      return ofTwo(formula.operator, [formula.left, formula.right], context, depth)
    case 'call':
      return ofTwo(formula.function, formula.args, context, depth)
    case 'name': {
      const symbol = findSymbol(context.scope, formula.name)
      if (symbol?.argument) return numberOf(symbol.argument.formula, symbol.argument.context, depth + 1)
      const source = symbol?.source
      if (source?.kind !== 'auxiliary' || symbol!.dimensions.length > 0 || source.graph) return undefined
      if (source.equation.kind !== 'formula') return undefined
      return numberOf(source.equation.formula, { ...context, scope: symbol!.scope }, depth + 1)
    }
    default:
      return undefined
  }
}

const FOLDS: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['min', Math.min],
  ['max', Math.max],
])

function ofTwo(name: string, formulas: readonly Formula[], context: Context, depth: number): number | undefined {
  const fold = FOLDS.get(name)
  if (!fold || formulas.length !== 2) return undefined
  const [a, b] = formulas.map((formula) => numberOf(formula, context, depth + OPERATOR_DEPTH))
  return a === undefined || b === undefined ? undefined : fold(a, b)
}
