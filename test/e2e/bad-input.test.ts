// Wrong questions to the whole graph: each has a typed error or a finding that names the place and the fix, and changes nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let graph: TestGraph
beforeAll(async () => {
  graph = await openGraph()
})
afterAll(() => graph?.close())

interface Fault {
  readonly code: string
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** What no client is to see of us: files, places in the code, tables and statements. */
const LEAK =
  /\/work\/|\/tmp\/|\.[tj]s:|node_modules|\bat .*\(|\b(select|insert|update|delete)\b.*\b(from|into|set)\b|\brelation\b|\bpg_/i

/** As it goes on the wire. */
async function answer(query: string, variables: Record<string, unknown> = {}) {
  const caller = { tenant: graph.embedded.tenant, requestId: 'test', principal: PROCESS }
  const result = await graph.embedded.gateway.execute({ query, variables, caller })
  const { data, errors = [] } = JSON.parse(JSON.stringify(result))
  expect(JSON.stringify(errors)).not.toMatch(LEAK)
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is the operation's, and the test says what it expects.
  return { data: data as any, faults: errors.map(faultOf) as Fault[] }
}
const faultOf = (error: { message: string; extensions: { code: string; detail: Record<string, unknown> } }): Fault => ({
  message: error.message,
  ...error.extensions,
})

const CREATE = `mutation ($input: CreateScenarioInput!) {
  createScenario(input: $input) { findings { code } scenario {
    id macroPath { times columns { scenario } } run { id } portfolioImpact { loss } runs { totalCount } } } }`
const scenario = (change: Record<string, unknown>) => ({
  input: { title: 'Asked', economyId: 'USA', bankId: 'us-health@1.0.0', horizonYears: 1, draws: 64, ...change },
})
const SHOCK = { variable: 'unemployment_rate', mode: 'ADD', value: 1 }

describe('a wrong question', () => {
  it.each<[string, string, Record<string, unknown>, string, string | undefined]>([
    ['a malformed operation', '{ economy(id: "USA" { name } }', {}, 'BAD_INPUT', 'query'],
    ['an unknown field', '{ economy(id: "USA") { nmae } }', {}, 'BAD_INPUT', 'query'],
    ['an unknown id', '{ portfolio(id: "none") { title } }', {}, 'NOT_FOUND', 'id'],
    ['a negative horizon', CREATE, scenario({ horizonYears: -1 }), 'BAD_INPUT', 'input.horizonYears'],
    ['zero draws', CREATE, scenario({ draws: 0 }), 'BAD_INPUT', 'input.draws'],
    ['a million draws', CREATE, scenario({ draws: 1_000_000 }), 'LIMIT_EXCEEDED', 'input.draws'],
    ['half a draw', CREATE, scenario({ draws: 1.5 }), 'BAD_INPUT', 'variables.input.draws'],
    ['a seed that is no number', CREATE, scenario({ seed: 'abc' }), 'BAD_INPUT', 'input.seed'],
    ['a number that is none', CREATE.replace('$input)', '$input, x: NaN)'), scenario({}), 'BAD_INPUT', 'query'],
    ['NaN as JSON writes it', CREATE, scenario({ horizonYears: null }), 'BAD_INPUT', 'variables.input.horizonYears'],
    [
      'NaN as a text',
      CREATE,
      scenario({ shocks: [SHOCK, { ...SHOCK, value: 'NaN' }] }),
      'BAD_INPUT',
      'variables.input.shocks.1.value',
    ],
    ['a page of a million', '{ runs(first: 1000000) { totalCount } }', {}, 'BAD_INPUT', 'first'],
    ['a cursor that is none', '{ scenarios(after: "%") { totalCount } }', {}, 'BAD_INPUT', 'after'],
    [
      'a period that is none',
      '{ economy(id: "USA") { circularFlow(period: "2024-Q7") { Y } } }',
      {},
      'BAD_INPUT',
      'period',
    ],
    [
      'a confidence of 95',
      '{ portfolio(id: "balanced-demo") { riskRun(confidence: 95) { id } } }',
      {},
      'BAD_INPUT',
      'confidence',
    ],
    [
      'a number beyond 64 bits',
      'mutation { createScenario(input: { title: "t", horizonYears: 1e999 }) { findings { code } } }',
      {},
      'BAD_INPUT',
      'query',
    ],
    ['a title that cannot be stored', CREATE, scenario({ title: 'a\0b' }), 'BAD_INPUT', 'variables.input.title'],
    [
      'a shock with half a character',
      CREATE,
      scenario({ shocks: [{ ...SHOCK, variable: 'a\ud800' }] }),
      'BAD_INPUT',
      'variables.input.shocks.0.variable',
    ],
    [
      'a wrong unit',
      `mutation { createReform(input: { title: "t", changes: [
        { parameter: "us.federal.income_tax.brackets.7.rate", from: "2025", value: 40, unit: "USD" }] }) { findings { code } } }`,
      {},
      'UNIT_MISMATCH',
      'input.changes.0.unit',
    ],
    [
      'a day that is none',
      `mutation { createReform(input: { title: "t", changes: [
        { parameter: "us.federal.income_tax.brackets.7.rate", from: "2025-13-45", value: 40, unit: "percent" }] }) { findings { code } } }`,
      {},
      'BAD_INPUT',
      'input.changes.0.from',
    ],
  ])('with %s says where and what to do', async (_, query, variables, code, path) => {
    const { faults } = await answer(query, variables)
    expect(faults).toMatchObject([{ code, detail: path ? { path } : {} }])
    const { suggestion, limit } = faults[0]!.detail
    expect(suggestion ?? limit).toBeTruthy()
  })

  it('about an unknown id of whatever type names the argument and where to find one', async () => {
    const { data } = await answer('{ __schema { queryType { fields { name args { name } } } } }')
    const fields = data.__schema.queryType.fields as { name: string; args: { name: string }[] }[]
    const byId = fields.filter(({ args: [first, ...rest] }) => first?.name === 'id' && rest.length === 0)
    expect(byId.length).toBeGreaterThan(10)
    for (const { name } of byId) {
      const { data, faults } = await answer(`{ ${name}(id: "none") { __typename } }`)
      expect(data, name).toEqual({ [name]: null })
      expect(faults, name).toMatchObject([{ code: 'NOT_FOUND', detail: { path: 'id', suggestion: expect.anything() } }])
      expect(faults[0]!.message, name).toContain('none')
    }
  })

  it('about a reform that has no answer is not answered as if nothing changed', async () => {
    for (const change of [
      { reformId: 'none' },
      { economyId: 'ZZZ', shocks: [SHOCK] },
      { year: 1900, shocks: [SHOCK] },
    ]) {
      const { data, faults } = await answer(CREATE, scenario({ portfolioId: 'balanced-demo', ...change }))
      expect(data.createScenario.scenario).toMatchObject({ macroPath: null, run: null, portfolioImpact: null })
      expect(data.createScenario.scenario.runs.totalCount).toBe(0)
      expect(faults.map(({ code }) => code)).toContain('INPUT_FAILED')
      for (const { code } of faults) expect(['INPUT_FAILED', 'NOT_FOUND', 'BAD_INPUT']).toContain(code)
    }
  })

  it('about a bank that is not there says so at the run', async () => {
    const { data, faults } = await answer(CREATE, scenario({ bankId: 'none@1' }))
    expect(data.createScenario.scenario.run).toBeNull()
    expect(faults.map(({ code }) => code).sort()).toEqual(['INPUT_FAILED', 'NOT_FOUND'])
  })

  it('by a portfolio without prices has no value, and no risk, and says of what', async () => {
    const made = await answer(
      `mutation ($csv: String!) {
        importPrices(input: { csv: $csv, instruments: [{ id: "new-share", name: "New", assetClass: EQUITY, currency: "USD" }, { id: "bare", name: "Bare", assetClass: EQUITY, currency: "USD" }] }) { imported findings { code } }
        createPortfolio(input: { id: "bare", title: "Bare", currency: "USD", positions: [{ instrumentId: "bare", quantity: 1 }] }) {
          findings { code path } portfolio { value { value findings { code path } } riskRun { id } }
        }
      }`,
      { csv: 'instrument,date,price\nnew-share,2024-01-02,1' },
    )
    expect(made.data.createPortfolio.portfolio.value).toMatchObject({
      value: null,
      findings: [{ code: 'PRICES_MISSING' }],
    })
    expect(made.faults).toMatchObject([{ code: 'BAD_INPUT' }])
    expect(made.faults[0]!.message).toContain('bare')
  })
})

describe('a partly bad import', () => {
  it('of prices changes nothing and lists every fault with its line', async () => {
    const prices = () =>
      graph.ask<{ instrument: { prices: { dates: string[]; origin: string } } }>(
        '{ instrument(id: "us-equity") { prices { dates origin } } }',
      )
    const before = await prices()
    const { data } = await answer(
      'mutation ($csv: String!) { importPrices(input: { csv: $csv }) { imported findings { code path suggestion } } }',
      {
        csv: '\ufeffinstrument,date,price\r\nus-equity,2025-01-02,100\r\nus-equity,2025-13-45,100\r\nnone,2025-01-02,"x"\r\n',
      },
    )
    expect(data.importPrices.imported).toBe(false)
    expect(data.importPrices.findings.map((f: { code: string; path: string }) => `${f.code} ${f.path}`)).toEqual([
      'DATE_INVALID csv:3:date',
      'INSTRUMENT_UNKNOWN csv:4:instrument',
      'PRICE_INVALID csv:4:price',
    ])
    for (const { suggestion } of data.importPrices.findings) expect(suggestion).toBeTruthy()
    expect(await prices()).toEqual(before)
  })

  it('of series changes nothing and lists every fault with its line', async () => {
    const columns = ['GDP', 'C', 'I', 'G', 'X', 'M']
    const input = {
      datasetId: 'broken@1.0.0',
      economyId: 'NZL',
      economyName: 'New Zealand',
      currency: 'NZD',
      title: 'Broken',
      frequency: 'ANNUAL',
      governmentScope: 'CONSUMPTION_AND_INVESTMENT',
      origin: 'A test',
      licence: 'CC0-1.0',
      retrieved: '2025-01-31',
      series: columns.map((role) => ({ name: role, role, unit: 'NZD bn' })),
      csv: `period,${columns}\n2020,1,1,1,1,1,1\n2021,1,many,1,1,1,1\n2021-Q3,1,1,1,1,1,1\n2022,1,1\n2020,1,1,1,1,1,NaN\n`,
    }
    const { data, faults } = await answer(
      'mutation ($input: ImportSeriesInput!) { importSeries(input: $input) { imported dataset { id } findings { severity code path suggestion } } }',
      { input },
    )
    expect(faults).toEqual([])
    expect(data.importSeries).toMatchObject({ imported: false, dataset: null })
    const found = data.importSeries.findings as { severity: string; path: string; suggestion: string | null }[]
    const lines = found.filter(({ severity }) => severity === 'ERROR').map(({ path }) => path.split(':')[1])
    expect([...new Set(lines)].sort()).toEqual(['3', '4', '5', '6'])
    for (const { suggestion } of found) expect(suggestion).toBeTruthy()
    for (const query of ['{ dataset(id: "broken@1.0.0") { id } }', '{ economy(id: "NZL") { id } }'])
      expect((await answer(query)).faults).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('of a bank whose mechanism points to a missing node names it and stores no bank', async () => {
    const text = `format: quesnay-mechanism-bank/1\nname: broken\nversion: 1.0.0\ntitle: Broken\nnodes:\n  - { id: a, name: A }\nmechanisms:\n  - { id: a_to_b, name: A to B, from: a, to: b, sign: positive, effect: { measure: hazard_ratio, value: 1.2, ci: [1.1, 1.3] } }\n`
    const { data } = await answer(
      `mutation ($text: String!) { importMechanismBank(input: { files: [{ path: "broken.yaml", text: $text }] }) {
         imported bank { id } findings(severity: ERROR) { code path message suggestion } } }`,
      { text },
    )
    expect(data.importMechanismBank).toMatchObject({ imported: false, bank: null })
    expect(data.importMechanismBank.findings).toMatchObject([
      { path: 'broken.yaml:8', message: expect.stringMatching(/\bb\b/), suggestion: expect.anything() },
    ])
    expect((await answer('{ mechanismBank(id: "broken@1.0.0") { id } }')).faults).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('of a bank whose text hides a character that cannot be stored is refused as BAD_INPUT', async () => {
    const text = `format: quesnay-mechanism-bank/1\nname: hidden\nversion: 1.0.0\ntitle: "a\\0b"\nnodes:\n  - { id: a, name: A }\n  - { id: b, name: B }\nmechanisms:\n  - { id: a_to_b, name: A to B, from: a, to: b, sign: positive, effect: { measure: hazard_ratio, value: 1.2, ci: [1.1, 1.3] } }\n`
    const { faults } = await answer(
      'mutation ($text: String!) { importMechanismBank(input: { files: [{ path: "hidden.yaml", text: $text }] }) { imported findings { code message } } }',
      { text },
    )
    expect(faults).toMatchObject([{ code: 'BAD_INPUT', detail: { suggestion: 'take it out' } }])
    expect((await answer('{ mechanismBanks { edges { node { name } } } }')).data.mechanismBanks.edges).toEqual([
      { node: { name: 'us-health' } },
    ])
  })

  it('is told in a message of bounded length, whatever long value it speaks of', async () => {
    const { faults } = await answer(CREATE, scenario({ title: 'x'.repeat(1_000_000), unknown: true }))
    expect(faults[0]?.code).toBe('BAD_INPUT')
    expect(faults[0]?.message.length).toBeLessThan(2100)
  })
})
