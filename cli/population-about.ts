// What a person writes of a population in YAML, as the input of its import.
import { QuesnayError } from '../schema/errors.ts'
import { isMembers, type Members } from './read-input.ts'

/**
 * The members of ImportPopulationInput; `mapping` says of each column of the rule set which column of the file it is (`wages: e00200`),
 * which value all units have (`state: 6`), or more: from, value, factor, default, codes (`{ CA: 6 }`, or the id of a list).
 * Errors: BAD_INPUT.
 */
export function populationInput({ mapping, ...about }: Members): Members {
  if (mapping === undefined || mapping === null) return about
  if (!isMembers(mapping))
    throw fault('mapping', 'is no map', 'write the columns of the rule set, as in wages[head]: e00200p')
  return {
    ...about,
    columns: Object.entries(mapping).map(([column, how]) => ({ column, ...columnInput(column, how) })),
  }
}

function columnInput(column: string, how: unknown): Members {
  if (typeof how === 'string') return { from: how }
  if (typeof how === 'number') return { value: how }
  if (!isMembers(how))
    throw fault(`mapping.${column}`, 'is neither a name, a number nor a map', 'write the name of a column of the file')
  const { codes, ...rest } = how
  if (codes === undefined) return rest
  if (typeof codes === 'string') return { ...rest, codeList: codes }
  if (!isMembers(codes))
    throw fault(
      `mapping.${column}.codes`,
      'is neither a map nor the id of a list',
      'write numbers by text, as in { CA: 6 }',
    )
  return { ...rest, codes: Object.entries(codes).map(([text, value]) => ({ text, value })) }
}

const fault = (path: string, what: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', `${path} ${what}`, { path, suggestion })
