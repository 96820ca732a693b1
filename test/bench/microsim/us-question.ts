// Questions about the rules of the United States: all of them over the synthetic population, and over units with wages alone.
import { loadStates } from '../../../subgraphs/parameters/population-files.ts'
import { impactPlan } from '../../../subgraphs/parameters/rules/impact/impact-plan.ts'
import { impactInputs, reformLaw } from '../../../subgraphs/parameters/rules/impact/laws.ts'
import { type GivenOptions, readOptions } from '../../../subgraphs/parameters/rules/impact/options.ts'
import { lawOn } from '../../../subgraphs/parameters/rules/overlay.ts'
import { deriveExamplePopulation } from '../../../subgraphs/parameters/rules/population/example-population.ts'
import { deriveSynthetic } from '../../../subgraphs/parameters/rules/population/synthetic/generate.ts'
import { usRules, usTree } from '../../support/tax-units.ts'
import { generator, type MicrosimQuestion } from './question.ts'

const DAY = '2026-01-01'
const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'

/** Reform against the law with budget, deciles, winners, poverty, Gini; `reforms` of them in one pass. */
export async function usQuestion(units: number, reforms = 1, given: GivenOptions = {}): Promise<MicrosimQuestion> {
  return ask('all rules', deriveSynthetic(await loadStates(), units), reforms, given)
}

/** The same rules over units whose only income is wages: what nobody has is folded away. */
export function wagesQuestion(units: number, reforms = 1, given: GivenOptions = {}): MicrosimQuestion {
  const next = generator(7)
  return ask('wages only', deriveExamplePopulation(() => next(), units).columns, reforms, given)
}

type Columns = Readonly<Record<string, Float64Array>>

function ask(name: string, made: Columns, reforms: number, given: GivenOptions): MicrosimQuestion {
  const rules = usRules()
  const law = lawOn(usTree(), DAY)
  const lawOfRates = (n: number) =>
    Array.from({ length: reforms }, (_, i) =>
      reformLaw(rules, law, new Map([...law, [TOP_RATE, [0.38 + (n * reforms + i) / 10_000]]])),
    )
  const constants: Record<string, number> = {}
  const columns: Record<string, Float64Array> = {}
  for (const { name: column, default: usual } of rules.columns) {
    const values = made[column]
    if (values?.some((value) => value !== values[0])) columns[column] = values
    else constants[column] = values?.[0] ?? usual!
  }
  const options = readOptions({ groups: [], ...given }, ['state', 'filing status'], 'options')
  const plan = impactPlan(rules, lawOfRates(0), options, { constants, household: null })
  return {
    name,
    plan: plan.plan,
    columns,
    inputs: (n) => impactInputs(rules, plan, law, lawOfRates(n)),
    spec: plan.spec,
  }
}
