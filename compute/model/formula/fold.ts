// Operands and operators in a row, as they are read, become one tree by the precedence of the operators.
import type { BinaryOperator, Formula, UnaryOperator } from './ast.ts'

/**
 * How tightly operators bind (XMILE 1.0, 3.3.1); all group from the left but ^ and the unary ones. Unary ones, NOT among them,
 * bind less than ^ and more than *: -2^2 is -4, and NOT a = b is (NOT a) = b.
 */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '<>': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  mod: 6,
  '^': 8,
}
export const UNARY_PRECEDENCE = 7

/** An operand, an operator before one (with its place), or one between two. */
export type Piece =
  | Formula
  | { readonly prefix: UnaryOperator; readonly at?: NonNullable<Formula['at']> }
  | BinaryOperator

type Waiting = Exclude<Piece, Formula>

/** The tree of pieces in a row that begin and end with an operand and are well formed (shunting yard, Dijkstra 1961). */
export function fold(pieces: readonly Piece[]): Formula {
  const operands: Formula[] = []
  const waiting: Waiting[] = []
  const apply = () => {
    const operator = waiting.pop()!
    const right = operands.pop()!
    if (typeof operator === 'string') {
      const left = operands.pop()!
      operands.push({ kind: 'binary', operator, left, right, ...(left.at ? { at: left.at } : {}) })
    } else
      operands.push({
        kind: 'unary',
        operator: operator.prefix,
        operand: right,
        ...(operator.at ? { at: operator.at } : {}),
      })
  }
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      const precedence = PRECEDENCE[piece]
      while (
        waiting.length > 0 &&
        (bound(waiting.at(-1)!) > precedence || (bound(waiting.at(-1)!) === precedence && piece !== '^'))
      )
        apply()
      waiting.push(piece)
    } else if ('prefix' in piece) waiting.push(piece)
    else operands.push(piece)
  }
  while (waiting.length > 0) apply()
  return operands[0]!
}

const bound = (operator: Waiting) => (typeof operator === 'string' ? PRECEDENCE[operator] : UNARY_PRECEDENCE)
