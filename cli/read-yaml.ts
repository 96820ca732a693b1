// Reads a YAML or JSON file that a person wrote.
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { QuesnayError } from '../schema/errors.ts'
import { isMembers, type Members, readText } from './read-input.ts'

/** The members of a YAML or JSON file that holds one object. Errors: BAD_INPUT; `hint` says what the file is to hold. */
export function readYaml(path: string, hint: string): Members {
  const fail = (problem: string) => new QuesnayError('BAD_INPUT', `${path} ${problem}`, { path, suggestion: hint })
  const text = readText(path)
  try {
    const value = parseYaml(text) as unknown
    if (isMembers(value)) return value
  } catch (error) {
    if (error instanceof YAMLParseError) throw fail(`is not YAML: ${error.message.split('\n')[0]!.replace(/:$/, '')}`)
    throw error
  }
  throw fail('does not hold one object')
}
