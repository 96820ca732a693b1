// Runs over a population, asked as the gateway asks them, over a real PostgreSQL with workers that compute.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PopulationResult } from '../../compute/dispatch/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { type Answer, ask, askEntity, askForErrors, askRaw } from '../../test/support/ask.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet, taxes } from '../../test/support/fleet.ts'
import { populationAnswer } from '../../test/support/population-answer.ts'
import { taxUnits } from '../../test/support/tax-units.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { loadStates } from './population-files.ts'
import { deriveImpact } from './rules/impact/impact.ts'
import { impactPlan } from './rules/impact/impact-plan.ts'
import { impactInputs, reformLaw } from './rules/impact/laws.ts'
import { readOptions } from './rules/impact/options.ts'
import { personsOfHouseholds } from './rules/impact/persons-of-households.ts'
import { lawOn, reformedOn } from './rules/overlay.ts'
import { EXAMPLE_POPULATION_ID, shippedPopulation } from './rules/population/shipped.ts'
import { deriveSynthetic } from './rules/population/synthetic/generate.ts'
import { requireRuleSet } from './rules/rule-set/shipped.ts'
import { weightedSum } from './rules/weighted-sum.ts'
import { ParametersStore } from './store.ts'
import { parameters } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

const rules = requireRuleSet('us-federal', 'ruleSet')
const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'

const open = (of: TestFleet, store = of.store) =>
  openSubgraph(parameters, { store, dispatch: of.dispatch, clock: systemClock, log: silentLog })

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await open(fleet)
  await subgraph.seed('local')
})
afterAll(() => fleet.close())

const CREATE = 'mutation ($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }'

/** The law with a top rate of 39.6 per cent, or another, from 2026 on. */
const topRate = (id: string, value = 39.6, title = 'Raise the top rate') => ({
  id,
  title,
  changes: [{ parameter: TOP_RATE, from: '2026', value, unit: 'percent' }],
})
const create = (id: string, value?: number, title?: string) =>
  ask(subgraph, CREATE, { variables: { input: topRate(id, value, title) } })

/** What is asked of the example population of the law and of top rates; and what the plain reference makes of it. */
async function questionOf(rates: readonly number[], given: Parameters<typeof readOptions>[0] = {}, year = 2026) {
  const store = await ParametersStore.open(fleet.store)
  const [tree] = await store.fullTrees('local', ['us-federal'])
  const day = `${year}-01-01`
  const law = lawOn(tree!, day)
  const laws = rates.map((rate) =>
    reformLaw(
      rules,
      law,
      reformedOn(law, [{ parameter: TOP_RATE, from: '2026-01-01', to: null, values: [rate] }], day),
      [],
    ),
  )
  const columns = await shippedPopulation(EXAMPLE_POPULATION_ID)!.make([])
  const units = 1000
  const usual = rules.columns.map(
    ({ name, default: value }) => [name, new Float64Array(units).fill(value ?? 0)] as const,
  )
  const plan = impactPlan(rules, laws, readOptions(given, ['filing status'], 'options'), {
    constants: {},
    household: null,
  })
  const inputs = impactInputs(rules, plan, law, laws)
  return { plan, inputs, columns: { ...Object.fromEntries(usual), ...columns }, lanes: units }
}

async function expectedImpact(...asked: Parameters<typeof questionOf>) {
  const { plan, ...question } = await questionOf(...asked)
  const result = populationAnswer({ ...question, plan: plan.plan, spec: plan.spec })
  return { impact: deriveImpact(plan.reading, result), result }
}

/** Equal but for the rounding of sums in another order. */
const near = (value: number) => expect.closeTo(value, Math.max(0, 9 - Math.floor(Math.log10(Math.abs(value) + 1))))
const nearAll = (values: unknown) => (values as number[]).map(near)

const DATA_VERSION = 'b89ae14b2e7aabc0a7c193acf5e1a7e1f8f21bc3e9a76b59c3542dc56d54ac7b'

