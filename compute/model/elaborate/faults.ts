// The faults of a source, gathered so that its author sees all of them at once.
import { type ErrorCode, QuesnayError } from '../../../schema/errors.ts'
import type { Position } from '../formula/ast.ts'
import type { SourceFinding } from '../source/source.ts'

export interface SourceFault {
  /** The variable, `time.dt`, `outputs.NAME`, or the name of a block. */
  readonly path: string
  readonly message: string
  /** In the text that the formula was read from, where that is known. */
  readonly line?: number
  readonly column?: number
  readonly suggestion?: string
}

interface More {
  readonly at?: Position | undefined
  readonly suggestion?: string | undefined
}

/** Whoever has as many is not helped by more, and each may search all names for a suggestion. */
const MAX_FAULTS = 100

/** Faults of one source: what is wrong with it, and what of it cannot be run here. An equal fault is told once; the hundredth ends it. */
export class Faults {
  readonly wrong: SourceFault[] = []
  readonly unsupported: SourceFault[] = []
  readonly #seen = new Set<string>()

  add(path: string, message: string, more: More = {}): void {
    this.#put(this.wrong, path, message, more)
  }

  /** A construct that has a meaning, but none that the plan machine can give it. */
  unsupport(path: string, message: string, more: More = {}): void {
    this.#put(this.unsupported, path, message, more)
  }

  /** Units that do not fit, where the author wants them to. */
  addFindings(findings: readonly SourceFinding[]): void {
    for (const { path, message, suggestion } of findings) this.add(path, message, { suggestion })
  }

  /** Throws MODEL_INVALID, or CONSTRUCT_UNSUPPORTED where nothing is wrong, with the first fault and all in `detail.faults`. */
  throwAny(): void {
    const faults = [...this.wrong, ...this.unsupported]
    const [first] = faults
    if (!first) return
    const code: ErrorCode = this.wrong.length > 0 ? 'MODEL_INVALID' : 'CONSTRUCT_UNSUPPORTED'
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
    throw new QuesnayError(code, `${first.path}: ${first.message}${more}`, { ...first, faults })
  }

  #put(list: SourceFault[], path: string, message: string, { at, suggestion }: More): void {
    const key = `${path}\n${message}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    list.push({
      path,
      message,
      ...(at ? { line: at.line, column: at.column } : {}),
      ...(suggestion === undefined ? {} : { suggestion }),
    })
    if (this.#seen.size >= MAX_FAULTS) this.throwAny()
  }
}
