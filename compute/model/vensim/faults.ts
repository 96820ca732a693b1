// The errors of reading Vensim: each names the variable, and the line and column of the file.
import { type ErrorCode, QuesnayError } from '../../../schema/errors.ts'
import type { Position } from '../formula/ast.ts'

/** A file or equation that breaks the rules of Vensim: MODEL_INVALID with { path, line, column }. */
export function invalid(path: string, at: Position | undefined, message: string, detail: Record<string, unknown> = {}) {
  return fault('MODEL_INVALID', path, at, `${path}: ${message}`, detail)
}

/** What Vensim allows and the models here have not: CONSTRUCT_UNSUPPORTED with { path, construct, suggestion }. */
export function unsupported(path: string, at: Position | undefined, construct: string, suggestion?: string) {
  return fault('CONSTRUCT_UNSUPPORTED', path, at, `${path}: ${construct} is not supported`, {
    construct,
    ...(suggestion ? { suggestion } : {}),
  })
}

/** More than a model may sensibly ask for: LIMIT_EXCEEDED with { path, limit }. */
export function tooMuch(path: string, at: Position | undefined, what: string, limit: number) {
  return fault('LIMIT_EXCEEDED', path, at, `${path}: more than ${limit} ${what}`, { limit })
}

function fault(
  code: ErrorCode,
  path: string,
  at: Position | undefined,
  message: string,
  detail: Record<string, unknown>,
): QuesnayError {
  const where = at ? ` (line ${at.line}, column ${at.column})` : ''
  return new QuesnayError(code, `${message}${where}`, { path, ...at, ...detail })
}