const unitsOf = (columns: Readonly<Record<string, Float64Array>>) =>
  Array.from({ length: 1000 }, (_, i) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]!])),
  )

const RUN = `query ($id: ID!, $year: Int) { reform(id: $id) { populationRun(year: $year) { id } } }`
const runOf = async (id: string, year = 2026) =>
  (await ask(subgraph, RUN, { variables: { id, year } })).reform.populationRun.id as string

const RUN_POPULATION =
  'mutation ($input: RunPopulationInput!) { runPopulation(input: $input) { run { id } findings { code } } }'
const runPopulation = async (input: Record<string, unknown>): Promise<string> =>
  (await ask(subgraph, RUN_POPULATION, { variables: { input } })).runPopulation.run.id
const settled = async (id: string) => (await fleet.dispatch.settled('local', id)) as PopulationResult

const impactOf = async (id: string, fields: string) =>
  (await askEntity(subgraph, { __typename: 'Run', id }, `populationImpact { ${fields} }`)).populationImpact

describe('Reform.populationRun', () => {
  it('computes on the fleet what the plain reference computes', async () => {
    await create('to-the-cent')
    const result = await settled(await runOf('to-the-cent'))
    const wanted = (await expectedImpact([0.396])).result
    expect(result).toMatchObject({ kind: 'POPULATION', lanes: 1000, outputs: wanted.outputs, failed: [] })
    expect([...result.sums]).toEqual(nearAll([...wanted.sums]))
  })

  it('is the same run when asked again, and another for another year and other conventions', async () => {
    await create('twice')
    const first = await runOf('twice')
    expect(await runOf('twice')).toBe(first)
    expect(await runOf('twice', 2025)).not.toBe(first)
    const { reform } = await ask(
      subgraph,
      '{ reform(id: "twice") { same: populationRun(options: { level: UNIT }) { id } other: populationRun(options: { step: 1000 }) { id } } }',
    )
    expect(reform.same.id).toBe(first)
    expect(reform.other.id).not.toBe(first)
  })

  it('is one run where one operation reaches it twice', async () => {
    await create('once')
    const { reform } = await ask(
      subgraph,
      '{ reform(id: "once") { a: populationRun { id } b: populationRun(year: 2026) { id } } }',
    )
    expect(reform.a).toEqual(reform.b)
  })

  it('shares the job of a reform with equal changes', async () => {
    await create('shared-a')
    await create('shared-b', 39.6, 'Other')
    const ids = [await runOf('shared-a'), await runOf('shared-b')]
    const [a, b] = await fleet.dispatch.load('local', ids)
    expect(a!.inputHash).toBe(b!.inputHash)
    expect(a!.subject).toEqual({ type: 'Reform', id: 'shared-a' })
  })

  it('says what its result depends on', async () => {
    await create('provenance')
    const [record] = await fleet.dispatch.load('local', [await runOf('provenance')])
    expect(record).toMatchObject({
      kind: 'POPULATION',
      lanes: 1000,
      provenance: {
        dataVersions: [`us-example-1000@${DATA_VERSION}`],
        parameterSnapshot: expect.stringMatching(/^[0-9a-f]{64}$/),
        ruleSet: `us-federal@${rules.hash}`,
        options: { year: 2026, level: 'UNIT', povertyShare: 0.6, elasticity: null, groups: ['filing status'] },
      },
    })
  })

  it('is submitted anew after it was cancelled', async () => {
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await open(idle)
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('cancelled') } })
      const askAgain = async () =>
        (await ask(alone, RUN, { variables: { id: 'cancelled', year: 2026 } })).reform.populationRun.id
      const first = await askAgain()
      await idle.dispatch.cancel('local', first)
      expect(await askAgain()).not.toBe(first)
    } finally {
      await idle.close()
    }
  })

  it.each([
    ['a year before the rules', 'populationRun(year: 2021)', 'BAD_INPUT', 'year', /2022 to 2026/],
    ['a year after the rules', 'populationRun(year: 2027)', 'BAD_INPUT', 'year', /2022 to 2026/],
    ['an unknown population', 'populationRun(population: "us-example-100")', 'NOT_FOUND', 'population', /-1000/],
    ['unknown rules', 'populationRun(ruleSet: "us-federa")', 'NOT_FOUND', 'ruleSet', /us-federal/],
    [
      'households of units alone',
      'populationRun(options: { level: HOUSEHOLD })',
      'BAD_INPUT',
      'options.level',
      /units/,
    ],
    ['a step that is none', 'populationRun(options: { step: 0 })', 'BAD_INPUT', 'options.step', /number/],
    [
      'groups that there are not',
      'populationRun(options: { groups: ["state"] })',
      'BAD_INPUT',
      'options.groups',
      /filing/,
    ],
  ])('answers %s with a typed error and null, and the rest of the reform', async (_, field, code, path, suggestion) => {
    await create('misasked')
    const { data, errors } = await askRaw(subgraph, `{ reform(id: "misasked") { title ${field} { id } } }`)
    expect(data).toEqual({ reform: { title: 'Raise the top rate', populationRun: null } })
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['reform', 'populationRun'],
        extensions: { code, detail: expect.objectContaining({ path, suggestion: expect.stringMatching(suggestion) }) },
      }),
    ])
  })
})

