// The shipped rules of the United States over rows of units: what every rule comes to, under the law of a year.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'
import { lower } from '../../compute/model/lowering/lower.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { packageFile } from '../../infra/paths.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import { nameKey } from '../../subgraphs/parameters/rules/rule-set/names.ts'
import { dayOf, ruleInputs } from '../../subgraphs/parameters/rules/rule-set/rule-inputs.ts'
import { ruleModel, withOutputs } from '../../subgraphs/parameters/rules/rule-set/rule-model.ts'
import { requireRuleSet } from '../../subgraphs/parameters/rules/rule-set/shipped.ts'
import { sharedData } from './shared-data.ts'

export type Row = Readonly<Record<string, number>>

const file = (...path: string[]) => readFileSync(packageFile('subgraphs', 'parameters', 'data', ...path), 'utf8')

export const usTree = () => readTree(file('us-federal.yaml'))
export const usRules = () => requireRuleSet('us-federal', 'ruleSet')

/** Tax-Calculator's names and ours. */
export const taxcalcNames = () =>
  parseYaml(file('rules', 'us-federal', 'taxcalc.yaml')) as {
    readonly inputs: Readonly<Record<string, string>>
    readonly outputs: Readonly<Record<string, string>>
    readonly totals: Readonly<Record<string, readonly string[]>>
  }

/** Rows of a file of units or answers. */
export const readUnits = (name: string): Row[] =>
  parseCsv(gunzipSync(readFileSync(sharedData('parameters', name))), {
    columns: true,
    cast: (text, { header }) => (header ? text : Number(text)),
  }) as Row[]

let compiled: ReturnType<typeof compile> | undefined

function compile() {
  const ruleSet = usRules()
  const names = ruleSet.rules.flatMap(({ elements }) => elements)
  const plan = lower(withOutputs(ruleModel(ruleSet, []).model, names, 'outputs'))
  return { ruleSet, plan, tree: usTree() }
}

/** Values of a parameter that stand in the place of the law's, by its id without `us.federal.`. */
export type Reform = Readonly<Record<string, readonly number[]>>

/** Every result of the rules, one number a row, by name. Rows have columns by the rules' names; what is absent has its default. */
export function taxUnits(year: number, rows: readonly Row[], reform: Reform = {}): (name: string) => Float64Array {
  compiled ??= compile()
  const { ruleSet, plan, tree } = compiled
  const law = new Map(lawOn(tree, dayOf(ruleSet, year, 'year')))
  for (const [id, values] of Object.entries(reform)) {
    if (!law.has(`us.federal.${id}`)) throw new Error(`there is no parameter ${id}`)
    law.set(`us.federal.${id}`, [...values])
  }
  const inputs = ruleInputs(ruleSet, plan, [{ name: null, values: law }])
  const known = new Set(ruleSet.columns.map(({ name }) => name))
  for (const name of Object.keys(rows[0] ?? {})) if (!known.has(name)) throw new Error(`there is no column ${name}`)
  const columns = Object.fromEntries(
    ruleSet.columns.map(({ name, default: otherwise }) => [
      name,
      Float64Array.from(rows, (row) => row[name] ?? otherwise!),
    ]),
  )
  const { values, status } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: rows.length }, '0')
  if (status.kind !== 'DONE') throw new Error(JSON.stringify(status))
  const places = new Map(plan.outputs.map(({ name }, i) => [nameKey(name), i]))
  return (name) => {
    const place = places.get(nameKey(name))
    if (place === undefined) throw new Error(`there is no result ${name}`)
    return values.subarray(place * rows.length, (place + 1) * rows.length)
  }
}

/** The results of the rules for one unit. */
export function taxUnit(year: number, row: Row, reform?: Reform): (name: string) => number {
  const results = taxUnits(year, [row], reform)
  return (name) => results(name)[0]!
}
