// An expression of the core model as a formula: how a part that nobody wrote by itself is shown.

import { argumentsOf } from '../../../../../compute/model/expressions.ts'
import { type BinaryOperator, canonicalName, type Formula } from '../../../../../compute/model/formula/ast.ts'
import { printFormula } from '../../../../../compute/model/formula/print-formula.ts'
import type { Expression } from '../../../../../compute/model/model.ts'
import { bareName } from '../../rule-set/find-variables.ts'

const BINARY: Partial<Record<Expression['op'], BinaryOperator>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  pow: '^',
  remainder: 'mod',
  lt: '<',
  le: '<=',
  eq: '=',
  and: 'and',
  or: 'or',
}

type Choice = Extract<Expression, { readonly args: readonly Expression[] }>

/** The text of an expression; an element that is picked by its place is written as such again. */
export const textOf = (expression: Expression): string => printFormula(formulaOf(expression))

function formulaOf(e: Expression): Formula {
  if (e.op === 'number') return { kind: 'number', value: e.value }
  if (e.op === 'ref') return nameOf(e.name)
  const pick = pickOf(e)
  if (pick) {
    const place = formulaOf(pick.place)
    const [first] = pick.values
    if (first?.op === 'ref')
      return {
        kind: 'name',
        name: canonicalName(bareName(first.name)),
        subscripts: [{ kind: 'formula', formula: place }],
      }
  }
  const args = argumentsOf(e).map(formulaOf)
  const [a, b, c] = args
  const operator = BINARY[e.op]
  if (operator && a && b) return { kind: 'binary', operator, left: a, right: b }
  if (e.op === 'select' && a && b && c) return { kind: 'call', function: 'where', args: [a, b, c] }
  if (e.op === 'neg' && a) return { kind: 'unary', operator: '-', operand: a }
  if (e.op === 'not' && a) return { kind: 'unary', operator: 'not', operand: a }
  const table: Formula[] = 'table' in e ? [{ kind: 'name', name: canonicalName(e.table) }] : []
  return { kind: 'call', function: e.op, args: [...table, ...args] }
}

function nameOf(name: string): Formula {
  const [, elements] = /\[(.*)\]/.exec(name) ?? []
  const bare = canonicalName(bareName(name))
  if (elements === undefined) return { kind: 'name', name: bare }
  return {
    kind: 'name',
    name: bare,
    subscripts: elements.split(',').map((element) => ({ kind: 'name', name: canonicalName(element) })),
  }
}

/** An element of an array at a computed place, as elaboration writes it: one place after the other is compared with it. */
export function pickOf(e: Expression): { place: Expression; values: readonly Expression[] } | undefined {
  const values: Expression[] = []
  let place: Expression | undefined
  let rest = e
  while (rest.op === 'select') {
    const [condition, value, otherwise] = (rest as Choice).args as [Expression, Expression, Expression]
    if (condition.op !== 'eq') break
    const [index, number] = (condition as Choice).args as [Expression, Expression]
    if (index.op !== 'round' || number.op !== 'number' || number.value !== values.length + 1) break
    place ??= (index as Choice).args[0]!
    values.push(value)
    rest = otherwise
  }
  return place && rest.op === 'number' && rest.value === 0 ? { place, values } : undefined
}
