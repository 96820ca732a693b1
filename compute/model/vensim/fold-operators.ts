// Operands and operators in a row become one tree by Vensim's precedence of operators.
import type { BinaryOperator, Position, UnaryOperator } from '../formula/ast.ts'
import type { Note, VensimExpression } from './syntax.ts'

/** vensim.com/documentation/operators.html; a sign lies between * and ^, so that -x^2 is -(x^2), as Vensim gives it. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '<>': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '//': 5,
  mod: 5,
  '^': 7,
}
const SIGN_PRECEDENCE = 6
/** Above all, as Vensim documents it. */
const NOT_PRECEDENCE = 8

export interface Operand {
  readonly expression: VensimExpression
  readonly prefixes: readonly { readonly operator: UnaryOperator; readonly at: Position }[]
}

const NEGATION: Note = {
  code: 'AMBIGUOUS_NOT',
  message: ':NOT: a = b is read as (:NOT: a) = b, as Vensim documents it',
  suggestion: 'put parentheses around what is negated',
}

type Waiting = BinaryOperator | Operand['prefixes'][number]

const precedenceOf = (waiting: Waiting): number =>
  typeof waiting === 'string' ? PRECEDENCE[waiting] : waiting.operator === 'not' ? NOT_PRECEDENCE : SIGN_PRECEDENCE

/** The tree of operands with operators between them, one fewer (shunting yard, Dijkstra 1961); ^ groups from the right. */
export function foldOperators(
  operands: readonly Operand[],
  operators: readonly BinaryOperator[],
  note: (note: Note) => void,
): VensimExpression {
  const values: VensimExpression[] = []
  const waiting: Waiting[] = []
  const apply = () => {
    const operator = waiting.pop()!
    const right = values.pop()!
    if (typeof operator !== 'string') {
      values.push(operator.operator === '+' ? right : { kind: 'unary', operand: right, ...operator })
      return
    }
    const left = values.pop()!
    values.push({ kind: 'binary', operator, left, right, at: left.at })
  }
  operands.forEach(({ expression, prefixes }, i) => {
    waiting.push(...prefixes)
    values.push(expression)
    const operator = operators[i]
    if (operator === undefined) return
    if (PRECEDENCE[operator] === 3 && prefixes.some((prefix) => prefix.operator === 'not')) note(NEGATION)
    const ties = operator === '^' ? 1 : 0
    while (waiting.length > 0 && precedenceOf(waiting.at(-1)!) >= PRECEDENCE[operator] + ties) apply()
    waiting.push(operator)
  })
  while (waiting.length > 0) apply()
  return values[0]!
}