describe('runPopulation', () => {
  it('runs several reforms in one pass, each with the figures that it has alone, to the bit', async () => {
    await create('several-a', 39.6)
    await create('several-b', 45)
    const options = { step: 1000, elasticity: 0.25 }
    const fields = `reforms { reform { id } budget { change } byProgramme { name baseline reform change } deciles { meanNetIncomeChange winnersShare }
      poverty { reform { rate gap } } inequality { reform { gini topShares } } marginalRates { reform decilesReform } behaviour { responseChange } }`
    const answer = async (reforms: string[]) => {
      const id = await runPopulation({ reforms, options })
      await settled(id)
      return (await impactOf(id, fields)).reforms
    }
    const together = await answer(['several-a', 'several-b'])
    expect(together.map(({ reform }: Answer) => reform.id)).toEqual(['several-a', 'several-b'])
    expect(together).toEqual([...(await answer(['several-a'])), ...(await answer(['several-b']))])
    expect(together[1].budget.change).toBeGreaterThan(together[0].budget.change)
  })

  it('answers the law alone where no reform is named', async () => {
    const id = await runPopulation({})
    await settled(id)
    const impact = await impactOf(
      id,
      'reform { id } reforms { budget { change } } budget { change } baseline { reform { id } budget { baseline reform change } poverty { measure baseline { rate } reform { rate } } }',
    )
    expect(impact).toMatchObject({ reform: null, reforms: [], budget: { change: 0 }, baseline: { reform: null } })
    const { budget, poverty } = impact.baseline
    expect(budget.reform).toBe(budget.baseline)
    expect(poverty.map(({ measure }: Answer) => measure)).toEqual(['RELATIVE', 'ANCHORED'])
    const [record] = await fleet.dispatch.load('local', [id])
    expect(record!.subject).toEqual({ type: 'Population', id: 'us-example-1000' })
  })

  it('is the run of the reform where it is one', async () => {
    await create('single')
    expect(await runPopulation({ reforms: ['single'], year: 2026 })).toBe(await runOf('single'))
  })

  it('has the same bits from one shard and from seven', async () => {
    const { plan, ...question } = await questionOf([0.396, 0.45], { step: 1000, povertyLine: 20_000 })
    const hashes: (string | null)[] = []
    for (const shards of [1, 7]) {
      // Equal questions of one tenant would share the job.
      const asked = { kind: 'POPULATION', subject: { type: 'Population', id: 'x' }, class: 'p0', shards } as const
      const tenant = `cut-in-${shards}`
      const { id } = await fleet.dispatch.submit({ ...question, ...asked, tenant, plan: plan.plan, result: plan.spec })
      await fleet.dispatch.settled(tenant, id)
      const [run] = await fleet.dispatch.load(tenant, [id])
      expect(run!.shardsTotal).toBe(shards)
      hashes.push(run!.resultHash)
    }
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('answers faults with the path of the input', async () => {
    await create('faulty')
    const faultOf = async (input: Record<string, unknown>) =>
      (await askForErrors(subgraph, RUN_POPULATION, { variables: { input } }))[0]
    expect(await faultOf({ reforms: ['faulty', 'no-such'] })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'input.reforms.1' },
    })
    expect(await faultOf({ options: { povertyShare: 1.5 } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.options.povertyShare' },
    })
    expect(await faultOf({ reforms: new Array(51).fill('faulty') })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { path: 'input.reforms', limit: 50 },
    })
  })
})

