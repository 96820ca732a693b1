// The syntax tree of a formula: what the parser gives, what XMILE and Vensim equations become, and what is printed again.

/** Where a part of a formula begins: lines and columns from 1, in the text the formula was read from. */
export interface Position {
  readonly line: number
  readonly column: number
}

interface Placed {
  readonly at?: Position
}

/** Names are canonical (canonicalName); functions are by their name in the table of functions. */
export type Formula =
  | (Placed & { readonly kind: 'number'; readonly value: number })
  /** A variable, with subscripts where it is an array; or a constant of the language (pi, time, dt, ...). */
  | (Placed & { readonly kind: 'name'; readonly name: string; readonly subscripts?: readonly Subscript[] })
  | (Placed & { readonly kind: 'call'; readonly function: string; readonly args: readonly Formula[] })
  | (Placed & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Formula })
  | (Placed & {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Formula
      readonly right: Formula
    })
  | (Placed & {
      readonly kind: 'if'
      readonly condition: Formula
      readonly then: Formula
      readonly else: Formula
    })

export type UnaryOperator = '-' | '+' | 'not'

/** `//` is a safe division: 0 where the divisor is 0. `mod` has the sign of the dividend. */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '^'
  | 'mod'
  | '<'
  | '<='
  | '>'
  | '>='
  | '='
  | '<>'
  | 'and'
  | 'or'

/**
 * name: an element, a dimension (the element that the variable itself is at), or an index variable; number: an element by its
 * place, from 1; wildcard: all elements, in an argument of an array function; all: `name!`, the elements of the dimension of that
 * name, gathered by an array function (Vensim); formula: a place that is computed.
 */
export type Subscript =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'all'; readonly name: string }
  | { readonly kind: 'formula'; readonly formula: Formula }

/**
 * How names compare, in every source: case does not count; spaces, underscores, line breaks (also written \n) and non-breaking
 * spaces run equal and in a row count once; quotes around a name do not count (XMILE 1.0, 3.2.2).
 */
export function canonicalName(name: string): string {
  // Most names are canonical already, and each is asked for many times.
  if (/^[a-z0-9]+(?:_[a-z0-9]+)*$/.test(name)) return name
  const bare = name.trim().replace(/^"([\s\S]*)"$/, '$1')
  return bare.replaceAll(/(?:\\n|[\s_\u00a0])+/gu, '_').toLowerCase()
}

/** A name as it is shown: line breaks and runs of spaces become one space. */
export function displayName(name: string): string {
  if (/^\w+$/.test(name)) return name
  return name
    .trim()
    .replace(/^"([\s\S]*)"$/, '$1')
    .replaceAll(/(?:\\n|\s|\u00a0)+/gu, ' ')
    .trim()
}
