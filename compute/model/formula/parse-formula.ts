// From the text of a formula to its tree.
import type { IToken } from 'chevrotain'
import type { Formula, Position } from './ast.ts'
import { Grammar } from './grammar.ts'
import { syntaxError } from './syntax-error.ts'
import { type Dialect, wordsOf } from './tokens.ts'

export interface ParseOptions {
  /** By default ours. XMILE's has no `==`, `!=`, `#` comments or `1_000`, and leaves the names of functions as they are. */
  readonly dialect?: Dialect
  /** Where the text begins in its file; by default at line 1, column 1. */
  readonly at?: Position
}

let shared: Grammar | undefined

/**
 * The tree of a formula, each node with its place; names canonical, functions by their name in the table of functions. In our
 * own dialect and in XMILE's (1.0, 3.3), which differ little.
 *
 * MODEL_INVALID with { line, column, expected, suggestion, text } where the text is no formula, also where it is empty, nested
 * deeper than 200 levels, or has more than 1,000 terms in a row.
 */
export function parseFormula(text: string, options: ParseOptions = {}): Formula {
  const { dialect = 'quesnay', at = { line: 1, column: 1 } } = options
  const place = ({ startLine, startColumn }: Pick<IToken, 'startLine' | 'startColumn'>): Position => ({
    line: at.line + startLine! - 1,
    column: startColumn! + (startLine === 1 ? at.column - 1 : 0),
  })
  shared ??= new Grammar()
  const words = wordsOf(text, dialect)
  const formula = shared.read(words, dialect, place)
  if (formula !== undefined && shared.errors.length === 0) return formula
  throw syntaxError({ text, words, found: shared.errors[0]!.token, expected: shared.expectedAfter.bind(shared), place })
}
