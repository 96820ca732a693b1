// The shipped files that populations are read and made by: lists of codes, how columns grow; and what rule sets say of data sets.
import { readdir, readFile } from 'node:fs/promises'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { type Code, type CodeList, readCodeList } from './rules/population/code-list.ts'
import { type DataShape, dataShape } from './rules/population/data-shape.ts'
import type { Preset } from './rules/population/mapping.ts'
import type { State } from './rules/population/synthetic/generate.ts'
import { readUprating, type UpratingText } from './rules/population/uprate.ts'
import { mappingsOf, requireRuleSet } from './rules/rule-set/shipped.ts'

const DATA = packageFile('subgraphs', 'parameters', 'data')

/** Files are read once: they do not change while the code runs. */
const texts = new Map<string, Promise<string>>()
function textOf(...path: string[]): Promise<string> {
  const file = [DATA, ...path].join('/')
  const text = texts.get(file) ?? readFile(file, 'utf8')
  texts.set(file, text)
  return text
}

/** Names of the YAML files of a folder, without their ending. */
async function namesIn(...path: string[]): Promise<string[]> {
  const files = await readdir([DATA, ...path].join('/'))
  return files
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort()
}

/** What a data set of a rule set holds. @throws NOT_FOUND */
export const loadShape = (ruleSetId: string, path: string): DataShape => dataShape(requireRuleSet(ruleSetId, path))

/** What another system calls the columns of a rule set. @throws NOT_FOUND */
export function requirePreset(ruleSetId: string, name: string, path: string): Preset {
  const presets = mappingsOf(requireRuleSet(ruleSetId, path))
  const names = presets.map((preset) => preset.name)
  assertThere('preset', name, names, path)
  return presets[names.indexOf(name)]!
}

/** A list of codes by its id. @throws NOT_FOUND */
export async function loadCodeList(id: string, path: string): Promise<CodeList> {
  assertThere('list of codes', id, await namesIn('codes'), path)
  return readCodeList(await textOf('codes', `${id}.yaml`))
}

/** States of the United States, as the synthetic population needs them. */
export async function loadStates(): Promise<State[]> {
  type StateCode = Code & { readonly population: number; readonly incomeTax: boolean }
  const { codes } = readCodeList<StateCode>(await textOf('codes', 'us-states.yaml'))
  return codes.map(({ value, population, incomeTax }) => ({ code: value, population, incomeTax }))
}

/** How columns of a rule set grow where a question does not say; none where nothing is shipped for it. */
export async function loadUprating(ruleSetId: string): Promise<UpratingText[]> {
  if (!(await namesIn('uprating')).includes(ruleSetId)) return []
  return readUprating(await textOf('uprating', `${ruleSetId}.yaml`))
}

function assertThere(what: string, id: string, ids: readonly string[], path: string): void {
  if (ids.includes(id)) return
  const like = nearest(id, ids)
  const suggestion = like
    ? `did you mean "${like}"?`
    : ids.length > 0
      ? `there is "${ids.join('", "')}"`
      : 'there is none'
  throw new QuesnayError('NOT_FOUND', `no ${what} "${id.slice(0, 80)}"`, { path, suggestion })
}
