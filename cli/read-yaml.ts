// Reads a YAML or JSON file that a person wrote.
import { parse as parseYaml } from 'yaml'
import { QuesnayError } from '../schema/errors.ts'
import { nestsTooDeeply } from '../schema/yaml-depth.ts'
import { isMembers, type Members, nameOf, readText } from './read-input.ts'

/** The members of a YAML or JSON file that holds one object. Errors: BAD_INPUT; `hint` says what the file is to hold. */
export const readYaml = (path: string, hint: string): Members => parseMembers(readText(path), path, hint)

/** The same of a text that was read from there. */
export function parseMembers(text: string, path: string, hint: string): Members {
  const fail = (problem: string) =>
    new QuesnayError('BAD_INPUT', `${nameOf(path)} ${problem}`, { path, suggestion: hint })
  if (text.trim() === '') throw fail('is empty')
  if (nestsTooDeeply(text)) throw fail('is nested too deeply')
  try {
    const value = parseYaml(text) as unknown
    if (isMembers(value)) return value
  } catch (error) {
    // A fault of its syntax, or too many aliases.
    throw fail(`is not YAML: ${(error as Error).message.split('\n')[0]!.replace(/:$/, '')}`)
  }
  throw fail('does not hold one object')
}