describe('Run.populationImpact', () => {
  const FIELDS = `year units households weightsTotal personsTotal budget { programme name kind baseline reform change unit } byProgramme { name change }
    deciles { decile weight meanWages meanNetTaxBaseline meanNetTaxChange meanNetIncomeChange winnersShare losersShare unit }
    winners { weight share meanChange } losers { weight share meanChange } reform { id } population { id units dataVersion }`

  it('is what the pure rules derive from the sums', async () => {
    await create('impact')
    const id = await runOf('impact')
    await settled(id)
    const answer = await impactOf(id, FIELDS)
    const { impact } = await expectedImpact([0.396])
    const [reform] = impact.reforms
    expect(answer).toMatchObject({
      ...{ year: 2026, units: 1000, households: 1000, weightsTotal: impact.weight, personsTotal: impact.persons },
      budget: {
        name: null,
        kind: null,
        programme: null,
        unit: 'USD/year',
        change: near(reform!.budget.all.change as number),
      },
      deciles: {
        decile: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        meanNetIncomeChange: nearAll(reform!.deciles.meanNetIncomeChange),
        meanWages: nearAll(reform!.deciles.meanEarnings),
        unit: 'USD/year',
      },
      losers: { weight: reform!.losers.weight },
      reform: { id: 'impact' },
      population: { id: 'us-example-1000', units: 1000, dataVersion: DATA_VERSION },
    })
    expect(answer.budget.change).toBeGreaterThan(1e9)
    expect(answer.losers.meanChange).toBeLessThan(0)
    expect(answer.deciles.losersShare.slice(0, 9)).toEqual(Array(9).fill(0))
    expect(answer.byProgramme.map(({ name }: Answer) => name)).toContain('earned income credit')
  })

  it('tells poverty, inequality, marginal rates and groups, with the conventions and all that they depend on', async () => {
    await create('whole')
    const id = await runPopulation({ reforms: ['whole'], year: 2026, options: { step: 1000, povertyLine: 20_000 } })
    await settled(id)
    const { reforms, conventions, bundle } = await impactOf(
      id,
      `conventions { step equivalence povertyLine decileIncome groups } bundle { ruleSet ruleSetHash planHash dataVersion year reforms options kernels }
       reforms { poverty { measure unit baseline { line rate gap persons } reform { line rate } }
         inequality { baseline { gini giniNormalised mean topFractions topShares probabilities quantiles unit } reform { gini } }
         marginalRates { baseline reform decilesBaseline } groups(by: "filing status") { code units weight netTaxChange byProgramme { name change } unit } }`,
    )
    const { poverty, inequality, marginalRates, groups } = reforms[0]
    const { impact } = await expectedImpact([0.396], { step: 1000, povertyLine: 20_000 })
    const [wanted] = impact.reforms
    expect(poverty.map(({ measure }: Answer) => measure)).toEqual(['RELATIVE', 'ANCHORED', 'ABSOLUTE'])
    expect(poverty[0].baseline.line).toBeCloseTo(wanted!.poverty[0]!.baseline.line as number, 6)
    expect(poverty[2].baseline).toMatchObject({ line: 20_000, rate: near(wanted!.poverty[2]!.baseline.rate as number) })
    expect(inequality.baseline.gini).toBeCloseTo(wanted!.inequality.baseline.gini as number, 10)
    expect(inequality.reform.gini).toBeLessThan(inequality.baseline.gini)
    expect(marginalRates.decilesBaseline).toEqual(nearAll(wanted!.marginalRates!.decilesBaseline))
    expect(marginalRates.reform).toBeGreaterThan(marginalRates.baseline)
    expect(groups.units.reduce((a: number, b: number) => a + b)).toBe(1000)
    expect(groups.netTaxChange).toEqual(nearAll(wanted!.groups('filing status').netTaxChange))
    expect(conventions).toEqual({
      ...{ step: 1000, equivalence: 'SQUARE_ROOT', povertyLine: 20_000, decileIncome: 'NET_INCOME' },
      groups: ['filing status'],
    })
    expect(bundle).toMatchObject({
      ...{ ruleSet: 'us-federal', ruleSetHash: rules.hash, year: 2026, reforms: ['whole'] },
      options: { step: 1000, povertyLine: 20_000 },
      dataVersion: DATA_VERSION,
    })
  })

  it('refuses groups that were not asked for, and nothing else', async () => {
    const id = await runPopulation({ options: { groups: [] } })
    await settled(id)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { populationImpact { baseline { budget { change } groups(by: "state") { code } } } } } }`
    const { data, errors } = await askRaw(subgraph, query, { variables: { of: [{ __typename: 'Run', id }] } })
    expect((data as Answer)._entities[0].populationImpact.baseline).toEqual({ budget: { change: 0 }, groups: null })
    expect(errors).toEqual([
      expect.objectContaining({ path: ['_entities', 0, 'populationImpact', 'baseline', 'groups'] }),
    ])
  })

  it('is of formulas that a reform replaces', async () => {
    const formulas = [{ ruleSet: 'us-federal', variable: 'child tax credit total', formula: '0' }]
    await ask(subgraph, CREATE, {
      variables: { input: { id: 'no-credit', title: 'No credit', changes: [], formulas } },
    })
    const id = await runOf('no-credit')
    await settled(id)
    const [{ byProgramme }] = (await impactOf(id, 'reforms { byProgramme { name baseline reform } }')).reforms
    const credit = byProgramme.find(({ name }: Answer) => name === 'child tax credit')
    expect(credit.baseline).toBeGreaterThan(1e9)
    expect(credit.reform).toBeCloseTo(0, 3)
  })

  it('is null with an error where an output is not a number, and the rest is answered', async () => {
    // 0 / 0 for units without wages of the head.
    const formula = 'wages[head] / wages[head] * wages[head]'
    const formulas = [{ ruleSet: 'us-federal', variable: 'earned income credit', formula }]
    await create('sound')
    await ask(subgraph, CREATE, { variables: { input: { id: 'broken', title: 'Broken', changes: [], formulas } } })
    const id = await runPopulation({ reforms: ['broken', 'sound'] })
    await settled(id)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { populationImpact {
      reforms { budget { baseline change } byProgramme { name baseline change } deciles { weight meanNetTaxChange } winners { share }
        inequality { baseline { gini } reform { gini } } } } } } }`
    const { data, errors } = await askRaw(subgraph, query, { variables: { of: [{ __typename: 'Run', id }] } })
    const [broken, sound] = (data as Answer)._entities[0].populationImpact.reforms
    expect(broken).toMatchObject({
      budget: { baseline: expect.any(Number), change: null },
      deciles: { weight: expect.arrayContaining([expect.any(Number)]), meanNetTaxChange: null },
      winners: { share: null },
      inequality: { baseline: { gini: expect.any(Number) }, reform: { gini: null } },
    })
    const changes = broken.byProgramme.map(({ name, change }: Answer) => [name, change])
    expect(changes).toContainEqual(['payroll tax', 0])
    expect(changes).toContainEqual(['earned income credit', null])
    expect(sound.budget.change).toBeGreaterThan(1e9)
    expect(sound.inequality.reform.gini).toBeGreaterThan(0)
    const at = (...path: (string | number)[]) => ['_entities', 0, 'populationImpact', 'reforms', 0, ...path]
    expect(errors!.map(({ path }) => path)).toEqual(
      expect.arrayContaining([at('budget', 'change'), at('winners', 'share'), at('inequality', 'reform', 'gini')]),
    )
    const fault = errors!.find(({ path }) => path!.at(-1) === 'gini')!
    expect(fault.extensions).toMatchObject({
      code: 'NOT_A_NUMBER',
      detail: { reason: 'NOT_A_NUMBER', output: 'impact: equivalised income @ reform 1', count: expect.any(Number) },
    })
    expect(errors!.every(({ path }) => path![4] === 0)).toBe(true)
  })

  it('is of a population carried to the year of the law, where that is asked for, and says where it is not', async () => {
    const findings = async (options: Record<string, unknown>) => {
      const { runPopulation } = await ask(subgraph, RUN_POPULATION, { variables: { input: { year: 2024, options } } })
      await settled(runPopulation.run.id)
      const { bundle, baseline } = await impactOf(
        runPopulation.run.id,
        'bundle { population } baseline { budget { baseline } }',
      )
      return { codes: runPopulation.findings.map(({ code }: Answer) => code), ...bundle, ...baseline.budget }
    }
    const asItIs = await findings({})
    const carried = await findings({ populationYear: 'UPRATED' })
    expect(asItIs).toMatchObject({ codes: ['OTHER_YEAR'], population: 'us-example-1000' })
    expect(carried.codes).toEqual([])
    expect(carried.population).toMatch(/^us-example-1000.*2024/)
    // Incomes of 2024 are lower than those of 2026.
    expect(carried.baseline).toBeLessThan(asItIs.baseline)
  })

  it('says where a reform changes nothing of the year', async () => {
    await create('in-2026')
    const { runPopulation } = await ask(subgraph, RUN_POPULATION, {
      variables: { input: { year: 2025, reforms: ['in-2026'] } },
    })
    expect(runPopulation.findings).toEqual([{ code: 'NOTHING_CHANGED' }, { code: 'OTHER_YEAR' }])
  })

  it('is of households and by states where the population has them', async () => {
    await create('households')
    const input = { population: 'us-synthetic-1000', reforms: ['households'], options: { level: 'HOUSEHOLD' } }
    const id = await runPopulation(input)
    await settled(id)
    const { units, households, personsTotal, reforms } = await impactOf(
      id,
      'units households personsTotal reforms { budget { change } inequality { baseline { mean } } groups(by: "state") { code units netTaxChange } }',
    )
    const columns = deriveSynthetic(await loadStates(), 1000)
    const { household, persons, weight } = columns as Record<string, Float64Array>
    expect([units, households]).toEqual([1000, new Set(household).size])
    expect(households).toBeLessThan(1000)
    expect(personsTotal).toBeCloseTo(weightedSum(persons!, weight!), 3)
    const [{ budget, groups }] = reforms
    expect(groups.code).toEqual([...new Set(columns['state'])].sort((a, b) => a - b))
    expect(groups.netTaxChange.reduce((a: number, b: number) => a + b)).toEqual(near(budget.change))

    // The mean over persons of net income by the square root of those of the household.
    const netIncome = taxUnits(2026, unitsOf(columns))('net income')
    const together = personsOfHouseholds(household!, persons!)
    const first = Array.from(household!, (number, i) => number !== household![i - 1])
    const income = Float64Array.from(netIncome, (value, i) => value / Math.sqrt(Math.max(1, together[i]!)))
    const ofHousehold = personsOfHouseholds(household!, income)
    const standsFor = Float64Array.from(weight!, (w, i) => (first[i] ? w * together[i]! : 0))
    expect(reforms[0].inequality.baseline.mean).toBeCloseTo(
      weightedSum(ofHousehold, standsFor) / weightedSum(standsFor),
      6,
    )
  })

  it('is that of the verified run for a verification', async () => {
    await create('verified')
    const id = await runOf('verified')
    await settled(id)
    const again = await fleet.dispatch.verify('local', id)
    await settled(again.id)
    const fields = 'year budget { change } reforms { reform { id } }'
    expect(await impactOf(again.id, fields)).toEqual(await impactOf(id, fields))
  })

  it('is null for a run that is not finished, of another subgraph, or unknown', async () => {
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await open(idle)
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('waiting') } })
      const { reform } = await ask(alone, RUN, { variables: { id: 'waiting', year: 2026 } })
      const entity = { __typename: 'Run', id: reform.populationRun.id }
      expect(await askEntity(alone, entity, 'populationImpact { year }')).toEqual({ populationImpact: null })
    } finally {
      await idle.close()
    }
    const other = await fleet.dispatch.submit(taxes(100))
    await fleet.dispatch.settled('local', other.id)
    for (const id of [other.id, 'no-such-run']) expect(await impactOf(id, 'year')).toBeNull()
  })
})

