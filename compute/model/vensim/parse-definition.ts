// From the text of a definition to what it says; errors carry line, column, what was expected and what was found.
import { type IToken, tokenLabel } from 'chevrotain'
import type { Position } from '../formula/ast.ts'
import { invalid } from './faults.ts'
import { Grammar, isEnd } from './grammar.ts'
import { headOf } from './split-file.ts'
import type { Definition, Parsed } from './syntax.ts'
import { RealityCheck, wordsOf } from './tokens.ts'

let shared: Grammar | undefined
const grammar = () => {
  shared ??= new Grammar()
  return shared
}

/** What a definition says; undefined for a reality check, which is no part of a simulation. MODEL_INVALID where it cannot be read. */
export function parseDefinition(definition: Definition): Parsed | undefined {
  const words = wordsOf(definition.text)
  if (words.some((word) => word.tokenType.CATEGORIES?.includes(RealityCheck))) return undefined
  const path = headOf(definition.text)
  const parser = grammar()
  const read = parser.read(words, path, placeIn(definition))
  if (!read) throw syntaxError(parser, 'statement', words, path, definition)
  return { ...read, definition }
}

/** The name and the arguments of a macro. */
export function parseMacroHeader(header: Definition): { name: string; inputs: string[]; outputs: string[] } {
  const words = wordsOf(header.text)
  const parser = grammar()
  const read = parser.readHeader(words, placeIn(header))
  if (!read) throw syntaxError(parser, 'header', words, `macro ${headOf(header.text)}`, header)
  return read
}

const placeIn =
  ({ at }: Definition) =>
  ({ startLine, startColumn }: IToken): Position =>
    startLine === 1
      ? { line: at.line, column: at.column + startColumn! - 1 }
      : { line: at.line + startLine! - 1, column: startColumn! }

function syntaxError(parser: Grammar, rule: string, words: IToken[], path: string, definition: Definition) {
  const found = parser.errors[0]!.token
  const before = isEnd(found) ? words : words.slice(0, words.indexOf(found))
  const next = parser.computeContentAssist(rule, before).map(({ nextTokenType }) => tokenLabel(nextTokenType))
  const expected = [...new Set(next)]
  const last = before.at(-1)
  const at = isEnd(found)
    ? last
      ? placeIn(definition)({ ...last, startColumn: last.startColumn! + last.image.length })
      : definition.at
    : placeIn(definition)(found)
  const shown = isEnd(found) ? 'the end of the equation' : `'${found.image}'`
  const wanted = expected.length > 0 ? `expected ${expected.join(', ')}, found ${shown}` : `${shown} has no place here`
  return invalid(path, at, wanted, { expected, found: isEnd(found) ? '' : found.image })
}
