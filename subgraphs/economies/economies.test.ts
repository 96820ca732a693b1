// The economies subgraph asked as the gateway asks it, over a real PostgreSQL with the shipped figures.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { economies } from './subgraph.ts'

let database: TestStore
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  sql = countSql(database.store)
  subgraph = await openSubgraph(economies, {
    store: sql.store,
    dispatch: noDispatch,
    clock: manualClock(),
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => database.drop())

describe('an economy', () => {
  it('is read with its circular flow of a quarter, its parts explained', async () => {
    const { economy } = await ask(
      subgraph,
      `{ economy(id: "AUS") { name currency circularFlow(period: "2019-Q3") {
           period unit Y C I G X M S T savingAndNetTaxes leakages injections gap gapPctOfInjections status missing tier
           explained { statisticalDiscrepancy netPrimaryIncome corporateSaving rounding } unexplained
           conventions { incomeMeasure leakageBasis savingScope governmentScope priceBasis flowKind } } } }`,
    )
    expect(economy).toMatchObject({ name: 'Australia', currency: 'AUD' })
    expect(economy.circularFlow).toMatchObject({
      period: '2019-Q3',
      unit: 'AUD million',
      Y: 503597,
      C: 275640,
      S: null,
      T: null,
      status: 'COMPLETE',
      missing: [],
      gap: -2424,
      tier: 'NONE',
      unexplained: 0,
      explained: { statisticalDiscrepancy: -2424, netPrimaryIncome: null },
      conventions: { incomeMeasure: 'GDP', priceBasis: 'CURRENT', flowKind: 'FLOW' },
    })
  })

  it('is read in a year made of its quarters, and in the last period where none is named', async () => {
    const { economy } = await ask(
      subgraph,
      '{ economy(id: "USA") { year: circularFlow(period: "2023") { period Y } last: circularFlow { period } lastYear: circularFlow(frequency: ANNUAL) { period } } }',
    )
    expect(economy.year.period).toBe('2023')
    expect(economy.year.Y).toBeGreaterThan(25_000)
    expect(economy.year.Y).toBeLessThan(30_000)
    expect([economy.last.period, economy.lastYear.period]).toEqual(['2024-Q4', '2024'])
  })

  it('is refused in a period without a name, which is not the last one', async () => {
    for (const field of ['circularFlow(period: "") { gap }', 'imbalanceReport(period: "") { periods }'])
      expect(await askForErrors(subgraph, `{ economy(id: "AUS") { ${field} } }`)).toMatchObject([{ code: 'BAD_INPUT' }])
  })

  it('has no flow in a period that its figures do not hold', async () => {
    expect(
      (await ask(subgraph, '{ economy(id: "AUS") { circularFlow(period: "2024-Q1") { gap } } }')).economy.circularFlow,
    ).toBeNull()
  })

  it('is INCOMPLETE, and says what is missing, by conventions that its figures do not serve', async () => {
    const { economy } = await ask(
      subgraph,
      '{ economy(id: "AUS") { circularFlow(leakageBasis: COMPONENTS) { status missing gap tier } } }',
    )
    expect(economy.circularFlow).toEqual({ status: 'INCOMPLETE', missing: ['S', 'T'], gap: null, tier: null })
  })

  it('gives columns over a range, every n-th of them', async () => {
    const { economy } = await ask(
      subgraph,
      '{ economy(id: "USA") { circularFlows(from: "2020-Q1", to: "2021-Q4", every: 4) { periods unit Y gap status } } }',
    )
    expect(economy.circularFlows.periods).toEqual(['2020-Q1', '2021-Q1'])
    expect(economy.circularFlows.Y).toHaveLength(2)
    expect(economy.circularFlows.status).toEqual(['COMPLETE', 'COMPLETE'])
  })

  it('gives empty columns for a range that holds nothing', async () => {
    const { economy } = await ask(subgraph, '{ economy(id: "USA") { circularFlows(from: "2050-Q1") { periods gap } } }')
    expect(economy.circularFlows).toEqual({ periods: [], gap: [] })
  })

  it('reports the known imbalances of Australia from 1972-Q3', async () => {
    const { economy } = await ask(
      subgraph,
      `{ economy(id: "AUS") { imbalanceReport(from: "1972-Q3") {
           from to periods complete tier total { meanAbsolutePct maxAbsolutePct maxPeriod breaches { tier thresholdPct periods } }
           unexplained { maxAbsolutePct } findings { severity code path } } } }`,
    )
    expect(economy.imbalanceReport).toMatchObject({
      from: '1972-Q3',
      to: '2019-Q3',
      periods: 189,
      complete: 189,
      tier: 'FIVE_PERCENT',
    })
    expect(economy.imbalanceReport.total.breaches.map((b: { periods: number }) => b.periods)).toEqual([47, 15, 1, 0])
    expect(economy.imbalanceReport.unexplained.maxAbsolutePct).toBe(0)
    expect(economy.imbalanceReport.findings).toEqual([{ severity: 'WARNING', code: 'IMBALANCE', path: '1973-Q3' }])
  })

  it('reports one period alone', async () => {
    const { economy } = await ask(
      subgraph,
      '{ economy(id: "USA") { imbalanceReport(period: "1993-Q1") { periods tier findings { path } } } }',
    )
    expect(economy.imbalanceReport).toEqual({ periods: 1, tier: 'FIVE_PERCENT', findings: [{ path: '1993-Q1' }] })
  })
})

describe('series and datasets', () => {
  it('carry their origin, and their values as columns', async () => {
    const { series } = await ask(
      subgraph,
      `{ series(id: "us-circular-flow@2024-q4/exports") { label role unit kind priceBasis licence origin retrieved dataset { id economy { id } }
           values(from: "2024-Q3") { periods values unit frequency } annual: values(frequency: ANNUAL, from: "2024") { periods values } } }`,
    )
    expect(series).toMatchObject({
      role: 'X',
      unit: 'USD bn',
      kind: 'FLOW_AT_ANNUAL_RATE',
      dataset: { economy: { id: 'USA' } },
    })
    expect(series.values).toEqual({
      periods: ['2024-Q3', '2024-Q4'],
      values: [3220.292, 3220.929],
      unit: 'USD bn',
      frequency: 'QUARTERLY',
    })
    expect(series.annual.periods).toEqual(['2024'])
  })

  it('page by cursor', async () => {
    const page = (after: string) =>
      ask(
        subgraph,
        `{ datasets(first: 1${after}) { totalCount edges { node { id name version } } pageInfo { hasNextPage endCursor } } }`,
      )
    const first = (await page('')).datasets
    expect(first).toMatchObject({
      totalCount: 2,
      edges: [{ node: { name: 'au-circular-flow', version: '2019-q3' } }],
      pageInfo: { hasNextPage: true },
    })
    const second = (await page(`, after: "${first.pageInfo.endCursor}"`)).datasets
    expect(second).toMatchObject({ edges: [{ node: { name: 'us-circular-flow' } }], pageInfo: { hasNextPage: false } })
  })

  it('cost the same number of statements for two economies as for one', async () => {
    const fields =
      'name datasets { id series { id values { values } } } circularFlow { gap } imbalanceReport { tier } series { id }'
    const statements = async (query: string) => {
      sql.take()
      await ask(subgraph, query)
      return sql.take().length
    }
    const one = await statements(`{ economy(id: "USA") { ${fields} } }`)
    // The list itself is read and counted, where the one is only read.
    expect(await statements(`{ economies { edges { node { ${fields} } } } }`)).toBeLessThanOrEqual(one + 2)
    expect(one).toBeLessThanOrEqual(9)
  })
})

describe('bad input', () => {
  it.each([
    ['an unknown economy', '{ economy(id: "XXX") { id } }', 'NOT_FOUND', 'id'],
    ['an unknown dataset', '{ dataset(id: "no@1") { id } }', 'NOT_FOUND', 'id'],
    ['an unknown series', '{ series(id: "no@1/x") { id } }', 'NOT_FOUND', 'id'],
    [
      'a dataset of another economy',
      '{ economy(id: "AUS") { circularFlow(dataset: "us-circular-flow@2024-q4") { gap } } }',
      'NOT_FOUND',
      'dataset',
    ],
    [
      'a text that is no period',
      '{ economy(id: "AUS") { circularFlow(period: "summer") { gap } } }',
      'BAD_INPUT',
      'period',
    ],
    [
      'a month of quarterly figures',
      '{ economy(id: "AUS") { circularFlow(period: "2019-07") { gap } } }',
      'BAD_INPUT',
      'frequency',
    ],
    [
      'a range in other periods than the figures',
      '{ economy(id: "AUS") { circularFlows(from: "2019") { gap } } }',
      'BAD_INPUT',
      'from',
    ],
    ['every 0-th period', '{ economy(id: "AUS") { circularFlows(every: 0) { gap } } }', 'BAD_INPUT', 'every'],
    ['a page of none', '{ economies(first: 0) { totalCount } }', 'BAD_INPUT', 'first'],
    ['a made-up cursor', '{ economies(after: "x") { totalCount } }', 'BAD_INPUT', 'after'],
  ])('refuses %s and names the place and the fix', async (_, query, code, path) => {
    const [error] = await askForErrors(subgraph, query)
    expect(error).toMatchObject({ code, detail: { path, suggestion: expect.any(String) } })
  })

  it('refuses an operation that does not fit the graph', async () => {
    expect(await askForErrors(subgraph, '{ economy(id: "AUS") { nonsense } }')).toMatchObject([{ code: 'BAD_INPUT' }])
  })

  it('shows a tenant nothing of another', async () => {
    expect(await askForErrors(subgraph, '{ economy(id: "USA") { id } }', { tenant: 'other' })).toMatchObject([
      { code: 'NOT_FOUND' },
    ])
    expect((await ask(subgraph, '{ economies { totalCount } }', { tenant: 'other' })).economies.totalCount).toBe(0)
  })
})

describe('importSeries', () => {
  const MUTATION = `mutation ($input: ImportSeriesInput!) { importSeries(input: $input) {
    imported observations dataset { id economy { id name circularFlow(period: "2024") { Y gap status missing } } } findings { severity code path message suggestion } } }`
  const series = ['gdp:GDP', 'c:C', 'i:I', 'g:G', 'x:X', 'm:M'].map((s) => ({
    name: s.split(':')[0],
    role: s.split(':')[1],
    unit: 'EUR bn',
  }))
  const input = (more: object = {}) => ({
    datasetId: 'my-figures@1',
    economyId: 'FRA',
    economyName: 'France',
    currency: 'EUR',
    title: 'My figures',
    frequency: 'ANNUAL',
    governmentScope: 'CONSUMPTION',
    origin: 'made for a test',
    licence: 'CC0',
    retrieved: '2024-12-31',
    series,
    csv: 'period,gdp,c,i,g,x,m\n2023,100,60,20,15,12,7\n2024,110,66,22,,13,8\n',
    ...more,
  })
  const send = async (more: object = {}) =>
    (await ask(subgraph, MUTATION, { variables: { input: input(more) } })).importSeries

  it('only checks on a dry run', async () => {
    expect(await send({ dryRun: true })).toEqual({ imported: false, observations: 11, dataset: null, findings: [] })
    expect(await askForErrors(subgraph, '{ economy(id: "FRA") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('imports nothing of a partly bad text and lists every fault by line', async () => {
    const csv =
      'period,gdp,c,i,g,x,m\n2023,100,60,20,15,12,7\n2023,1,1,1,1,1,1\n2O24,1,1,1,1,1,1\n2025,1,one,1,1,1\n2026,1,one,1,1,1,1\n'
    const payload = await send({ csv })
    expect(payload).toMatchObject({ imported: false, dataset: null })
    expect(
      payload.findings
        .filter((f: { severity: string }) => f.severity === 'ERROR')
        .map((f: { code: string; path: string }) => `${f.code} ${f.path}`),
    ).toEqual(['CSV_FIELDS csv:5', 'PERIOD_TWICE csv:3:period', 'PERIOD_INVALID csv:4:period', 'VALUE_INVALID csv:6:c'])
    expect((await ask(subgraph, '{ economies { totalCount } }')).economies.totalCount).toBe(2)
  })

  it('needs name and currency for a new economy, and the currency of one that stands', async () => {
    const codes = async (more: object) => (await send(more)).findings.map((f: { code: string }) => f.code)
    expect(await codes({ economyName: null, currency: null })).toEqual(['CURRENCY_INVALID', 'ECONOMY_UNKNOWN'])
    expect(await codes({ economyId: 'USA' })).toEqual(['CURRENCY_MISMATCH'])
    expect(await codes({ economyId: 'france' })).toEqual(['ECONOMY_INVALID'])
  })

  it('stores a good text with its economy, a blank cell missing and not 0', async () => {
    const payload = await send()
    expect(payload).toMatchObject({ imported: true, observations: 11, findings: [] })
    expect(payload.dataset.economy).toEqual({
      id: 'FRA',
      name: 'France',
      circularFlow: { Y: 110, gap: null, status: 'INCOMPLETE', missing: ['G'] },
    })
  })

  it('shows, in one request, each import as it left the economy', async () => {
    const query = `mutation ($a: ImportSeriesInput!, $b: ImportSeriesInput!) {
      a: importSeries(input: $a) { dataset { economy { datasets { id } defaultDataset { id } circularFlow(period: "2023") { Y } } } }
      b: importSeries(input: $b) { dataset { economy { datasets { id } defaultDataset { id } circularFlow(period: "2023") { Y } } } } }`
    const csv = 'period,gdp,c,i,g,x,m\n2023,200,60,20,15,12,7\n'
    const variables = { a: input({ datasetId: 'more@1' }), b: input({ datasetId: 'more@2', csv, makeDefault: true }) }
    const { a, b } = await ask(subgraph, query, { variables })
    expect(a.dataset.economy).toMatchObject({ defaultDataset: { id: 'my-figures@1' }, circularFlow: { Y: 100 } })
    expect(a.dataset.economy.datasets).toHaveLength(2)
    expect(b.dataset.economy).toMatchObject({ defaultDataset: { id: 'more@2' }, circularFlow: { Y: 200 } })
    expect(b.dataset.economy.datasets).toHaveLength(3)
  })

  it('refuses other content under an id that stands', async () => {
    const errors = await askForErrors(subgraph, MUTATION, { variables: { input: input({ title: 'Other' }) } })
    expect(errors).toMatchObject([{ code: 'ALREADY_EXISTS', detail: { path: 'input.datasetId' } }])
  })
})

describe('what a scenario gains', () => {
  const scenario = (more: object = {}) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    economy: { __typename: 'Economy', id: 'USA' },
    year: 2025,
    horizonYears: 10,
    shocks: [],
    netTaxChange: { fraction: 0.05 },
    ...more,
  })
  const PATH = 'macroPath { times columns { variable unit baseline scenario } }'

  it('is a macro path by quarters that its reform moves', async () => {
    const { macroPath } = await askEntity(subgraph, scenario(), PATH)
    expect(macroPath.times).toHaveLength(41)
    expect(macroPath.columns.map((c: { variable: string }) => c.variable)).toEqual([
      'gdp',
      'disposable_income',
      'consumption',
      'unemployment_rate',
    ])
    const [gdp, , , unemployment] = macroPath.columns
    expect(gdp.scenario.at(-1)).toBeLessThan(0)
    expect(gdp.scenario.at(-1)).toBeGreaterThan(-1)
    expect(unemployment.scenario.at(-1)).toBeGreaterThan(unemployment.baseline.at(-1))
  })

  it('is the baseline bit for bit without reform and shocks, and null without an economy', async () => {
    const { macroPath } = await askEntity(subgraph, scenario({ netTaxChange: null }), PATH)
    for (const { baseline, scenario } of macroPath.columns) expect(scenario).toEqual(baseline)
    expect(
      await askEntity(subgraph, scenario({ economy: null }), `${PATH} circularFlowImpact { assumptions { name } }`),
    ).toEqual({
      macroPath: null,
      circularFlowImpact: null,
    })
  })

  it('is the circular flow of its first and last year without and with it, and what that rests on', async () => {
    const { circularFlowImpact: impact } = await askEntity(
      subgraph,
      scenario(),
      `circularFlowImpact { firstYear { year baseline { Y gap } scenario { Y gap unexplained } } endYear { year baseline { period C } scenario { C } }
         change { times unit Y C M I disposableIncome taxes } assumptions { name value unit basis text } }`,
    )
    expect([impact.firstYear.year, impact.endYear.year]).toEqual([2025, 2034])
    expect(impact.firstYear.scenario.gap).toBeCloseTo(impact.firstYear.baseline.gap, 9)
    expect(impact.firstYear.scenario.unexplained).toBe(0)
    expect(impact.endYear.scenario.C).toBeLessThan(impact.endYear.baseline.C)
    expect(impact.change.times).toHaveLength(41)
    expect(impact.change.taxes[0]).toBeCloseTo(
      impact.assumptions.find((a: { name: string }) => a.name === 'net_tax_change').value,
      9,
    )
  })

  it('has no years where the horizon is shorter than one', async () => {
    const { circularFlowImpact: impact } = await askEntity(
      subgraph,
      scenario({ horizonYears: 0.5 }),
      'circularFlowImpact { firstYear { year } endYear { year } change { times } }',
    )
    expect(impact).toEqual({ firstYear: null, endYear: null, change: { times: [0, 0.25, 0.5] } })
  })

  it('plays in Australia by shocks, but a reform cannot be scaled to figures without personal taxes', async () => {
    const australia = { economy: { __typename: 'Economy', id: 'AUS' } }
    const shocks = [{ variable: 'gdp', mode: 'SET', value: -2, from: 0, to: 1 }]
    const { macroPath } = await askEntity(subgraph, scenario({ ...australia, netTaxChange: null, shocks }), PATH)
    expect(macroPath.columns[0].scenario[0]).toBeCloseTo(-2, 12)
    await expect(askEntity(subgraph, scenario(australia), PATH)).rejects.toThrow(/PERSONAL_TAX/)
  })

  it('is not the baseline where its reform has no answer: it is refused, and says where to look', async () => {
    const unanswered = scenario({ reform: { __typename: 'Reform', id: 'r-1' }, netTaxChange: null })
    await expect(askEntity(subgraph, unanswered, PATH)).rejects.toThrow(/INPUT_FAILED.*netTaxChange/)
    await expect(askEntity(subgraph, unanswered, 'circularFlowImpact { change { Y } }')).rejects.toThrow(/INPUT_FAILED/)
  })

  it('is refused for a year before the figures, a horizon of nothing, and an unknown economy', async () => {
    await expect(askEntity(subgraph, scenario({ year: 1900 }), PATH)).rejects.toThrow(/choose a year from 1968/)
    await expect(askEntity(subgraph, scenario({ horizonYears: -1 }), PATH)).rejects.toThrow(/BAD_INPUT/)
    await expect(askEntity(subgraph, scenario({ economy: { id: 'XXX' } }), PATH)).rejects.toThrow(/NOT_FOUND/)
  })
})
