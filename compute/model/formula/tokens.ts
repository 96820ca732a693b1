// The words of a formula: one lexer with a mode for each dialect, and how names are written in it.
import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain'
import { canonicalName } from './ast.ts'

export type Dialect = 'quesnay' | 'xmile'

// Any character above 127 may stand in a name (XMILE 1.0, 3.2.2.1), but not spaces, quotation marks and signs of arithmetic.
const ABOVE_127 =
  '\\u0080-\\u0084\\u0086-\\u009f\\u00a1-\\u00aa\\u00ac-\\u00b6\\u00b8-\\u00ba\\u00bc-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u167f\\u1681-\\u1fff' +
  '\\u2010-\\u2017\\u2020-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2211\\u2213-\\u225f\\u2261-\\u2263\\u2266-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff'
const START = `A-Za-z_$${ABOVE_127}`
const BARE = `[${START}][${START}0-9]*`
const QUOTED = '"(?:[^"\\\\]|\\\\[\\s\\S])*"'
const SEGMENT = `(?:${BARE}|${QUOTED})`
const NAME = `${SEGMENT}(?:\\.${SEGMENT})*`

const kind = (name: string, label: string, categories?: TokenType[]) =>
  createToken({ name, label, pattern: Lexer.NA, ...(categories ? { categories } : {}) })

/** What stands between two operands, and what stands before one. */
export const Binary = kind('Binary', 'an operator')
export const Prefix = kind('Prefix', "'-'")
export const NumberToken = kind('Number', 'a number')

const Space = createToken({ name: 'Space', pattern: /[\s\u00a0]+/, group: Lexer.SKIPPED, line_breaks: true })
const Comment = createToken({ name: 'Comment', pattern: /\{[^}]*\}/, group: Lexer.SKIPPED, line_breaks: true })
const LineComment = createToken({ name: 'LineComment', pattern: /#[^\n\r]*/, group: Lexer.SKIPPED })

export const Name = createToken({ name: 'Name', label: 'a name', pattern: new RegExp(NAME), line_breaks: true })
/** XMILE: a name that begins with a dot is looked for from the outermost model on. */
const RootName = createToken({
  name: 'RootName',
  label: 'a name',
  pattern: new RegExp(`\\.${NAME}`),
  line_breaks: true,
  categories: Name,
})
const OwnNumber = createToken({
  name: 'OwnNumber',
  label: 'a number',
  pattern: /(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?/,
  categories: NumberToken,
})
const XmileNumber = createToken({
  name: 'XmileNumber',
  label: 'a number',
  pattern: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/,
  categories: NumberToken,
})

const keyword = (name: string, categories: TokenType[] = []) =>
  createToken({
    name,
    label: name.toUpperCase(),
    pattern: new RegExp(name, 'i'),
    longer_alt: Name,
    categories,
  })
export const If = keyword('If')
export const Then = keyword('Then')
export const Else = keyword('Else')
export const Mod = keyword('Mod', [Binary])
const Not = keyword('Not', [Prefix])
const And = keyword('And', [Binary])
const Or = keyword('Or', [Binary])

const sign = (name: string, text: string, categories: TokenType[] = []) =>
  createToken({ name, label: `'${text}'`, pattern: text, categories })
export const LeftParenthesis = sign('LeftParenthesis', '(')
export const RightParenthesis = sign('RightParenthesis', ')')
export const LeftBracket = sign('LeftBracket', '[')
export const RightBracket = sign('RightBracket', ']')
export const Comma = sign('Comma', ',')
export const Star = sign('Star', '*', [Binary])
export const Bang = sign('Bang', '!')
const PlusMinus = createToken({ name: 'PlusMinus', label: "'-'", pattern: /[+-]/, categories: [Binary, Prefix] })

const OPERATORS = '\\/\\/|<=|>=|<>|[\\/^<>=]'
const OwnOperator = createToken({
  name: 'OwnOperator',
  pattern: new RegExp(`==|!=|${OPERATORS}`),
  categories: [Binary],
})
const XmileOperator = createToken({ name: 'XmileOperator', pattern: new RegExp(OPERATORS), categories: [Binary] })

/** Operators of other languages, and whatever has no place in a formula: the grammar has none of these. */
const OwnSlip = createToken({ name: 'OwnSlip', pattern: /&&|\|\||\*\*|===|!==|=<|=>|:=/ })
const XmileSlip = createToken({ name: 'XmileSlip', pattern: /&&|\|\||\*\*|===?|!==?|=<|=>|:=/ })
// The rest of the text at once: else each of many such signs would look through all that follows it.
const OpenComment = createToken({ name: 'OpenComment', pattern: /\{[^}]*/, line_breaks: true })
const OpenQuote = createToken({ name: 'OpenQuote', pattern: /"(?:[^"\\]|\\[\s\S])*\\?/, line_breaks: true })
// biome-ignore lint/suspicious/noControlCharactersInRegex: any character at all
const Stray = createToken({ name: 'Stray', pattern: /[\u0000-\uffff]/, line_breaks: true })

const KEYWORDS = [If, Then, Else, Mod, Not, And, Or]
const SIGNS = [LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, Comma, Star, PlusMinus]
const MODES = {
  quesnay: [
    Space,
    Comment,
    LineComment,
    OwnNumber,
    ...KEYWORDS,
    Name,
    OwnSlip,
    OwnOperator,
    ...SIGNS,
    Bang,
    OpenComment,
    OpenQuote,
    Stray,
  ],
  xmile: [
    Space,
    Comment,
    XmileNumber,
    ...KEYWORDS,
    Name,
    RootName,
    XmileSlip,
    XmileOperator,
    ...SIGNS,
    Bang,
    OpenComment,
    OpenQuote,
    Stray,
  ],
}

export const VOCABULARY: TokenType[] = [...new Set([Binary, Prefix, Name, NumberToken, ...Object.values(MODES).flat()])]

const lexer = new Lexer(
  { modes: MODES, defaultMode: 'quesnay' },
  { ensureOptimizations: true, positionTracking: 'onlyStart' },
)

/** The words of a text; a character that fits none is a word of its own. */
export function wordsOf(text: string, dialect: Dialect): IToken[] {
  return lexer.tokenize(text, dialect).tokens
}

const SEGMENTS = new RegExp(`\\.|${SEGMENT}`, 'g')

/** The canonical name of a name as it stands in a formula, its parts in quotation marks or not. */
export function nameOf(image: string): string {
  if (!image.includes('"')) return canonicalName(image)
  return (image.match(SEGMENTS) ?? [])
    .map((part) =>
      part.startsWith('"') ? canonicalName(`"${unescaped(part.slice(1, -1)).trim()}"`) : canonicalName(part),
    )
    .join('')
}

const unescaped = (text: string) => text.replaceAll(/\\([\s\S])/g, (_, c: string) => (c === 'n' ? '\n' : c))

const ALONE = new RegExp(`^(?:${BARE})(?:\\.${BARE})*$`)
const RESERVED = new Set(['if', 'then', 'else', 'and', 'or', 'not', 'mod'])

/** A canonical name as it must be written in a formula: in quotation marks where it would else not be one name. */
export function writtenName(name: string): string {
  if (ALONE.test(name) && !RESERVED.has(name.toLowerCase())) return name
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`
}
