// Four kinds of units under the small law, worked by hand, and what a question about them is answered.

import type { PopulationResult } from '../../compute/dispatch/port.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { deriveImpact, type Impact } from '../../subgraphs/parameters/rules/impact/impact.ts'
import type { PopulationShape } from '../../subgraphs/parameters/rules/impact/impact-model.ts'
import { type ImpactPlan, type ImpactReading, impactPlan } from '../../subgraphs/parameters/rules/impact/impact-plan.ts'
import { type ImpactOptions, readOptions } from '../../subgraphs/parameters/rules/impact/options.ts'
import { lawName } from '../../subgraphs/parameters/rules/impact/sides.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { ruleInputs } from '../../subgraphs/parameters/rules/rule-set/rule-inputs.ts'
import type { FormulaChange } from '../../subgraphs/parameters/rules/rule-set/rule-set.ts'
import { populationAnswer } from './population-answer.ts'
import { smallRules, smallTree } from './small-rules.ts'

export type Unit = Readonly<Record<string, number>>

/**
 * Net income of A 6000 - 1000, of B 21,000 - (2000 + 0.4 * 10,000), of C 12,000 - 2000 + (1200 - 200), of D nothing.
 * Eight persons: A stands for two units.
 */
export const SMALL_UNITS: readonly Unit[] = [
  { 'wages[head]': 6000, weight: 2, region: 1 },
  { 'wages[head]': 21_000, region: 2 },
  { 'filing status': 2, 'wages[head]': 11_000, 'wages[spouse]': 1000, children: 2, persons: 4, region: 1 },
  { region: 2 },
]

export interface SmallReform {
  readonly parameters?: Readonly<Record<string, readonly number[]>>
  readonly formulas?: readonly FormulaChange[]
}

export interface SmallAnswer {
  readonly impact: Impact
  readonly plan: ImpactPlan
  readonly result: PopulationResult
}

export const smallRuleSet = smallRules()
const law = lawOn(smallTree(), '2024-01-01')

/** Columns of units, what they do not say by default; others of any name beside those of the rules. */
export function smallColumns(units: readonly Unit[]): Record<string, Float64Array> {
  const own = smallRuleSet.columns.map(({ name, default: usual }) => [name, usual ?? 0] as const)
  const others = Object.keys(units[0] ?? {}).map((name) => [name, 0] as const)
  return Object.fromEntries(
    new Map([...others, ...own].map(([name, usual]) => [name, Float64Array.from(units, (u) => u[name] ?? usual)])),
  )
}

/** Asks about the units under the law of 2024 and reforms of it. */
export function askSmall(
  reforms: readonly SmallReform[],
  given: { readonly [K in keyof ImpactOptions]?: ImpactOptions[K] } = {},
  units: readonly Unit[] = SMALL_UNITS,
  shape: Partial<PopulationShape> = {},
): SmallAnswer {
  const options = readOptions(given, ['region'], 'options')
  const shapes = reforms.map(({ parameters = {}, formulas = [] }) => ({
    parameters: Object.keys(parameters),
    formulas,
  }))
  const plan = impactPlan(smallRuleSet, shapes, options, { constants: {}, household: null, ...shape })
  const laws = [
    { name: null, values: law },
    ...reforms.map(({ parameters = {} }, i) => ({
      name: lawName(i),
      values: new Map([...law, ...Object.entries(parameters)]),
    })),
  ]
  const result = populationAnswer({
    ...{ plan: plan.plan, spec: plan.spec, inputs: ruleInputs(smallRuleSet, plan.plan, laws) },
    ...{ columns: smallColumns(units), lanes: units.length },
  })
  // As it is kept with a run.
  const reading = JSON.parse(canonicalJson(plan.reading)) as ImpactReading
  return { impact: deriveImpact(reading, result), plan, result }
}

/** Twice the allowance: A pays 200 less, B 400, C 200 and has 20 more of the benefit. */
export const HIGHER_ALLOWANCE: SmallReform = { parameters: { 'small.allowance': [2000] } }
/** Half of what is above the first bracket: B pays 1000 more. */
export const HIGHER_RATE: SmallReform = { parameters: { 'small.brackets.2.rate': [0.5] } }
