// Reads what a person gives on the command line: files, standard input, JSON and numbers.
import { readFileSync, statSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { QuesnayError } from '../schema/errors.ts'
import { decodeText } from './decode-text.ts'

export type Members = Readonly<Record<string, unknown>>

/** Whether a file or folder of this name is there. */
export const isThere = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined

/** What a path is called in messages. */
export const nameOf = (path: string) => (path === '-' ? 'standard input' : path)

/** Text of a file, or of standard input for "-". Errors: BAD_INPUT. */
export function readText(path: string): string {
  return decodeText(readBytes(path), nameOf(path))
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? 0 : path)
  } catch (cause) {
    throw new QuesnayError('BAD_INPUT', `cannot read ${nameOf(path)}: ${reasonOf(cause)}`, {
      path,
      suggestion: 'check the file name',
    })
  }
}

/** Variables given as JSON, or as @FILE. Errors: BAD_INPUT. */
export function readVariables(argument: string): Members {
  const suggestion = `write --variables '{"id":"USA"}', or --variables @FILE`
  const fail = (problem: string) => new QuesnayError('BAD_INPUT', problem, { path: '--variables', suggestion })
  const text = argument.startsWith('@') ? readText(argument.slice(1)) : argument
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw fail(`--variables is not JSON: ${(error as Error).message}`)
  }
  if (!isMembers(value)) throw fail('--variables is not one JSON object')
  return value
}

/** For an option that takes a whole number; how large it may be is for the graph to say, as far as it can read it (GraphQL Int). */
export function wholeNumber(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`It takes a whole number${/^-?\d+$/.test(text) ? ' of at most nine digits' : ''}.`)
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Why the system refused, without its own way of telling the path. */
export function reasonOf(cause: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be read',
    ERR_FS_FILE_TOO_LARGE: 'it is too large',
  }
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
  return reasons[code] ?? code
}
