// What a text that is no formula is told: what was found, what was expected there, and what was perhaps meant.
import { EOF, type IToken } from 'chevrotain'
import { QuesnayError } from '../../../schema/errors.ts'
import type { Position } from './ast.ts'

interface Failure {
  readonly text: string
  readonly words: readonly IToken[]
  /** The first word that has no place there, or the end. */
  readonly found: IToken
  /** What may follow words, in plain words. */
  readonly expected: (words: IToken[]) => string[]
  readonly place: (token: Pick<IToken, 'startLine' | 'startColumn'>) => Position
}

/** What each slip of the pen most likely stands for. */
const MEANT = new Map(
  Object.entries({
    '&&': "write 'and'",
    '&': "write 'and'",
    '||': "write 'or'",
    '|': "write 'or'",
    '**': "write '^' for a power",
    '==': "write '='",
    '===': "write '='",
    '!=': "write '<>'",
    '!==': "write '<>'",
    '=<': "write '<='",
    '=>': "write '>='",
    ':=': "write '='",
    '!': "write 'not'",
    '~': "write 'not'",
    '%': "write 'mod' for a remainder, or '/ 100' for a percentage",
    '?': 'write IF condition THEN value ELSE value',
    ':': 'write IF condition THEN value ELSE value',
    ';': "write ','",
    '×': "write '*'",
    '·': "write '*'",
    '÷': "write '/'",
    '−': "write '-'",
    '–': "write '-'",
    '≤': "write '<='",
    '≥': "write '>='",
    '≠': "write '<>'",
    "'": 'put a name in double quotation marks',
    '“': 'put a name in double quotation marks',
    '”': 'put a name in double quotation marks',
    '}': 'open the comment with {',
    '\\': 'remove it',
  }),
)

const MEANT_KIND = new Map([
  ['OpenQuote', 'close the quotation mark'],
  ['OpenComment', 'close the comment with }'],
])

/** MODEL_INVALID for a text that is no formula; detail { line, column, expected, suggestion, text }. */
export function syntaxError({ text, words, found, expected, place }: Failure): QuesnayError {
  const atEnd = found.tokenType === EOF
  const before = words.slice(0, atEnd ? words.length : words.indexOf(found))
  const at = place(atEnd ? endOf(text) : found)
  const wanted = expected(before)
  const last = before.at(-1)
  const suggestion = suggestionFor(found, before, wanted, text, place)
  const what = atEnd ? 'found the end' : `found ${quoted(wholeCharacter(found, text))}`
  const message = `line ${at.line}, column ${at.column}: expected ${either(wanted)}${last ? ` after ${quoted(last.image)}` : ''}, ${what}`
  return new QuesnayError('MODEL_INVALID', message, {
    ...at,
    expected: wanted,
    ...(suggestion ? { suggestion } : {}),
    text,
  })
}

function suggestionFor(
  found: IToken,
  before: readonly IToken[],
  wanted: readonly string[],
  text: string,
  place: Failure['place'],
): string | undefined {
  const last = before.at(-1)
  const kind = found.tokenType.name
  const names = (token: IToken | undefined) => token?.tokenType.name.endsWith('Name')
  const meant = MEANT.get(wholeCharacter(found, text)) ?? MEANT_KIND.get(kind)
  if (meant) return meant
  if (kind === 'RightParenthesis' && !before.some(({ image }) => image === '('))
    return "remove the ')' or open it before"
  if (found.tokenType === EOF || kind.startsWith('Right')) {
    const open = unclosed(before)
    if (open && wanted.includes(open.image === '(' ? "')'" : "']'")) {
      const { line, column } = place(open)
      return `close the '${open.image}' of line ${line}, column ${column}`
    }
  }
  if (names(last) && names(found) && !`${last!.image}${found.image}`.includes('"'))
    return `write a name of several words with underscores, ${last!.image}_${found.image}, or in quotation marks; or put an operator between`
  if (wanted.includes('an operator') && (names(found) || kind.endsWith('Number') || found.image === '('))
    return "put an operator between, such as '*'"
  if (wanted.includes('THEN') || wanted.includes('ELSE')) return 'write IF condition THEN value ELSE value'
  return undefined
}

/** The innermost parenthesis or bracket that is still open. */
function unclosed(words: readonly IToken[]): IToken | undefined {
  const open: IToken[] = []
  for (const word of words) {
    if (word.image === '(' || word.image === '[') open.push(word)
    else if (word.image === ')' || word.image === ']') open.pop()
  }
  return open.at(-1)
}

function endOf(text: string): { startLine: number; startColumn: number } {
  const lines = text.trimEnd().split(/\r\n|\r|\n/)
  return { startLine: lines.length, startColumn: lines.at(-1)!.length + 1 }
}

/** The word; of one that the grammar does not know only its first character, whole where it lies outside the basic plane. */
const wholeCharacter = (word: IToken, text: string) =>
  ['Stray', 'OpenQuote', 'OpenComment'].includes(word.tokenType.name)
    ? String.fromCodePoint(text.codePointAt(word.startOffset)!)
    : word.image

const quoted = (image: string) => (image.startsWith('"') && image.length > 1 ? image : `'${image}'`)

const either = (options: readonly string[]) =>
  options.length < 2 ? (options[0] ?? 'nothing more') : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`
