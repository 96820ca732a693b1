// The errors of reading and writing XMILE: each names the variable or tag, and the line of the file.
import { type ErrorCode, QuesnayError } from '../../../schema/errors.ts'

/** Where in a file: the variable (or tag) and the line, where known. */
export interface Place {
  readonly path: string
  readonly line?: number
}

/** A file or equation that breaks the rules of XMILE: MODEL_INVALID. */
export function invalid(place: Place, message: string, detail: Record<string, unknown> = {}): QuesnayError {
  return fault('MODEL_INVALID', place, `${place.path}: ${message}`, detail)
}

/** What XMILE allows and the models here have not, or the other way about: CONSTRUCT_UNSUPPORTED with `construct`. */
export function unsupported(place: Place, construct: string, suggestion?: string): QuesnayError {
  const message = `${place.path}: ${construct} is not supported`
  return fault('CONSTRUCT_UNSUPPORTED', place, message, { construct, ...(suggestion && { suggestion }) })
}

function fault(code: ErrorCode, place: Place, message: string, detail: Record<string, unknown>): QuesnayError {
  const { path, line } = place
  return new QuesnayError(code, line === undefined ? message : `${message} (line ${line})`, {
    path,
    ...(line !== undefined && { line }),
    ...detail,
  })
}
