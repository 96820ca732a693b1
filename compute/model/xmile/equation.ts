// The text of an equation to its tree, and what XMILE allows in it that is not supported.
import { isQuesnayError } from '../../../schema/errors.ts'
import type { Formula, Position } from '../formula/ast.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import { invalid, type Place, unsupported } from './faults.ts'
import type { XmlElement } from './xml.ts'

/** True where an equation says nothing: it is empty, a comment, or `???` (what editors write for one to come). */
export function isBlank(text: string | undefined): boolean {
  return /^\s*\?*\s*$/.test(withoutComments(text ?? ''))
}

/** Without what stands in braces; a brace that is not closed stays. */
function withoutComments(text: string): string {
  let kept = ''
  let from = 0
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
    const close = text.indexOf('}', open)
    if (close < 0) break
    kept += `${text.slice(from, open)} `
    from = close + 1
  }
  return kept + text.slice(from)
}

/**
 * The tree of the equation in an element, with the names and functions as they stand there.
 * Errors: MODEL_INVALID where it is blank or no equation; CONSTRUCT_UNSUPPORTED for transposition, ranges and dimension positions.
 */
export function readEquation(element: XmlElement, place: Place): Formula {
  return readEquationText(element.text, { ...place, line: element.line }, element.textAt)
}

/** The same for text that is not an element's, such as an attribute's. */
export function readEquationText(text: string, place: Place, at: Position): Formula {
  if (isBlank(text)) throw invalid(place, `has no equation${text.trim() ? ` ('${text.trim()}')` : ''}; give it one`)
  if (withoutComments(withoutQuoted(text)).includes('{'))
    throw invalid(place, 'a comment is not closed; close it with }')
  const plain = withCalledIf(withNamedRanges(withoutQualifiedWildcard(text)))
  try {
    return parseFormula(plain, { dialect: 'xmile', at })
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    const construct = foreignConstruct(plain)
    if (construct) throw unsupported(place, construct)
    throw invalid(place, error.message, { ...error.detail, path: place.path })
  }
}

const withoutQuoted = (text: string): string => text.replaceAll(/"(?:[^"\\]|\\[\s\S])*"/g, '""')

/** `demand[Location.*]` is `demand[*]`; of the same length, so that places hold. */
function withoutQualifiedWildcard(text: string): string {
  if (!text.includes('.*')) return text
  return text.replaceAll(/(?:(?<![\p{L}\p{N}_$])[\p{L}\p{N}_$]+|"[^"\n]*")\.\*(?=[\s,\]])/gu, (whole) =>
    '*'.padStart(whole.length),
  )
}

/** `x[*:Part]` is `x[Part!]`, and `x[1:3]` is `x["1:3"!]`, which `resolve` takes for the elements from one to the other (3.7.1.2). */
function withNamedRanges(text: string): string {
  if (!text.includes(':')) return text
  const range = /"(?:[^"\\]|\\[\s\S])*"|\{[^}]*\}|(\*|[\p{L}\p{N}_$.]+)\s*:\s*([\p{L}\p{N}_$.]+)/gu
  return text.replaceAll(range, (whole, from: string | undefined, to: string) => {
    if (from === undefined) return whole
    return (from === '*' ? `${to}!` : `"${from}:${to}"!`).padStart(whole.length)
  })
}

/** `IF(c, a, b)` as a function: its name becomes if_then_else. */
function withCalledIf(text: string): string {
  if (!text.includes(',')) return text
  const calls: number[] = []
  const open: { readonly at: number; commas: number }[] = []
  let word = -1
  for (const { 0: part, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|\{[^}]*\}|[\p{L}\p{N}_$.]+|[()[\],]/gu)) {
    if ('(['.includes(part)) open.push({ at: word, commas: 0 })
    else if (')]'.includes(part)) {
      const closed = open.pop()
      if (closed && closed.at >= 0 && closed.commas === 2) calls.push(closed.at)
    } else if (part === ',' && open.length > 0) open.at(-1)!.commas++
    if (!part.startsWith('{')) word = part.toLowerCase() === 'if' ? index : -1
  }
  let result = ''
  let from = 0
  for (const at of calls.sort((a, b) => a - b)) {
    result += `${text.slice(from, at)}if_then_else`
    from = at + 2
  }
  return result + text.slice(from)
}

function foreignConstruct(text: string): string | undefined {
  const bare = withoutComments(withoutQuoted(text))
  if (/[\w\])]\s*'/.test(bare)) return "transposition (')"
  if (/\[[^[\]]*@/.test(bare)) return 'a dimension position (@)'
  if (/\[[^[\]]*:/.test(bare)) return 'a range of elements (:)'
  return undefined
}
