// Holds docs/rule-sets.md to what is read: its examples are a tree, a rule set and a reform, and come to the numbers it gives.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { lower } from '../../../../compute/model/lowering/lower.ts'
import { interpret } from '../../../../compute/reference/interpret.ts'
import { packageFile } from '../../../../infra/paths.ts'
import { lawOn } from '../overlay.ts'
import { readTree } from '../read-tree.ts'
import { checkFormulaChanges } from './formula-changes.ts'
import { HEAD_KEYS, readRuleSet } from './read-rule-set.ts'
import { dayOf, ruleInputs } from './rule-inputs.ts'
import { ruleModel, withOutputs } from './rule-model.ts'
import { ruleSetIds } from './shipped.ts'

const page = readFileSync(packageFile('docs', 'rule-sets.md'), 'utf8')
const examples = new Map(
  [...page.matchAll(/```yaml\n# (.*)\n([\s\S]*?)```/g)].map(([, name, text]) => [name!, text!] as const),
)
const tree = readTree(examples.get('island.yaml')!)
const files = ['rule-set.yaml', 'tax.yaml', 'household.yaml'].map((path) => ({ path, text: examples.get(path)! }))
const rules = readRuleSet(files, tree)
const reform = Object.entries(parse(examples.get('formulas of a reform')!) as Record<string, string>).map(
  ([variable, formula]) => ({ ruleSet: rules.id, variable, formula }),
)
const HOUSEHOLD = { 'pay[head]': 60_000, 'pay[partner]': 12_000, children: 2 }

function compute(unit: Readonly<Record<string, number>>, year: number) {
  const { model, resultOf } = ruleModel(rules, [
    { name: 'reform', law: { name: 'reform', parameters: [], formulas: reform } },
  ])
  const plan = lower(withOutputs(model, ['income tax', 'grant', 'net income', resultOf('income tax', 'reform')], 'o'))
  const law = lawOn(tree, dayOf(rules, year, 'year'))
  const inputs = ruleInputs(
    rules,
    plan,
    [null, 'reform'].map((name) => ({ name, values: law })),
  )
  const columns = Object.fromEntries(
    rules.columns.map((column) => [column.name, Float64Array.of(unit[column.name] ?? column.default!)]),
  )
  const { values } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: 1 }, '0')
  return Object.fromEntries(plan.outputs.map(({ name }, i) => [name, values[i]!]))
}
const number = (value: number) => Math.round(value).toLocaleString('en-US')

describe('the page of rule sets', () => {
  it('names every key of rule-set.yaml and every rule set that is shipped', () => {
    const table = page.slice(page.indexOf('| key |'), page.indexOf('## Rules'))
    for (const key of HEAD_KEYS) expect(table, key).toContain(`\`${key}\``)
    for (const id of ruleSetIds()) expect(page, id).toContain(`\`${id}\``)
  })

  it('has examples that are read, and none beside', () => {
    expect([...examples.keys()]).toEqual(['island.yaml', ...files.map(({ path }) => path), 'formulas of a reform'])
    expect(rules.rules.map(({ name }) => name)).toContain('net income')
    expect(page.match(/```yaml/g)).toHaveLength(examples.size)
  })

  it('gives the numbers that the example comes to', () => {
    const coast = compute(HOUSEHOLD, 2024)
    expect(page.replaceAll('\n', ' ')).toContain(
      `has, in 2024, a tax of ${number(coast['income tax']!)}, grants of ${number(coast['grant']!)} and a net income of ${number(coast['net income']!)}`,
    )
    const hills = compute({ ...HOUSEHOLD, region: 2 }, 2024)
    expect(page).toContain(`In the hills the tax is ${number(hills['income tax']!)}.`)
    const { 'income tax': law, 'income tax @ reform': reformed } = compute(HOUSEHOLD, 2025)
    expect(page.replaceAll('\n', ' ')).toContain(
      `By the law of 2025 the household on the coast pays ${number(law!)}, and by this reform ${number(reformed!)}.`,
    )
  })

  it('has a reform whose formulas can take their places', () => {
    expect(() => checkFormulaChanges(rules, reform, 'formulas')).not.toThrow()
  })
})
