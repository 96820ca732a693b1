// Short constructors for expressions, so that rules written in TypeScript read like formulas.
import type { Expression, FunctionName, Reduction } from './model.ts'

export type Term = Expression | number | string

/** A number becomes a literal, a string a reference to the variable of that name. */
export function expression(term: Term): Expression {
  if (typeof term === 'number') return { op: 'number', value: term }
  if (typeof term === 'string') return { op: 'ref', name: term }
  return term
}

export const call = (op: FunctionName, ...args: Term[]): Expression => ({ op, args: args.map(expression) })
export const lookup = (table: string, x: Term): Expression => ({ op: 'lookup', table, x: expression(x) })
export const extrapolate = (table: string, x: Term): Expression => ({ op: 'extrapolate', table, x: expression(x) })
export const stepLookup = (table: string, x: Term): Expression => ({ op: 'stepLookup', table, x: expression(x) })
export const bracket = (table: string, x: Term): Expression => ({ op: 'bracket', table, x: expression(x) })
/** The value at the first step. */
export const initial = (x: Term): Expression => ({ op: 'initial', x: expression(x) })
/** A member entity's values, gathered. */
export const reduce = (how: Reduction, over: string, x: Term): Expression => ({
  op: 'reduce',
  how,
  over,
  x: expression(x),
})
export const time: Expression = { op: 'time' }
export const stepTime: Expression = { op: 'stepTime' }

/** Left-associated sum; the empty sum is 0. */
export function sum(terms: readonly Term[]): Expression {
  const [first, ...rest] = terms
  if (first === undefined) return { op: 'number', value: 0 }
  return rest.reduce<Expression>((left, right) => call('add', left, right), expression(first))
}