describe('Scenario.netTaxChange', () => {
  const scenario = (reform: string | null, year = 2026) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    year,
    reform: reform === null ? null : { __typename: 'Reform', id: reform },
  })

  it('is the change of income and payroll tax by the reform, as a fraction, when the run is done', async () => {
    await create('net')
    const { netTaxChange, populationRun } = await askEntity(
      subgraph,
      scenario('net'),
      'populationRun { id } netTaxChange { fraction resultHash units }',
    )
    const [record] = await fleet.dispatch.load('local', [populationRun.id])
    expect(record?.status).toBe('SUCCEEDED')
    const { impact } = await expectedImpact([0.396])
    expect(netTaxChange).toEqual({
      fraction: expect.closeTo(impact.netTaxChangeFraction as number, 14),
      resultHash: record?.resultHash,
      units: 1000,
    })
    expect(netTaxChange.fraction).toBeGreaterThan(0)
  })

  it('is 0 in a year before the reform starts', async () => {
    await create('later')
    const { netTaxChange } = await askEntity(subgraph, scenario('later', 2025), 'netTaxChange { fraction }')
    expect(netTaxChange.fraction).toBe(0)
  })

  it('is null without a reform, and so is the run', async () => {
    expect(await askEntity(subgraph, scenario(null), 'netTaxChange { fraction } populationRun { id }')).toEqual({
      netTaxChange: null,
      populationRun: null,
    })
  })

  it('is the run that the reform itself has', async () => {
    await create('one-run')
    const { populationRun } = await askEntity(subgraph, scenario('one-run'), 'populationRun { id }')
    expect(populationRun.id).toBe(await runOf('one-run'))
  })

  it('costs as many queries for three scenarios as for one', async () => {
    const counted = countSql(fleet.store)
    const counting = await open(fleet, counted.store)
    const ids = ['list-a', 'list-b', 'list-c']
    for (const [i, id] of ids.entries()) await create(id, 40 + i)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { netTaxChange { fraction } } } }`
    const askAbout = async (reforms: string[]) => {
      const { _entities } = await ask(counting, query, { variables: { of: reforms.map((id) => scenario(id)) } })
      return { changes: _entities.map((e: Answer) => e.netTaxChange.fraction), queries: counted.take().length }
    }
    await askAbout(ids)
    const [one, three] = [await askAbout(['list-a']), await askAbout(ids)]
    expect(three.queries).toBe(one.queries)
    expect(three.changes).toEqual([...three.changes].sort((a, b) => a - b))
    expect(new Set(three.changes).size).toBe(3)
  })

  it('answers an unknown reform and a year without rules with typed errors', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { netTaxChange { fraction } } } }`
    const errorsOf = (representation: unknown) => askForErrors(subgraph, query, { variables: { of: [representation] } })
    await create('early')
    expect(await errorsOf(scenario('no-such-reform'))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'reform' }) }),
    ])
    expect(await errorsOf(scenario('early', 2020))).toEqual([
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'year' }) }),
    ])
  })
})
