// What the microsimulation's benchmark asks: reforms of US federal tax over a synthetic population, and over its wages alone.
import { readFileSync } from 'node:fs'
import type { Dispatch, StoredColumn, Submission } from '../../../compute/dispatch/port.ts'
import { packageFile } from '../../../infra/paths.ts'
import { impactPlan } from '../../../subgraphs/parameters/rules/impact/impact-plan.ts'
import { impactInputs, reformLaw } from '../../../subgraphs/parameters/rules/impact/laws.ts'
import { readOptions } from '../../../subgraphs/parameters/rules/impact/options.ts'
import { lawOn, reformedOn } from '../../../subgraphs/parameters/rules/overlay.ts'
import { bytesOfColumn } from '../../../subgraphs/parameters/rules/population/population-hash.ts'
import { readTree } from '../../../subgraphs/parameters/rules/read-tree.ts'
import { requireRuleSet } from '../../../subgraphs/parameters/rules/rule-set/shipped.ts'

const DAY = '2026-01-01'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'
/** What wage earners alone have. */
const WAGES = ['filing status', 'age[head]', 'age[spouse]', 'wages[head]', 'wages[spouse]', 'persons', 'weight']

export type Columns = Readonly<Record<string, Float64Array>>

export interface Question {
  /** Operations of the plan for one unit. */
  readonly operations: number
  /** The n-th asking: each with reforms of its own, so that no result is stored already. `reforms`: how many in one pass. */
  submission(n: number): Submission
}

/** The whole rule set over the columns, or what it comes to for those who have wages and nothing else. */
export async function taxQuestion(
  dispatch: Dispatch,
  columns: Columns,
  { wagesOnly = false, reforms = 1 }: { wagesOnly?: boolean; reforms?: number } = {},
): Promise<Question> {
  const rules = requireRuleSet('us-federal', 'ruleSet')
  const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
  const law = lawOn(tree, DAY)
  const constants: Record<string, number> = {}
  const given: Record<string, StoredColumn> = {}
  for (const { name, default: usual } of rules.columns) {
    const values = columns[name]
    const first = values?.[0] ?? usual ?? 0
    if (!values || (wagesOnly && !WAGES.includes(name))) constants[name] = usual ?? 0
    else if (values.every((value) => value === first)) constants[name] = first
    else given[name] = { sha256: await dispatch.saveBlob('local', bytesOfColumn(values)), length: values.length }
  }
  const lawsOf = (n: number) =>
    Array.from({ length: reforms }, (_, k) => {
      const rise = 100 * (k + 1) + n
      const values = law.get(DEDUCTION)!.map((value) => value + rise)
      const change = { parameter: DEDUCTION, from: DAY, to: null, values }
      return reformLaw(rules, law, reformedOn(law, [change], DAY), [])
    })
  const options = readOptions({ groups: [] }, [], 'options')
  const shapes = lawsOf(1).map(({ parameters, formulas }) => ({ parameters, formulas }))
  const plan = impactPlan(rules, shapes, options, { constants, household: null })
  return {
    operations:
      plan.plan.operations.draw.length +
      plan.plan.operations.step.length +
      plan.plan.operations.stage.length +
      plan.plan.operations.save.length,
    submission: (n) => ({
      tenant: 'local',
      kind: 'POPULATION',
      subject: { type: 'Reform', id: `bench-${n}` },
      plan: plan.plan,
      inputs: impactInputs(rules, plan, law, lawsOf(n)),
      columns: given,
      lanes: columns['weight']!.length,
      result: plan.spec,
      class: 'p0',
    }),
  }
}
