// British families, one and many, asked as the gateway asks them and computed by workers: another country through the same fields.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { type Answer, ask, askEntity } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(parameters, {
    store: fleet.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => fleet.close())

const family = async (values: Record<string, number>, fields: string, more = ''): Promise<Answer> => {
  const list = Object.entries(values).map(([name, value]) => `{ name: "${name}", value: ${value} }`)
  const input = `{ ruleSet: "uk", year: 2024, ${more} values: [${list.join(' ')}] }`
  return (await ask(subgraph, `{ household(input: ${input}) { ${fields} } }`)).household
}

describe('a family in the United Kingdom', () => {
  it('is computed by the law of 6 April, in pounds', async () => {
    const { lawOf, tax, contributions } = await family(
      { 'employment income[head]': 50_000 },
      `lawOf tax: variable(name: "income tax") { value unit }
       contributions: variable(name: "employees national insurance") { value }`,
    )
    expect(lawOf).toBe('2024-04-06')
    expect(tax).toEqual({ value: expect.closeTo(7_486, 8), unit: 'GBP' })
    expect(contributions.value).toBeCloseTo(2_994.4, 8)
  })

  it('loses 62 per cent of more pay while the allowance is reduced, and of what the employer pays more', async () => {
    const { rate, full } = await family(
      { 'employment income[head]': 110_000 },
      'rate: marginalRate(step: 100) { rate over } full: marginalRate(step: 100, per: FULL_COMPENSATION) { rate }',
    )
    expect(rate).toEqual({ rate: expect.closeTo(0.62, 9), over: 'employment income[head]' })
    expect(full.rate).toBeCloseTo(1 - 0.38 / 1.138, 9)
  })

  it('has a cliff at each hundredth of child benefit that is charged, and none without children', async () => {
    const fields = 'cliffs(from: 59900, to: 61000) { cliffs { at loss programmes { programme change } } }'
    const { cliffs } = await family({ children: 2 }, fields)
    expect(cliffs.cliffs.map(({ at }: { at: number }) => Math.round(at))).toEqual([
      60_200, 60_400, 60_600, 60_800, 61_000,
    ])
    expect(cliffs.cliffs[0].programmes).toContainEqual({ programme: 'high income child benefit charge', change: 22 })
    expect((await family({}, fields)).cliffs.cliffs).toEqual([])
  })

  it('is charged by the law as it was known before the act of May 2024', async () => {
    const charge = 'variable(name: "high income child benefit charge") { value }'
    const unit = { 'employment income[head]': 65_000, children: 2 }
    expect((await family(unit, charge)).variable.value).toBe(553)
    expect((await family(unit, charge, 'knownAt: "2024-04-30",')).variable.value).toBe(2212)
  })

  it('pays by a reform of the rates of Wales there, and not in England', async () => {
    await ask(
      subgraph,
      `mutation { createReform(input: { id: "wales", title: "A penny in Wales", changes: [
         { parameter: "uk.income_tax.brackets.1.rate", from: "2024-04-06", value: 21, unit: "percent", cell: "wales" }] }) { reform { id } } }`,
    )
    const change = async (nation: number) =>
      (
        await family(
          { 'employment income[head]': 32_570, nation },
          'change(names: ["net income"]) { value }',
          'reform: "wales",',
        )
      ).change[0].value
    expect(await change(2)).toBeCloseTo(-200, 8)
    expect(await change(1)).toBe(0)
  })

  it('has a trace that names the cell of its nation and the act', async () => {
    const { trace } = await family(
      { 'employment income[head]': 32_570, nation: 2 },
      `trace(variable: "tax on general income[head,none]", depth: 0) { name value formula reference
         schedules { name at thresholds values parameters { cell value parameter { id } } } }`,
    )
    const [node] = trace
    expect(node).toMatchObject({
      value: 4_000,
      formula: 'marginal(income_tax_brackets[nation], taxable_general_income)',
      reference: 'Income Tax Act 2007 ss. 6, 6B, 10, 11B',
    })
    expect(node.schedules[0]).toMatchObject({ at: 20_000, thresholds: [0, 37_700, 125_140], values: [0.2, 0.4, 0.45] })
    expect(node.schedules[0].parameters).toContainEqual({
      cell: 'wales',
      value: 0.2,
      parameter: { id: 'uk.income_tax.brackets.1.rate' },
    })
  })
})

describe('families in the United Kingdom', () => {
  const CSV = [
    'nation,married,children,persons,employment income[head],employment income[partner],weight',
    '1,0,0,1,30000,0,1000',
    '2,1,2,4,65000,10000,500',
    '3,0,1,2,125140,0,250',
  ].join('\n')

  it('are imported under their own names and costed in pounds, by heading and by nation', async () => {
    const imported = await ask(
      subgraph,
      `mutation ($input: ImportPopulationInput!) { importPopulation(input: $input) {
         imported units population { ruleSet { id } unit weightsTotal } findings { severity code path } } }`,
      { variables: { input: { id: 'families', title: 'Families', year: 2024, ruleSet: 'uk', csv: CSV } } },
    )
    expect(imported.importPopulation).toMatchObject({
      ...{ imported: true, units: 3, population: { ruleSet: { id: 'uk' }, unit: 'family', weightsTotal: 1750 } },
    })
    await ask(
      subgraph,
      `mutation { createReform(input: { id: "penny", title: "A penny on the basic rate", changes: [
         { parameter: "uk.income_tax.brackets.1.rate", from: "2024-04-06", value: 21, unit: "percent" }] }) { reform { id } } }`,
    )
    const { runPopulation } = await ask(
      subgraph,
      `mutation { runPopulation(input: { ruleSet: "uk", population: "families", year: 2024, reforms: ["penny"] }) { run { id } findings { code } } }`,
    )
    await fleet.dispatch.settled('local', runPopulation.run.id)
    const { populationImpact } = await askEntity(
      subgraph,
      { __typename: 'Run', id: runPopulation.run.id },
      `populationImpact { year weightsTotal personsTotal budget { change unit } byProgramme { name kind baseline change unit }
         losers { weight } reforms { groups(by: "nation") { code netTaxChange } } }`,
    )
    // 17,430 of pay, and twice the basic rate band: 37,700.
    const cost = { england: 174.3 * 1000, wales: 377 * 500, ireland: 377 * 250 }
    expect(populationImpact).toMatchObject({ year: 2024, weightsTotal: 1750, personsTotal: 1000 + 2000 + 500 })
    expect(populationImpact.budget).toEqual({
      change: expect.closeTo(cost.england + cost.wales + cost.ireland, 4),
      unit: 'GBP/year',
    })
    const named = (name: string) => populationImpact.byProgramme.find((one: { name: string }) => one.name === name)
    expect(named('income tax')).toMatchObject({
      kind: 'TAX',
      change: expect.closeTo(populationImpact.budget.change, 4),
    })
    expect(named('child benefit')).toMatchObject({
      kind: 'BENEFIT',
      baseline: expect.closeTo(2_212.6 * 500 + 1_331.2 * 250, 4),
    })
    expect(named('high income child benefit charge').baseline).toBeCloseTo(553 * 500 + 1_331 * 250, 4)
    expect(populationImpact.losers.weight).toBe(1750)
    const { groups } = populationImpact.reforms[0]
    expect(groups.code).toEqual([1, 2, 3])
    expect(groups.netTaxChange.map((pounds: number) => Math.round(pounds))).toEqual(Object.values(cost).map(Math.round))
  })
})
