// The shipped files that populations are read and made by: what a data set of a rule set holds, names of other systems, lists of codes.
import { readdir, readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { type Code, type CodeList, readCodeList } from './rules/population/code-list.ts'
import { type DataShape, readDataShape } from './rules/population/data-shape.ts'
import type { Preset } from './rules/population/mapping.ts'
import type { State } from './rules/population/synthetic/generate.ts'
import { readUprating, type UpratingText } from './rules/population/uprate.ts'

const RULES = packageFile('subgraphs', 'parameters', 'data', 'rules')
const CODES = packageFile('subgraphs', 'parameters', 'data', 'codes')
const RULE_SET = 'rule-set.yaml'
const UPRATING = 'uprating.yaml'

/** Files are read once: they do not change while the code runs. */
const texts = new Map<string, Promise<string>>()
function textOf(...path: string[]): Promise<string> {
  const file = path.join('/')
  const text = texts.get(file) ?? readFile(file, 'utf8')
  texts.set(file, text)
  return text
}

/** Ids of rule sets that data sets can be for. */
export async function shapeIds(): Promise<string[]> {
  const folders = await readdir(RULES, { withFileTypes: true })
  return folders
    .filter((folder) => folder.isDirectory())
    .map(({ name }) => name)
    .sort()
}

/** What a data set of a rule set holds. @throws NOT_FOUND */
export async function loadShape(ruleSetId: string, path: string): Promise<DataShape> {
  assertThere('rule set', ruleSetId, await shapeIds(), path)
  return readDataShape(await textOf(RULES, ruleSetId, RULE_SET))
}

/** Names of another system for the columns of a rule set. @throws NOT_FOUND */
export async function loadPreset(ruleSetId: string, id: string, path: string): Promise<Preset> {
  const files = (await readdir(`${RULES}/${ruleSetId}`)).filter((name) => name.endsWith('.yaml'))
  const presets: Preset[] = []
  for (const file of files.sort()) {
    const content = parse(await textOf(RULES, ruleSetId, file)) as Partial<Preset> | null
    if (content?.inputs) presets.push({ ...(content as Preset), id: file.replace(/\.yaml$/, '') })
  }
  assertThere(
    'preset',
    id,
    presets.map((preset) => preset.id),
    path,
  )
  return presets.find((preset) => preset.id === id)!
}

/** A list of codes by its id. @throws NOT_FOUND */
export async function loadCodeList(id: string, path: string): Promise<CodeList> {
  const ids = (await readdir(CODES)).map((name) => name.replace(/\.yaml$/, '')).sort()
  assertThere('list of codes', id, ids, path)
  return readCodeList(await textOf(CODES, `${id}.yaml`))
}

/** States of the United States, as the synthetic population needs them. */
export async function loadStates(): Promise<State[]> {
  type StateCode = Code & { readonly population: number; readonly incomeTax: boolean }
  const { codes } = readCodeList<StateCode>(await textOf(CODES, 'us-states.yaml'))
  return codes.map(({ value, population, incomeTax }) => ({ code: value, population, incomeTax }))
}

/** How columns of a rule set grow where a question does not say; none where the rule set ships no such file. */
export async function loadUprating(ruleSetId: string): Promise<UpratingText[]> {
  const files = await readdir(`${RULES}/${ruleSetId}`)
  return files.includes(UPRATING) ? readUprating(await textOf(RULES, ruleSetId, UPRATING)) : []
}

function assertThere(what: string, id: string, ids: readonly string[], path: string): void {
  if (ids.includes(id)) return
  const like = nearest(id, ids)
  const suggestion = like ? `did you mean "${like}"?` : `there is "${ids.join('", "')}"`
  throw new QuesnayError('NOT_FOUND', `no ${what} "${id.slice(0, 80)}"`, { path, suggestion })
}
