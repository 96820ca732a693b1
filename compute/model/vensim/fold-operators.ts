// Operands and operators in a row become one tree by Vensim's precedence of operators.
import type { BinaryOperator, Position, UnaryOperator } from '../formula/ast.ts'
import type { Note, VensimExpression } from './syntax.ts'

/** vensim.com/documentation/operators.html; operators before an operand bind tightest, so that -2^2 is 4. */
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
  '^': 6,
}

export interface Operand {
  readonly expression: VensimExpression
  readonly prefixes: readonly { readonly operator: UnaryOperator; readonly at: Position }[]
}

const POWERS: Note = {
  code: 'AMBIGUOUS_POWER',
  message: 'a ^ b ^ c is read as a ^ (b ^ c); Vensim does not document which it takes',
  suggestion: 'put parentheses around one of the two',
}
const NEGATION: Note = {
  code: 'AMBIGUOUS_NOT',
  message: ':NOT: a = b is read as (:NOT: a) = b, as Vensim documents it',
  suggestion: 'put parentheses around what is negated',
}

/** The tree of operands with operators between them, one fewer (shunting yard, Dijkstra 1961); ^ groups from the right. */
export function foldOperators(
  operands: readonly Operand[],
  operators: readonly BinaryOperator[],
  note: (note: Note) => void,
): VensimExpression {
  const values: VensimExpression[] = []
  const waiting: BinaryOperator[] = []
  const apply = () => {
    const operator = waiting.pop()!
    const right = values.pop()!
    const left = values.pop()!
    values.push({ kind: 'binary', operator, left, right, at: left.at })
  }
  operands.forEach((operand, i) => {
    values.push(withPrefixes(operand))
    const operator = operators[i]
    if (operator === undefined) return
    if (PRECEDENCE[operator] === 3 && operand.prefixes.some((prefix) => prefix.operator === 'not')) note(NEGATION)
    if (operator === '^' && waiting.at(-1) === '^') note(POWERS)
    const ties = operator === '^' ? 1 : 0
    while (waiting.length > 0 && PRECEDENCE[waiting.at(-1)!] >= PRECEDENCE[operator] + ties) apply()
    waiting.push(operator)
  })
  while (waiting.length > 0) apply()
  return values[0]!
}

function withPrefixes({ expression, prefixes }: Operand): VensimExpression {
  return prefixes.reduceRight<VensimExpression>((operand, { operator, at }) => {
    if (operator === '+') return operand
    return { kind: 'unary', operator, operand, at }
  }, expression)
}
