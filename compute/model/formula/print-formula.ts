// A tree as the text of a formula, with no more parentheses than it needs.
import type { Formula, Subscript } from './ast.ts'
import { PRECEDENCE, UNARY_PRECEDENCE } from './fold.ts'
import { type Dialect, writtenName } from './tokens.ts'

type Call = Extract<Formula, { kind: 'call' }>

export interface PrintOptions {
  /** xmile: keywords in capitals; by default ours, in small letters. */
  readonly dialect?: Dialect
  /** How a call is written, by whoever knows the functions of another dialect; undefined: as `name(arguments)`. */
  readonly call?: (call: Call, print: (formula: Formula) => string) => string | undefined
  /** How a canonical name is written; by default in quotation marks where it would else not be one name. */
  readonly name?: (name: string) => string
}

const LOOSEST = 0
const OPERAND = 9

/**
 * The text of a formula: parsed again it gives the same tree (numbers below 0 excepted, which become a minus and a number).
 * Names are written with underscores, and in quotation marks where they would else not be one name.
 */
export function printFormula(formula: Formula, options: PrintOptions = {}): string {
  const capitals = options.dialect === 'xmile'
  const word = (text: string) => (capitals && /[a-z]/.test(text) ? text.toUpperCase() : text)
  const whole = (inner: Formula) => print(inner, LOOSEST)
  const { name = writtenName } = options

  /** The text where operators that bind less than `floor` need parentheses. */
  function print(node: Formula, floor: number): string {
    const text = written(node)
    return boundOf(node) < floor ? `(${text})` : text
  }

  function written(node: Formula): string {
    switch (node.kind) {
      case 'number':
        return numeral(node.value)
      case 'name':
        return name(node.name) + (node.subscripts ? `[${node.subscripts.map(subscript).join(', ')}]` : '')
      case 'call':
        return options.call?.(node, whole) ?? `${functionName(node.function)}(${node.args.map(whole).join(', ')})`
      case 'unary': {
        const operand = print(node.operand, UNARY_PRECEDENCE)
        return node.operator === 'not' ? `${word('not')} ${operand}` : `${node.operator}${operand}`
      }
      case 'if':
        return `${word('if')} ${whole(node.condition)} ${word('then')} ${whole(node.then)} ${word('else')} ${whole(node.else)}`
      case 'binary': {
        const own = PRECEDENCE[node.operator]
        // ^ groups from the right, and its exponent may be signed; all others group from the left.
        const power = node.operator === '^'
        const left = print(node.left, power ? OPERAND : own)
        const right = print(node.right, power ? UNARY_PRECEDENCE : own + 1)
        return power ? `${left}^${right}` : `${left} ${word(node.operator)} ${right}`
      }
    }
  }

  function subscript(node: Subscript): string {
    if (node.kind === 'wildcard') return '*'
    if (node.kind === 'name') return name(node.name)
    if (node.kind === 'all') return `${name(node.name)}!`
    const { formula: place } = node
    return place.kind === 'name' && !place.subscripts ? `(${whole(place)})` : whole(place)
  }

  return whole(formula)
}

function boundOf(node: Formula): number {
  if (node.kind === 'if') return LOOSEST
  if (node.kind === 'binary') return PRECEDENCE[node.operator]
  if (node.kind === 'unary' || (node.kind === 'number' && node.value < 0)) return UNARY_PRECEDENCE
  return OPERAND
}

function numeral(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '0' : String(value)
  return value > 0 ? 'inf' : value < 0 ? '-inf' : '(0 / 0)'
}

/** The name of a function; `mod` is also an operator and may yet stand before parentheses. */
const functionName = (name: string) => (name === 'mod' ? name : writtenName(name))
