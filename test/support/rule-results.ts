// A shipped rule set over rows of units: what its rules come to by the law of a year, and by a reform beside it.
import { readFileSync } from 'node:fs'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { packageFile } from '../../infra/paths.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import { checkFormulaChanges } from '../../subgraphs/parameters/rules/rule-set/formula-changes.ts'
import { nameKey } from '../../subgraphs/parameters/rules/rule-set/names.ts'
import { dayOf, ruleInputs } from '../../subgraphs/parameters/rules/rule-set/rule-inputs.ts'
import { type RuleModel, ruleModel, withOutputs } from '../../subgraphs/parameters/rules/rule-set/rule-model.ts'
import { requireRuleSet } from '../../subgraphs/parameters/rules/rule-set/shipped.ts'
import type { Tree } from '../../subgraphs/parameters/rules/tree.ts'

/** Columns of a unit by name; what is absent has its default. */
export type Unit = Readonly<Record<string, number>>

export interface Asked {
  readonly year: number
  /** As the law was known on this day; as known now where absent. */
  readonly knownAt?: string
  /** Values by id of the tree, and formulas by rule, that stand in the place of the law's. */
  readonly reform?: {
    readonly values?: Readonly<Record<string, readonly number[]>>
    readonly formulas?: Readonly<Record<string, string>>
  }
}

const REFORM = 'reform'
const trees = new Map<string, Tree>()
const compiled = new Map<string, { plan: Plan; resultOf: RuleModel['resultOf'] }>()

/** The shipped tree of this id. */
export function shippedTree(id: string): Tree {
  const tree =
    trees.get(id) ?? readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', `${id}.yaml`), 'utf8'))
  trees.set(id, tree)
  return tree
}

/** Each result by name, one number a unit: by the law, and with `true` by the reform. */
export function ruleResults(id: string, units: readonly Unit[], { year, knownAt, reform = {} }: Asked) {
  const ruleSet = requireRuleSet(id, 'ruleSet')
  const { values: changed = {}, formulas = {} } = reform
  const { plan, resultOf } = compile(id, Object.keys(changed), formulas)
  const law = lawOn(shippedTree(ruleSet.treeId), dayOf(ruleSet, year, 'year'), knownAt)
  for (const parameter of Object.keys(changed)) if (!law.has(parameter)) throw new Error(`no parameter ${parameter}`)
  const inputs = ruleInputs(ruleSet, plan, [
    { name: null, values: law },
    { name: REFORM, values: new Map([...law, ...Object.entries(changed)]) },
  ])
  const known = new Set(ruleSet.columns.map(({ name }) => name))
  for (const name of units.flatMap(Object.keys)) if (!known.has(name)) throw new Error(`there is no column ${name}`)
  const columns = Object.fromEntries(
    ruleSet.columns.map((column) => [
      column.name,
      Float64Array.from(units, (unit) => unit[column.name] ?? column.default!),
    ]),
  )
  const { values, status } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: units.length }, '0')
  if (status.kind !== 'DONE') throw new Error(JSON.stringify(status))
  const places = new Map(plan.outputs.map((output, i) => [nameKey(output.name), i]))
  return (name: string, reformed = false): Float64Array => {
    const place = places.get(nameKey(resultOf(name, reformed ? REFORM : undefined)))
    if (place === undefined) throw new Error(`there is no result ${name}`)
    return values.subarray(place * units.length, (place + 1) * units.length)
  }
}

/** The results of one unit. */
export function unitResults(id: string, unit: Unit, asked: Asked) {
  const results = ruleResults(id, [unit], asked)
  return (name: string, reformed = false): number => results(name, reformed)[0]!
}

function compile(id: string, parameters: readonly string[], formulas: Readonly<Record<string, string>>) {
  const key = JSON.stringify([id, parameters, formulas])
  const known = compiled.get(key)
  if (known) return known
  const ruleSet = requireRuleSet(id, 'ruleSet')
  const changes = Object.entries(formulas).map(([variable, formula]) => ({ ruleSet: id, variable, formula }))
  checkFormulaChanges(ruleSet, changes, 'formulas')
  const law = { name: REFORM, parameters, formulas: changes }
  const { model, resultOf } = ruleModel(ruleSet, [{ name: REFORM, law }])
  const names = ruleSet.rules.flatMap(({ elements }) => elements)
  const all = [...names, ...names.map((name) => resultOf(name, REFORM))]
  const made = { plan: lower(withOutputs(model, all, 'outputs')), resultOf }
  compiled.set(key, made)
  return made
}
