// Cuts the text of a .mdl file into definitions, macros and settings; nothing here knows what a formula is.
import type { Position } from '../formula/ast.ts'
import type { Method } from '../model.ts'
import { invalid } from './faults.ts'
import type { Definition, MacroText } from './syntax.ts'

export interface VensimFile {
  readonly definitions: readonly Definition[]
  readonly macros: readonly MacroText[]
  readonly method: Method
  /** Vensim would choose its own step within the time step. */
  readonly isAdaptive: boolean
}

const SKETCH = /^(?:\\\\\\---\/\/\/|\/\/\/---\\\\\\)/m
const START_OF_MACRO = /:\s*MACRO\s*:/iy
const END_OF_MACRO = /:\s*END\s+OF\s+MACRO\s*:/iy

/**
 * The parts of a .mdl file. The sketch is left out, groups (`****`) are passed over. Byte order mark, `{UTF-8}`, all kinds of
 * line ends and `\` at a line's end are taken. MODEL_INVALID with line and column where a part is not closed.
 */
export function splitFile(text: string): VensimFile {
  const whole = text.replace(/^\uFEFF/, ' ').replaceAll(/\r\n?/g, '\n')
  const sketch = SKETCH.exec(whole)
  const scanner = new Scanner(sketch ? whole.slice(0, sketch.index) : whole)
  const definitions: Definition[] = []
  const macros: MacroText[] = []
  let macro: { header: Definition; body: Definition[] } | undefined
  while (scanner.skipBlanks()) {
    if (scanner.takes(START_OF_MACRO)) {
      if (macro) throw invalid('macro', scanner.at, 'a macro begins before the last one ended; write :END OF MACRO:')
      macro = { header: scanner.macroHeader(), body: [] }
      macros.push(macro)
    } else if (scanner.takes(END_OF_MACRO)) {
      if (!macro) throw invalid('macro', scanner.at, ':END OF MACRO: without :MACRO:')
      macro = undefined
    } else if (!scanner.skipGroup()) (macro?.body ?? definitions).push(scanner.definition())
  }
  if (macro) throw invalid('macro', macro.header.at, 'is not closed; write :END OF MACRO: after it')
  return { definitions, macros, ...integrationOf(sketch ? whole.slice(sketch.index) : '') }
}

/**
 * The integration type is the fourth number of the setting 15: 0 Euler, 2 difference, 3 and 4 RK2, 1 and 5 RK4, of which 1 and 3
 * adapt their step. As other readers of the format take it; Vensim does not document it.
 */
function integrationOf(settings: string): { method: Method; isAdaptive: boolean } {
  const kind = /^15:(?:[^,\n]*,){3}[ \t]*(\d+)/m.exec(settings)?.[1] ?? '0'
  const method = kind === '1' || kind === '5' ? 'rk4' : kind === '3' || kind === '4' ? 'rk2' : 'euler'
  return { method, isAdaptive: kind === '1' || kind === '3' }
}

class Scanner {
  private index = 0
  private line = 1
  private lineStart = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get at(): Position {
    return { line: this.line, column: this.index - this.lineStart + 1 }
  }

  /** False at the end. */
  skipBlanks(): boolean {
    while (this.index < this.text.length) {
      if (this.text[this.index] === '{') this.comment()
      else if (/\s/.test(this.text[this.index]!)) this.step()
      else return true
    }
    return false
  }

  takes(pattern: RegExp): boolean {
    pattern.lastIndex = this.index
    const found = pattern.exec(this.text)
    if (found) this.stepTo(this.index + found[0].length)
    return found !== null
  }

  /** From the name to the closing parenthesis. */
  macroHeader(): Definition {
    this.skipBlanks()
    const { at, index } = this
    const end = this.text.indexOf(')', index)
    if (end < 0) throw invalid('macro', at, "expected a name and arguments in parentheses, as in ':MACRO: F(a, b)'")
    this.stepTo(end + 1)
    return { text: this.text.slice(index, end + 1), at }
  }

  /** `****` ... `|`. */
  skipGroup(): boolean {
    if (!this.text.startsWith('***', this.index)) return false
    const end = this.text.indexOf('|', this.index)
    if (end < 0) throw invalid('group', this.at, "is not closed by '|'")
    this.stepTo(end + 1)
    return true
  }

  /** Equation ~ unit ~ comment [~ flags] |. */
  definition(): Definition {
    const { at } = this
    const text = this.equation()
    const rest: string[] = []
    while (this.text[this.index] === '~') {
      const end = /[~|]/g
      end.lastIndex = this.index + 1
      const found = end.exec(this.text)
      if (!found) throw invalid(headOf(text), at, "is not closed by '|'")
      rest.push(this.text.slice(this.index + 1, found.index).replaceAll(/\\\n/g, ' '))
      this.stepTo(found.index)
    }
    this.step()
    const unit = (rest[0] ?? '')
      .replace(/\[[^\]]*\]\s*$/, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    const doc = (rest[1] ?? '').replaceAll(/\s+/g, ' ').trim()
    return { text, at, ...(unit && { unit }), ...(doc && { doc }) }
  }

  /** Up to `~` or `|`, with comments and continuations as blanks. */
  private equation(): string {
    const { at } = this
    let text = ''
    while (this.index < this.text.length) {
      const character = this.text[this.index]!
      const begin = this.index
      if (character === '~' || character === '|') return text
      if (character === '{') {
        this.comment()
        text += this.text.slice(begin, this.index).replaceAll(/[^\n]/g, ' ')
      } else if (character === '"') {
        this.quoted()
        text += this.text.slice(begin, this.index)
      } else if (character === '\\' && /\\[ \t]*\n/y.test(this.text.slice(this.index, this.index + 80))) {
        text += ' '
        this.step()
      } else {
        text += character
        this.step()
      }
    }
    throw invalid(headOf(text), at, "is not closed by '|'")
  }

  private comment(): void {
    const { at } = this
    let depth = 0
    do {
      if (this.index >= this.text.length) throw invalid('comment', at, "is not closed by '}'")
      if (this.text[this.index] === '{') depth++
      else if (this.text[this.index] === '}') depth--
      this.step()
    } while (depth > 0)
  }

  private quoted(): void {
    const { at } = this
    const found = /"(?:[^"\\]|\\[\s\S])*"/y
    found.lastIndex = this.index
    const name = found.exec(this.text)?.[0]
    if (name === undefined) throw invalid('name', at, 'a quotation mark is not closed')
    this.stepTo(this.index + name.length)
  }

  private step(): void {
    if (this.text[this.index] === '\n') {
      this.line++
      this.lineStart = this.index + 1
    }
    this.index++
  }

  private stepTo(index: number): void {
    while (this.index < index) this.step()
  }
}

/** What an error calls a definition that cannot be read: its first words. */
export function headOf(text: string): string {
  const head = /^\s*(?:"(?:[^"\\]|\\[\s\S])*"|[^=:([<~|]*)/.exec(text)![0]
  return head.replaceAll(/\s+/g, ' ').trim().slice(0, 60) || 'definition'
}
