// The words of a Vensim definition.
import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain'
import { canonicalName, displayName } from '../formula/ast.ts'

const token = (name: string, label: string, pattern: RegExp, categories: TokenType[] = []) =>
  createToken({ name, label, pattern, line_breaks: /\\s/.test(pattern.source), categories })
const sign = (text: string, categories: TokenType[] = []) =>
  token(text, `'${text}'`, new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')), categories)
const keyword = (words: string, categories: TokenType[] = []) =>
  token(words, `:${words}:`, new RegExp(`:\\s*${words.replaceAll(' ', '[\\s_]+')}\\s*:`, 'i'), categories)

/** What stands between two operands, and what stands before one. */
export const Binary = createToken({ name: 'Binary', label: 'an operator', pattern: Lexer.NA })
export const Prefix = createToken({ name: 'Prefix', label: "'-'", pattern: Lexer.NA })
/** How data are read between their points: the variable's values come from a file. */
export const DataMode = createToken({ name: 'DataMode', label: ':RAW:', pattern: Lexer.NA })
export const RealityCheck = createToken({ name: 'RealityCheck', pattern: Lexer.NA })

/** Letters, digits, spaces, _ $ ' & % and all above 127, beginning with a letter; or anything in quotation marks. */
export const Name = token(
  'Name',
  'a name',
  /[A-Za-z_$\u0080-\uffff][\w$'&%\u0080-\uffff]*(?:\s+[\w$&%\u0080-\uffff][\w$'&%\u0080-\uffff]*)*|"(?:[^"\\]|\\[\s\S])*"/,
)
export const NumberToken = token('Number', 'a number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/)
export const Text = token('Text', 'a text', /'[^'\n]*'/)
export const TabbedArray = token('TabbedArray', 'TABBED ARRAY', /TABBED[\s_]+ARRAY\s*\([^()]*\)/i)

export const And = keyword('AND', [Binary])
export const Or = keyword('OR', [Binary])
export const Not = keyword('NOT', [Prefix])
export const Missing = keyword('NA')
export const Except = keyword('EXCEPT')
const MODES = ['INTERPOLATE', 'RAW', 'HOLD BACKWARD', 'LOOK FORWARD'].map((words) => keyword(words, [DataMode]))
const CHECKS = ['THE CONDITION', 'TEST INPUT', 'IMPLIES'].map((words) => keyword(words, [RealityCheck]))

export const Equivalent = sign('<->')
export const Arrow = sign('->')
export const DataAssign = sign(':=')
export const ConstantAssign = sign('==')
export const Assign = sign('=', [Binary])
const RELATIONS = ['<=', '>=', '<>', '<', '>'].map((text) => sign(text, [Binary]))
const ARITHMETIC = ['*', '/', '^'].map((text) => sign(text, [Binary]))
export const Minus = sign('-', [Binary, Prefix])
export const Plus = sign('+', [Binary, Prefix])
export const Colon = sign(':')
export const Comma = sign(',')
export const Semicolon = sign(';')
export const Bang = sign('!')
export const LeftParenthesis = sign('(')
export const RightParenthesis = sign(')')
export const LeftBracket = sign('[')
export const RightBracket = sign(']')

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true })
/** What has no place in a definition: the grammar has none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: any character at all
const Stray = createToken({ name: 'Stray', pattern: /[\u0000-\uffff]/, line_breaks: true })

export const VOCABULARY: TokenType[] = [
  ...[Binary, Prefix, DataMode, RealityCheck],
  ...[Space, TabbedArray, Name, NumberToken, Text, And, Or, Not, Missing, Except, ...MODES, ...CHECKS],
  ...[Equivalent, Arrow, DataAssign, ConstantAssign, ...RELATIONS, Assign, ...ARITHMETIC, Minus, Plus],
  ...[Colon, Comma, Semicolon, Bang, LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, Stray],
]

const lexer = new Lexer(
  VOCABULARY.filter((kind) => kind.PATTERN !== Lexer.NA),
  { ensureOptimizations: true, positionTracking: 'onlyStart' },
)

/** The words of a definition; a character that fits none is a word of its own. */
export function wordsOf(text: string): IToken[] {
  return lexer.tokenize(text).tokens
}

const unescaped = (name: string) => (name.includes('\\') ? name.replaceAll(/\\(["\\])/g, '$1') : name)

/** A name as columns show it. */
export function shownName(image: string): string {
  return displayName(unescaped(image))
}

/** A name as it compares. */
export function keyOf(image: string): string {
  return canonicalName(unescaped(image))
}
