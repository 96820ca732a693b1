// Short ways to write parts of formulas.
import type { BinaryOperator, Formula } from '../formula/ast.ts'
import { type FormulaFunction, functionKind } from '../formula/functions.ts'

export const number = (value: number): Formula => ({ kind: 'number', value })

export const named = (name: string): Formula => ({ kind: 'name', name })

export const call = (name: FormulaFunction, ...args: Formula[]): Formula => ({ kind: 'call', function: name, args })

export const binary = (left: Formula, operator: BinaryOperator, right: Formula): Formula => ({
  kind: 'binary',
  operator,
  left,
  right,
})

export const negated = (operand: Formula): Formula => ({ kind: 'unary', operator: '-', operand })

export const choose = (condition: Formula, then: Formula, otherwise: Formula): Formula => ({
  kind: 'if',
  condition,
  then,
  else: otherwise,
})

/** The parts right below a formula, without its subscripts. */
export function partsOf(formula: Formula): readonly Formula[] {
  if (formula.kind === 'call') return formula.args
  if (formula.kind === 'unary') return [formula.operand]
  if (formula.kind === 'binary') return [formula.left, formula.right]
  if (formula.kind === 'if') return [formula.condition, formula.then, formula.else]
  return []
}

/** The formula with each part right below it replaced. */
export function withParts(formula: Formula, replace: (part: Formula) => Formula): Formula {
  if (formula.kind === 'call') return { ...formula, args: formula.args.map(replace) }
  if (formula.kind === 'unary') return { ...formula, operand: replace(formula.operand) }
  if (formula.kind === 'binary') return { ...formula, left: replace(formula.left), right: replace(formula.right) }
  if (formula.kind !== 'if') return formula
  return choose(replace(formula.condition), replace(formula.then), replace(formula.else))
}

/** True where a part of a formula runs over the elements of a range: `x[range!]`. */
export function gathers(formula: Formula): boolean {
  if (formula.kind === 'name') return formula.subscripts?.some(({ kind }) => kind === 'all') ?? false
  if (formula.kind === 'call' && GATHERING.has(formula.function)) return false
  return partsOf(formula).some(gathers)
}

/** They run over the elements of their argument by themselves. */
const GATHERING: ReadonlySet<string> = new Set<FormulaFunction>([
  'sum',
  'product',
  'min',
  'max',
  'any',
  'count',
  'rank',
])

/** True where a formula or a part of it is a draw: written twice, it would be two. */
export function isRandom(formula: Formula): boolean {
  if (formula.kind === 'call' && functionKind(formula.function)?.family === 'random') return true
  return partsOf(formula).some(isRandom)
}

/** The way out where a draw would be written twice. */
export const NAME_IT = 'make a variable of the random number'
