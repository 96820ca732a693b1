// How a command fails: one line with a code and a hint, and an exit code that is not zero.
import type { CommanderError } from 'commander'
import { ERRORS, isQuesnayError, QuesnayError, toWireError } from '../schema/errors.ts'
import { printable } from './output/printable.ts'

/** Exit code of a command that Ctrl-C ended, as shells count signals: 128 + SIGINT. */
export const INTERRUPTED = 130

export interface ErrorReport {
  readonly line: string
  readonly exitCode: number
}

/** The line for a person, with the place in their file below it where the error is in one; or with `json` one JSON object for a script. */
export function reportError(error: unknown, json: boolean): ErrorReport {
  const wire = toWireError(error)
  const exitCode = wire.code === 'RUN_CANCELLED' ? INTERRUPTED : 1
  // Inside our own process the text of an unexpected error helps; across the wire it is masked.
  const message = isQuesnayError(error) || !(error instanceof Error) ? wire.message : error.message
  const hint = typeof wire.detail['suggestion'] === 'string' ? wire.detail['suggestion'] : ERRORS[wire.code].say
  if (json)
    return { line: JSON.stringify({ error: { code: wire.code, message, hint, detail: wire.detail } }), exitCode }
  // A name that the message suggests already is not said again.
  const oneLine = `quesnay: ${wire.code}: ${message}${message.includes(hint) ? '' : ` (${hint})`}`.replace(
    /\s*\n\s*/g,
    '; ',
  )
  const { excerpt } = wire.detail
  const line = typeof excerpt === 'string' && excerpt !== '' ? `${clipped(oneLine)}\n${excerpt}` : clipped(oneLine)
  return { line: printable(line), exitCode }
}

/** Nobody reads on, where a circle of a thousand variables is told from one to the other; --json tells all. */
const MOST_SHOWN = 2000
const clipped = (line: string) => (line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN)} ...`)

/** What commander found wrong with the words of a command line, in the form of every other error. */
export function usageError({ message }: CommanderError, command: string): QuesnayError {
  const [first = '', meant] = message.replace(/^error: /, '').split('\n')
  const help = command ? `quesnay ${command} --help lists its options` : 'quesnay --help lists the commands'
  return new QuesnayError('BAD_INPUT', first, {
    path: 'command line',
    suggestion: meant ? `${meant.replace(/[()]/g, '')} ${help}` : help,
  })
}
