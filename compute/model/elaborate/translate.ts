// A formula becomes an expression over core variables.
import { call, expression, type Term } from '../build.ts'
import type { BinaryOperator, Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { translateCall } from './calls.ts'
import { type Context, spend } from './context.ts'
import { reference } from './references.ts'

/** x / y, or `otherwise` where y is 0. */
const safeDivide = (x: Term, y: Term, otherwise: Term = 0): Expression =>
  call('select', call('eq', y, 0), otherwise, call('div', x, y))

const BINARY: Readonly<Record<BinaryOperator, (a: Expression, b: Expression) => Expression>> = {
  '+': (a, b) => call('add', a, b),
  '-': (a, b) => call('sub', a, b),
  '*': (a, b) => call('mul', a, b),
  '/': (a, b) => call('div', a, b),
  '//': (a, b) => safeDivide(a, b),
  '^': (a, b) => call('pow', a, b),
  mod: (a, b) => call('remainder', a, b),
  '<': (a, b) => call('lt', a, b),
  '<=': (a, b) => call('le', a, b),
  '>': (a, b) => call('lt', b, a),
  '>=': (a, b) => call('le', b, a),
  '=': (a, b) => call('eq', a, b),
  '<>': (a, b) => call('not', call('eq', a, b)),
  and: (a, b) => call('and', a, b),
  or: (a, b) => call('or', a, b),
}

/**
 * The meaning of a formula where it stands. Hidden variables that it needs are added to the elaboration, from left to right.
 * Faults are told there too; what is given then means nothing. Error: LIMIT_EXCEEDED for a model that is too large.
 */
export function translate(formula: Formula, context: Context): Expression {
  spend(context, 1)
  switch (formula.kind) {
    case 'number':
      return expression(formula.value)
    case 'name':
      return reference(formula, context, translate)
    case 'call':
      return translateCall(formula, context, translate)
    case 'unary': {
      const x = translate(formula.operand, context)
      if (formula.operator === '+') return x
      if (formula.operator === 'not') return call('not', x)
      return x.op === 'number' ? expression(-x.value) : call('neg', x)
    }
    case 'binary':
      return translateBinary(formula, context)
    case 'if':
      return call(
        'select',
        translate(formula.condition, context),
        translate(formula.then, context),
        translate(formula.else, context),
      )
  }
}

/** Goes down the left side without recursion: a sum may have thousands of terms. */
function translateBinary(formula: Extract<Formula, { kind: 'binary' }>, context: Context): Expression {
  const spine = [formula]
  let first: Formula = formula.left
  while (first.kind === 'binary') {
    spine.push(first)
    first = first.left
  }
  return spine.reduceRight(
    (left, { operator, right }) => BINARY[operator](left, translate(right, context)),
    translate(first, context),
  )
}
