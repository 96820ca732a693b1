// What a run over a population answers, asked as the gateway asks it, over a real PostgreSQL with workers that compute.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, askEntity, askRaw } from '../../test/support/ask.ts'
import { openFleet, taxes } from '../../test/support/fleet.ts'
import { taxUnits, usRules } from '../../test/support/tax-units.ts'
import {
  type Asked,
  CREATE,
  DATA_VERSION,
  expectedImpact,
  near,
  nearAll,
  openAsked,
  openParameters,
  RUN,
  RUN_POPULATION,
  topRate,
} from '../../test/support/top-rates.ts'
import { loadStates } from './population-files.ts'
import { personsOfHouseholds } from './rules/impact/persons-of-households.ts'
import { deriveSynthetic } from './rules/population/synthetic/generate.ts'
import { weightedSum } from './rules/weighted-sum.ts'

let asked: Asked
beforeAll(async () => {
  asked = await openAsked()
})
afterAll(() => asked?.fleet.close())

const unitsOf = (columns: Readonly<Record<string, Float64Array>>) =>
  Array.from({ length: 1000 }, (_, i) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]!])),
  )

describe('Run.populationImpact', () => {
  const FIELDS = `year units households weightsTotal personsTotal budget { programme name kind baseline reform change unit } byProgramme { name change }
    deciles { decile weight meanWages meanNetTaxBaseline meanNetTaxChange meanNetIncomeChange winnersShare losersShare unit }
    winners { weight share meanChange } losers { weight share meanChange } reform { id } population { id units dataVersion }`

  it('is what the pure rules derive from the sums', async () => {
    await asked.create('impact')
    const id = await asked.runOf('impact')
    await asked.settled(id)
    const answer = await asked.impactOf(id, FIELDS)
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
    await asked.create('whole')
    const id = await asked.runPopulation({
      reforms: ['whole'],
      year: 2026,
      options: { step: 1000, povertyLine: 20_000 },
    })
    await asked.settled(id)
    const { reforms, conventions, bundle } = await asked.impactOf(
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
      ...{ ruleSet: 'us-federal', ruleSetHash: usRules().hash, year: 2026, reforms: ['whole'] },
      options: { step: 1000, povertyLine: 20_000 },
      dataVersion: DATA_VERSION,
    })
  })

  it('refuses groups that were not asked for, and nothing else', async () => {
    const id = await asked.runPopulation({ options: { groups: [] } })
    await asked.settled(id)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { populationImpact { baseline { budget { change } groups(by: "state") { code } } } } } }`
    const { data, errors } = await askRaw(asked.subgraph, query, { variables: { of: [{ __typename: 'Run', id }] } })
    expect((data as Answer)._entities[0].populationImpact.baseline).toEqual({ budget: { change: 0 }, groups: null })
    expect(errors).toEqual([
      expect.objectContaining({ path: ['_entities', 0, 'populationImpact', 'baseline', 'groups'] }),
    ])
  })

  it('is of formulas that a reform replaces', async () => {
    const formulas = [{ ruleSet: 'us-federal', variable: 'child tax credit total', formula: '0' }]
    await ask(asked.subgraph, CREATE, {
      variables: { input: { id: 'no-credit', title: 'No credit', changes: [], formulas } },
    })
    const id = await asked.runOf('no-credit')
    await asked.settled(id)
    const [{ byProgramme }] = (await asked.impactOf(id, 'reforms { byProgramme { name baseline reform } }')).reforms
    const credit = byProgramme.find(({ name }: Answer) => name === 'child tax credit')
    expect(credit.baseline).toBeGreaterThan(1e9)
    expect(credit.reform).toBeCloseTo(0, 3)
  })

  it('is null with an error where an output is not a number, and the rest is answered', async () => {
    // 0 / 0 for units without wages of the head.
    const formula = 'wages[head] / wages[head] * wages[head]'
    const formulas = [{ ruleSet: 'us-federal', variable: 'earned income credit', formula }]
    await asked.create('sound')
    await ask(asked.subgraph, CREATE, {
      variables: { input: { id: 'broken', title: 'Broken', changes: [], formulas } },
    })
    const id = await asked.runPopulation({ reforms: ['broken', 'sound'] })
    await asked.settled(id)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { populationImpact {
      reforms { budget { baseline change } byProgramme { name baseline change } deciles { weight meanNetTaxChange } winners { share }
        inequality { baseline { gini } reform { gini } } } } } } }`
    const { data, errors } = await askRaw(asked.subgraph, query, { variables: { of: [{ __typename: 'Run', id }] } })
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
      const { runPopulation } = await ask(asked.subgraph, RUN_POPULATION, {
        variables: { input: { year: 2024, options } },
      })
      await asked.settled(runPopulation.run.id)
      const { bundle, baseline } = await asked.impactOf(
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
    await asked.create('in-2026')
    const { runPopulation } = await ask(asked.subgraph, RUN_POPULATION, {
      variables: { input: { year: 2025, reforms: ['in-2026'] } },
    })
    expect(runPopulation.findings).toEqual([{ code: 'NOTHING_CHANGED' }, { code: 'OTHER_YEAR' }])
  })

  it('is of households and by states where the population has them', async () => {
    await asked.create('households')
    const input = { population: 'us-synthetic-1000', reforms: ['households'], options: { level: 'HOUSEHOLD' } }
    const id = await asked.runPopulation(input)
    await asked.settled(id)
    const { units, households, personsTotal, reforms } = await asked.impactOf(
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
    await asked.create('verified')
    const id = await asked.runOf('verified')
    await asked.settled(id)
    const again = await asked.fleet.dispatch.verify('local', id)
    await asked.settled(again.id)
    const fields = 'year budget { change } reforms { reform { id } }'
    expect(await asked.impactOf(again.id, fields)).toEqual(await asked.impactOf(id, fields))
  })

  it('is null for a run that is not finished, of another asked.subgraph, or unknown', async () => {
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await openParameters(idle)
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('waiting') } })
      const { reform } = await ask(alone, RUN, { variables: { id: 'waiting', year: 2026 } })
      const entity = { __typename: 'Run', id: reform.populationRun.id }
      expect(await askEntity(alone, entity, 'populationImpact { year }')).toEqual({ populationImpact: null })
    } finally {
      await idle.close()
    }
    const other = await asked.fleet.dispatch.submit(taxes(100))
    await asked.fleet.dispatch.settled('local', other.id)
    for (const id of [other.id, 'no-such-run']) expect(await asked.impactOf(id, 'year')).toBeNull()
  })
})
