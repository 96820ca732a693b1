// What others call the columns and rules of a rule set, read from a file beside its rules.
import { readYaml, type YamlPart } from '../../../../compute/model/source/yaml-part.ts'
import { isQuesnayError } from '../../../../schema/errors.ts'
import { findColumn, findVariable } from './find-variables.ts'
import type { RuleSet } from './rule-set.ts'

export interface MappedName {
  readonly theirs: string
  /** Of an array one element. */
  readonly ours: string
}

export interface RuleMapping {
  /** Whose names they are, such as "taxcalc". */
  readonly name: string
  /** Their column that tells units apart; null where they have none. */
  readonly identifier: string | null
  /** Columns of theirs that are the sum of others of theirs. */
  readonly totals: readonly { readonly total: string; readonly parts: readonly string[] }[]
  /** Columns of data; theirs times the factor is ours. */
  readonly inputs: readonly (MappedName & { readonly factor: number })[]
  readonly outputs: readonly MappedName[]
}

/**
 * Reads a mapping: `identifier`, `totals: { total: [parts] }`, `inputs` and `outputs` by their name: ours, or of an input
 * `{ ours, factor }` where the unit is another.
 * MODEL_INVALID with line and column: unknown keys, names that the rule set does not have, a factor of 0.
 */
export function readMapping(name: string, text: string, ruleSet: RuleSet): RuleMapping {
  const { identifier, inputs, totals, outputs } = readYaml(text).fields(['identifier', 'inputs', 'totals', 'outputs'])
  return {
    name,
    identifier: identifier?.text() ?? null,
    totals: (totals?.entries((total) => total) ?? []).map(([total, part]) => ({
      total,
      parts: part.list().map((one) => one.text()),
    })),
    inputs: (inputs?.entries((theirs) => theirs) ?? []).map(([theirs, part]) => {
      const { ours, factor } = part.isMap ? part.fields(['ours', 'factor']) : { ours: part, factor: undefined }
      if (!ours) throw part.fault('it does not say which column it is', 'write { ours: wages[head], factor: 1000 }')
      const times = factor?.number() ?? 1
      if (times === 0) throw part.fault('a factor of 0 leaves nothing of the data')
      return { theirs, ours: found(ours, (column, path) => findColumn(ruleSet, column, path)), factor: times }
    }),
    outputs: (outputs?.entries((theirs) => theirs) ?? []).map(([theirs, part]) => ({
      theirs,
      ours: found(part, (variable, path) => findVariable(ruleSet, variable, path)),
    })),
  }
}

/** The fault of a name carries its place in the file. */
function found(part: YamlPart, find: (name: string, path: string) => { readonly name: string }): string {
  const name = part.text()
  try {
    return find(name, part.path).name
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    throw part.fault(error.message, String(error.detail['suggestion']))
  }
}
