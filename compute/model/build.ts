// Short constructors for expressions, so that rules written in TypeScript read like formulas.
import type { Expression, FunctionName } from './model.ts'

export type Term = Expression | number | string

/** A number becomes a literal, a string a reference to the variable of that name. */
export function expression(term: Term): Expression {
  if (typeof term === 'number') return { op: 'number', value: term }
  if (typeof term === 'string') return { op: 'ref', name: term }
  return term
}

export const call = (op: FunctionName, ...args: Term[]): Expression => ({ op, args: args.map(expression) })
export const lookup = (table: string, x: Term): Expression => ({ op: 'lookup', table, x: expression(x) })
export const bracket = (table: string, x: Term): Expression => ({ op: 'bracket', table, x: expression(x) })

/** Left-associated sum; the empty sum is 0. */
export function sum(terms: readonly Term[]): Expression {
  const [first, ...rest] = terms
  if (first === undefined) return { op: 'number', value: 0 }
  return rest.reduce<Expression>((left, right) => call('add', left, right), expression(first))
}
