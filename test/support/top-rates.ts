// The parameters subgraph over a fleet, reforms of the top rate, and what the plain reference makes of them over the example population.
import { expect } from 'vitest'
import type { PopulationResult } from '../../compute/dispatch/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { deriveImpact } from '../../subgraphs/parameters/rules/impact/impact.ts'
import { impactPlan } from '../../subgraphs/parameters/rules/impact/impact-plan.ts'
import { impactInputs, reformLaw } from '../../subgraphs/parameters/rules/impact/laws.ts'
import { type GivenOptions, readOptions } from '../../subgraphs/parameters/rules/impact/options.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { EXAMPLE_POPULATION_ID, shippedPopulation } from '../../subgraphs/parameters/rules/population/shipped.ts'
import { parameters } from '../../subgraphs/parameters/subgraph.ts'
import { openSubgraph, type Subgraph } from '../../subgraphs/shared/subgraph.ts'
import { type Answer, ask, askEntity } from './ask.ts'
import { openFleet, type TestFleet } from './fleet.ts'
import { populationAnswer } from './population-answer.ts'
import { usRules, usTree } from './tax-units.ts'

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'

/** Of the example population. */
export const DATA_VERSION = 'b89ae14b2e7aabc0a7c193acf5e1a7e1f8f21bc3e9a76b59c3542dc56d54ac7b'

export const CREATE = 'mutation ($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }'
export const RUN = 'query ($id: ID!, $year: Int) { reform(id: $id) { populationRun(year: $year) { id } } }'
export const RUN_POPULATION =
  'mutation ($input: RunPopulationInput!) { runPopulation(input: $input) { run { id } findings { code } } }'

/** The law with a top rate of 39.6 per cent, or another, from 2026 on. */
export const topRate = (id: string, value = 39.6, title = 'Raise the top rate') => ({
  id,
  title,
  changes: [{ parameter: TOP_RATE, from: '2026', value, unit: 'percent' }],
})

export const openParameters = (fleet: TestFleet, store = fleet.store): Promise<Subgraph> =>
  openSubgraph(parameters, { store, dispatch: fleet.dispatch, clock: systemClock, log: silentLog })

export interface Asked {
  readonly fleet: TestFleet
  readonly subgraph: Subgraph
  create(id: string, value?: number, title?: string): Promise<Answer>
  /** The run of a reform, by its id. */
  runOf(id: string, year?: number): Promise<string>
  runPopulation(input: Record<string, unknown>): Promise<string>
  settled(id: string): Promise<PopulationResult>
  impactOf(id: string, fields: string): Promise<Answer>
}

/** A fleet with the parameters subgraph over it, seeded, and the questions that tests ask of both. */
export async function openAsked(): Promise<Asked> {
  const fleet = await openFleet()
  const subgraph = await openParameters(fleet)
  await subgraph.seed('local')
  return {
    fleet,
    subgraph,
    create: (id, value, title) => ask(subgraph, CREATE, { variables: { input: topRate(id, value, title) } }),
    runOf: async (id, year = 2026) =>
      (await ask(subgraph, RUN, { variables: { id, year } })).reform.populationRun.id as string,
    runPopulation: async (input) =>
      (await ask(subgraph, RUN_POPULATION, { variables: { input } })).runPopulation.run.id as string,
    settled: async (id) => (await fleet.dispatch.settled('local', id)) as PopulationResult,
    impactOf: async (id, fields) =>
      (await askEntity(subgraph, { __typename: 'Run', id }, `populationImpact { ${fields} }`)).populationImpact,
  }
}

/** What is asked of the example population under the law of 2026 and under other top rates. */
export async function topRateQuestion(rates: readonly number[], given: GivenOptions = {}) {
  const rules = usRules()
  const law = lawOn(usTree(), '2026-01-01')
  const laws = rates.map((rate) => reformLaw(rules, law, new Map([...law, [TOP_RATE, [rate]]]), []))
  const columns = await shippedPopulation(EXAMPLE_POPULATION_ID)!.make([])
  const lanes = 1000
  const usual = rules.columns.map(
    ({ name, default: value }) => [name, new Float64Array(lanes).fill(value ?? 0)] as const,
  )
  const shape = { constants: {}, household: null }
  const plan = impactPlan(rules, laws, readOptions(given, ['filing status'], 'options'), shape)
  const inputs = impactInputs(rules, plan, law, laws)
  return { plan, inputs, columns: { ...Object.fromEntries(usual), ...columns }, lanes }
}

/** The same, summed plainly. */
export async function expectedImpact(...asked: Parameters<typeof topRateQuestion>) {
  const { plan, ...question } = await topRateQuestion(...asked)
  const result = populationAnswer({ ...question, plan: plan.plan, spec: plan.spec })
  return { impact: deriveImpact(plan.reading, result), result }
}

/** Equal but for the rounding of sums in another order. */
export const near = (value: number) =>
  expect.closeTo(value, Math.max(0, 9 - Math.floor(Math.log10(Math.abs(value) + 1))))
export const nearAll = (values: unknown) => (values as number[]).map(near)
