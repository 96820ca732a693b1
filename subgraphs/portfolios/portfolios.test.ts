// The portfolios subgraph asked as the gateway asks it, over a real PostgreSQL and a fleet of one worker.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { portfolios } from './subgraph.ts'

let fleet: TestFleet
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  sql = countSql(fleet.store)
  subgraph = await openSubgraph(portfolios, {
    store: sql.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => fleet?.close())

const IMPORT = `mutation ($input: ImportPricesInput!) { importPrices(input: $input) {
  imported prices instruments { id assetClass prices { dates prices origin } } findings { severity code path } } }`
const CREATE = `mutation ($input: CreatePortfolioInput!) { createPortfolio(input: $input) {
  portfolio { id title value { value findings { code path } } } findings { severity code path suggestion } } }`
const RISK = `risk { portfolioId currency asOf value horizonDays observations from to mean sd worst best
  conventions { quantileRule shortfallRule varianceRule meanRule horizonRule returnBasis }
  historical { method confidence valueAtRisk expectedShortfall } parametric { method confidence valueAtRisk expectedShortfall }
  components { instrument { id } value valueAtRisk incremental } findings { code } }`

/** Waits for a run of the fleet and reads its typed result. */
async function settledRisk(runId: string) {
  await fleet.dispatch.settled('local', runId)
  return (await askEntity(subgraph, { __typename: 'Run', id: runId }, RISK)).risk
}

describe('a portfolio', () => {
  it('is read with its positions, their values and weights', async () => {
    const { portfolio } = await ask(
      subgraph,
      `{ portfolio(id: "balanced-demo") { title currency value { asOf value currency findings { code } }
           positions { quantity price priceDate value weight instrument { id currency } } instruments { id assetClass economy { id } } } }`,
    )
    expect(portfolio.value).toMatchObject({ asOf: '2024-12-31', currency: 'USD', findings: [] })
    const sum = (of: string) =>
      portfolio.positions.reduce((total: number, p: Record<string, number>) => total + p[of]!, 0)
    expect(sum('value')).toBeCloseTo(portfolio.value.value, 6)
    expect(sum('weight')).toBeCloseTo(1, 12)
    expect(portfolio.instruments[0]).toEqual({ id: 'us-equity', assetClass: 'EQUITY', economy: { id: 'USA' } })
  })

  it('is worth something else on another day', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { now: value { value } then: value(asOf: "2023-06-30") { asOf value } } }',
    )
    expect(portfolio.then.asOf).toBe('2023-06-30')
    expect(portfolio.then.value).not.toBe(portfolio.now.value)
  })

  it('says that its prices are generated', async () => {
    const { instrument } = await ask(
      subgraph,
      '{ instrument(id: "us-equity") { prices(from: "2024-12-01", every: 5) { dates prices origin currency } factors { variable beta standardError assumed provenance } } }',
    )
    expect(instrument.prices).toMatchObject({ origin: 'GENERATED', currency: 'USD' })
    expect(instrument.prices.dates).toHaveLength(instrument.prices.prices.length)
    expect(instrument.factors[0]).toMatchObject({ variable: 'gdp', assumed: true })
  })
})

describe('a run of risk', () => {
  it('gives historical and parametric figures with the conventions that held', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { value { value } riskRun(confidence: [0.95, 0.99]) { id } } }',
    )
    const risk = await settledRisk(portfolio.riskRun.id)
    expect(risk).toMatchObject({
      portfolioId: 'balanced-demo',
      currency: 'USD',
      asOf: '2024-12-31',
      horizonDays: 1,
      observations: 749,
      to: '2024-12-31',
      mean: 0,
      findings: [],
      conventions: {
        quantileRule: 'TYPE_7',
        shortfallRule: 'INCLUDING',
        varianceRule: 'SAMPLE',
        meanRule: 'ZERO',
        horizonRule: 'SQUARE_ROOT_OF_TIME',
        returnBasis: 'SIMPLE_PRICE_RETURN',
      },
    })
    expect(risk.value).toBeCloseTo(portfolio.value.value, 6)
    for (const columns of [risk.historical, risk.parametric]) {
      expect(columns.confidence).toEqual([0.95, 0.99])
      const [var95, var99] = columns.valueAtRisk
      // A daily figure of a balanced book: some per mille to a few per cent of its value.
      expect(var95 / risk.value).toBeGreaterThan(0.002)
      expect(var95 / risk.value).toBeLessThan(0.03)
      expect(var99).toBeGreaterThan(var95)
      columns.expectedShortfall.forEach(
        (es: number, i: number) => void expect(es).toBeGreaterThan(columns.valueAtRisk[i]),
      )
    }
    expect(risk.parametric.valueAtRisk[0]).toBeCloseTo(1.6448536269514722 * risk.sd, 6)
    for (const [i, total] of risk.parametric.valueAtRisk.entries()) {
      const sum = risk.components.reduce((all: number, c: { valueAtRisk: number[] }) => all + c.valueAtRisk[i]!, 0)
      expect(Math.abs(sum / total - 1)).toBeLessThan(1e-12)
    }
    expect(risk.components.at(-1)).toMatchObject({
      instrument: { id: 'usd-cash' },
      valueAtRisk: [0, 0],
      incremental: [0, 0],
    })
  })

  it('is the same run for the same question, and another for another', async () => {
    const idOf = async (args: string) =>
      (await ask(subgraph, `{ portfolio(id: "balanced-demo") { riskRun${args} { id } } }`)).portfolio.riskRun.id
    const first = await idOf('(confidence: 0.9)')
    expect(await idOf('(confidence: [0.9])')).toBe(first)
    expect(await idOf('(confidence: 0.9, meanRule: SAMPLE_MEAN)')).not.toBe(first)
    expect(await idOf('(confidence: 0.9, asOf: "2024-06-28")')).not.toBe(first)
  })

  it('over ten days by overlapping windows says that they overlap', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { riskRun(horizonDays: 10, horizonRule: OVERLAPPING_RETURNS, window: 250) { id } } }',
    )
    const risk = await settledRisk(portfolio.riskRun.id)
    expect(risk).toMatchObject({
      observations: 250,
      horizonDays: 10,
      conventions: { horizonRule: 'OVERLAPPING_RETURNS' },
    })
    expect(risk.findings).toEqual([{ code: 'OVERLAPPING' }])
  })

  it('verified gives the same figures', async () => {
    const { portfolio } = await ask(subgraph, '{ portfolio(id: "balanced-demo") { riskRun { id } } }')
    const first = await settledRisk(portfolio.riskRun.id)
    const again = await fleet.dispatch.verify('local', portfolio.riskRun.id)
    expect(again.id).not.toBe(portfolio.riskRun.id)
    expect(await settledRisk(again.id)).toEqual(first)
  })

  it('has no typed result where the run is of another kind, unknown, or of another tenant', async () => {
    expect(await askEntity(subgraph, { __typename: 'Run', id: 'none' }, RISK)).toEqual({ risk: null })
    const { portfolio } = await ask(subgraph, '{ portfolio(id: "balanced-demo") { riskRun { id } } }')
    await fleet.dispatch.settled('local', portfolio.riskRun.id)
    expect(
      await askEntity(subgraph, { __typename: 'Run', id: portfolio.riskRun.id }, RISK, { tenant: 'other' }),
    ).toEqual({ risk: null })
  })
})

describe('what a scenario gains', () => {
  const scenario = (gdp: number[], more: object = {}) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    portfolio: { __typename: 'Portfolio', id: 'balanced-demo' },
    macroPath: {
      times: gdp.map((_, i) => i / 4),
      columns: [
        { variable: 'gdp', unit: 'percent', baseline: gdp.map(() => 0), scenario: gdp },
        { variable: 'consumption', unit: 'percent', baseline: gdp.map(() => 0), scenario: gdp },
        {
          variable: 'unemployment_rate',
          unit: 'percent',
          baseline: gdp.map(() => 4),
          scenario: gdp.map((x) => 4 - x / 2),
        },
      ],
    },
    ...more,
  })
  const IMPACT = `portfolioImpact { mode portfolioId currency asOf baseline times value loss changePct standardError maxLoss maxLossTime
    assumptions { instrument { id } factor { variable beta standardError assumed } } positions { baseline values instrument { id } } findings { code path } }`

  it('is its portfolio revalued along the path, position by position', async () => {
    const { portfolioImpact: impact } = await askEntity(subgraph, scenario([0, -1, -3, -2]), IMPACT)
    expect(impact).toMatchObject({
      mode: 'FACTOR_STRESS',
      portfolioId: 'balanced-demo',
      times: [0, 0.25, 0.5, 0.75],
      maxLossTime: 0.5,
      findings: [],
    })
    expect(impact.value[0]).toBe(impact.baseline)
    expect(impact.loss[0]).toBe(0)
    expect(impact.maxLoss).toBe(impact.loss[2])
    expect(impact.loss[2]).toBeGreaterThan(0)
    expect(impact.standardError[2]).toBeGreaterThan(0)
    expect(impact.changePct[2]).toBeCloseTo((-100 * impact.loss[2]) / impact.baseline, 9)
    expect(impact.assumptions[0]).toEqual({
      instrument: { id: 'us-equity' },
      factor: { variable: 'gdp', beta: 0.025, standardError: 0.01, assumed: true },
    })
    const sum = impact.positions.reduce((total: number, p: { values: number[] }) => total + p.values[2]!, 0)
    expect(sum).toBeCloseTo(impact.value[2], 6)
    const equity = impact.positions.find((p: { instrument: { id: string } }) => p.instrument.id === 'us-equity')
    expect(equity.values[2] / equity.baseline).toBeCloseTo(1 - 3 * 0.025, 12)
  })

  it('loses nothing where the path is its baseline, bit for bit', async () => {
    const { portfolioImpact: impact } = await askEntity(subgraph, scenario([0, 0]), IMPACT)
    expect(impact).toMatchObject({
      value: [impact.baseline, impact.baseline],
      loss: [0, 0],
      standardError: [0, 0],
      maxLoss: 0,
    })
  })

  it('is the risk of the stressed book at a time of the path, through the fleet', async () => {
    const run = async (args: string) =>
      (await askEntity(subgraph, scenario([0, -10]), `portfolioRun${args} { id }`)).portfolioRun.id
    const [before, after] = await Promise.all([settledRisk(await run('(at: 0)')), settledRisk(await run(''))])
    expect(after.value).toBeLessThan(before.value)
    expect(after.parametric.valueAtRisk[0]).toBeLessThan(before.parametric.valueAtRisk[0])
    await expect(askEntity(subgraph, scenario([0, -10]), 'portfolioRun(at: 9) { id }')).rejects.toThrow(
      /the path goes from year 0 to 0.25/,
    )
  })

  it('is null where it names no portfolio or has no path', async () => {
    const nothing = { portfolioImpact: null, portfolioRun: null }
    expect(await askEntity(subgraph, scenario([0], { portfolio: null }), `${IMPACT} portfolioRun { id }`)).toEqual(
      nothing,
    )
    expect(await askEntity(subgraph, scenario([0], { macroPath: null }), `${IMPACT} portfolioRun { id }`)).toEqual(
      nothing,
    )
  })

  it('costs as many statements for three scenarios as for one', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { ${IMPACT} } } }`
    const statements = async (of: object[]) => {
      sql.take()
      await ask(subgraph, query, { variables: { of } })
      return sql.take().length
    }
    const one = await statements([scenario([0, -1])])
    expect(await statements([scenario([0, -1]), scenario([0, -2]), scenario([-3])])).toBe(one)
  })

  it('is refused for a portfolio that is not there', async () => {
    await expect(askEntity(subgraph, scenario([0], { portfolio: { id: 'none' } }), IMPACT)).rejects.toThrow(/NOT_FOUND/)
  })
})

describe('what an economy gains', () => {
  it('is its instruments and the portfolios that hold them, by pages', async () => {
    const economy = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'AUS' },
      'instruments(first: 1) { totalCount edges { node { id } cursor } pageInfo { hasNextPage endCursor } } exposedPortfolios { edges { node { id title } } }',
    )
    expect(economy.instruments).toMatchObject({
      totalCount: 2,
      edges: [{ node: { id: 'au-equity' } }],
      pageInfo: { hasNextPage: true },
    })
    expect(economy.exposedPortfolios.edges.map((e: { node: { id: string } }) => e.node.id)).toContain('balanced-demo')
    const next = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'AUS' },
      `instruments(after: "${economy.instruments.pageInfo.endCursor}") { edges { node { id } } pageInfo { hasNextPage } }`,
    )
    expect(next.instruments).toEqual({ edges: [{ node: { id: 'aud-usd' } }], pageInfo: { hasNextPage: false } })
  })

  it('is nothing for an economy without instruments', async () => {
    const economy = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'FRA' },
      'instruments { totalCount } exposedPortfolios { totalCount }',
    )
    expect(economy).toEqual({ instruments: { totalCount: 0 }, exposedPortfolios: { totalCount: 0 } })
  })
})

describe('importPrices and createPortfolio', () => {
  const instruments = [{ id: 'my-share', name: 'My share', assetClass: 'EQUITY', currency: 'USD' }]
  const csv = 'instrument,date,price\nmy-share,2024-01-02,10\nmy-share,2024-01-03,11\nmy-share,2024-01-04,10.5\n'
  const send = async (input: object) => (await ask(subgraph, IMPORT, { variables: { input } })).importPrices
  const create = async (input: object) => (await ask(subgraph, CREATE, { variables: { input } })).createPortfolio

  it('only checks on a dry run', async () => {
    expect(await send({ csv, instruments, dryRun: true })).toEqual({
      imported: false,
      prices: 3,
      instruments: [],
      findings: [],
    })
    expect(await askForErrors(subgraph, '{ instrument(id: "my-share") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('imports nothing of a partly bad text and lists every fault', async () => {
    const bad = `${csv}my-share,2024-01-05,free\nother,2024-01-05,1\n`
    const payload = await send({ csv: bad, instruments: [...instruments, { ...instruments[0], id: 'us-equity' }] })
    expect(payload).toMatchObject({ imported: false, instruments: [] })
    expect(payload.findings.map((f: { code: string; path: string }) => `${f.code} ${f.path}`)).toEqual([
      'INSTRUMENT_EXISTS instruments.1.id',
      'PRICE_INVALID csv:5:price',
      'INSTRUMENT_UNKNOWN csv:6:instrument',
    ])
    expect(await askForErrors(subgraph, '{ instrument(id: "my-share") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('imports a good text, and prices anew with a remark', async () => {
    const payload = await send({ csv, instruments })
    expect(payload).toMatchObject({
      imported: true,
      prices: 3,
      findings: [],
      instruments: [{ id: 'my-share', prices: { origin: 'IMPORTED', prices: [10, 11, 10.5] } }],
    })
    expect((await send({ csv })).findings).toEqual([{ severity: 'INFO', code: 'PRICES_REPLACED', path: 'csv' }])
  })

  it('shows, in one request, each import as it left the prices', async () => {
    const input = (price: number) => ({ csv: `instrument,date,price\nmy-share,2024-01-04,${price}\n` })
    const query = `mutation ($a: ImportPricesInput!, $b: ImportPricesInput!) {
      a: importPrices(input: $a) { instruments { prices { prices } } } b: importPrices(input: $b) { instruments { prices { prices } } } }`
    const { a, b } = await ask(subgraph, query, { variables: { a: input(99), b: input(10.5) } })
    expect([a, b].map(({ instruments: [one] }) => one.prices.prices.at(-1))).toEqual([99, 10.5])
  })

  it('makes a portfolio that can be asked for its risk', async () => {
    const { portfolio, findings } = await create({
      id: 'mine',
      title: ' Mine ',
      currency: 'USD',
      positions: [{ instrumentId: 'my-share', quantity: 100 }],
    })
    expect(portfolio).toMatchObject({ id: 'mine', title: 'Mine', value: { value: 1050 } })
    expect(findings).toEqual([])
    const { portfolio: asked } = await ask(
      subgraph,
      '{ portfolio(id: "mine") { riskRun(confidence: 0.5, quantileRule: ORDER_STATISTIC) { id } } }',
    )
    const risk = await settledRisk(asked.riskRun.id)
    expect(risk).toMatchObject({ observations: 2, value: 1050 })
    expect(risk.worst).toBeCloseTo(1050 * (10.5 / 11 - 1), 9)
  })

  it('takes the same portfolio twice and refuses another of its id', async () => {
    const mine = {
      id: 'mine',
      title: 'Mine',
      currency: 'USD',
      positions: [{ instrumentId: 'my-share', quantity: 100 }],
    }
    expect((await create(mine)).findings).toMatchObject([{ code: 'EXISTED' }])
    expect(await askForErrors(subgraph, CREATE, { variables: { input: { ...mine, title: 'Other' } } })).toMatchObject([
      { code: 'ALREADY_EXISTS' },
    ])
  })

  it('makes no portfolio of instruments that are not there or stand twice', async () => {
    const positions = [
      { instrumentId: 'none', quantity: 1 },
      { instrumentId: 'us-equity', quantity: 1 },
      { instrumentId: 'us-equity', quantity: 2 },
    ]
    const { portfolio, findings } = await create({ id: 'broken', title: 'Broken', currency: 'USD', positions })
    expect(portfolio).toBeNull()
    expect(findings.map((f: { code: string; path: string }) => `${f.code} ${f.path}`)).toEqual([
      'INSTRUMENT_UNKNOWN input.positions.0.instrumentId',
      'POSITION_TWICE input.positions.2.instrumentId',
    ])
    expect(await askForErrors(subgraph, '{ portfolio(id: "broken") { id } }')).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it.each([
    ['a currency that is none', { id: 'x', title: 'X', currency: 'dollars', positions: [] }, 'input.currency'],
    ['an id that is none', { id: 'X Y', title: 'X', currency: 'USD', positions: [] }, 'input.id'],
    ['no title', { id: 'x', title: ' ', currency: 'USD', positions: [] }, 'input.title'],
  ])('refuses %s', async (_, input, path) => {
    expect(await askForErrors(subgraph, CREATE, { variables: { input } })).toMatchObject([
      { code: 'BAD_INPUT', detail: { path } },
    ])
  })
})

describe('a portfolio without prices', () => {
  const bare = [
    { id: 'bare', name: 'Bare', assetClass: 'EQUITY', currency: 'USD' },
    { id: 'priced', name: 'Priced', assetClass: 'EQUITY', currency: 'USD' },
  ]

  beforeAll(async () => {
    const csv = 'instrument,date,price\npriced,2024-01-02,10\npriced,2024-01-03,11\n'
    await ask(subgraph, IMPORT, { variables: { input: { csv, instruments: bare } } })
  })

  it('is made with a warning, has no value and names the instrument', async () => {
    const positions = [
      { instrumentId: 'priced', quantity: 1 },
      { instrumentId: 'bare', quantity: 1 },
    ]
    const { createPortfolio } = await ask(subgraph, CREATE, {
      variables: { input: { id: 'unpriced', title: 'Unpriced', currency: 'USD', positions } },
    })
    expect(createPortfolio.findings).toMatchObject([
      {
        severity: 'WARNING',
        code: 'PRICES_MISSING',
        path: 'bare',
        suggestion: expect.stringContaining('importPrices'),
      },
    ])
    expect(createPortfolio.portfolio.value).toEqual({
      value: null,
      findings: [{ code: 'PRICES_MISSING', path: 'bare' }],
    })
  })

  it('has no risk, and the error names the instrument and the fix', async () => {
    const [error] = await askForErrors(subgraph, '{ portfolio(id: "unpriced") { riskRun { id } } }')
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      detail: {
        path: 'portfolio',
        findings: [{ code: 'PRICES_MISSING', path: 'bare' }],
        suggestion: expect.any(String),
      },
    })
  })

  it('has an impact of null and a finding, not a number', async () => {
    const macroPath = { times: [0], columns: [{ variable: 'gdp', unit: 'percent', baseline: [0], scenario: [-1] }] }
    const representation = { __typename: 'Scenario', id: 'sc-2', portfolio: { id: 'unpriced' }, macroPath }
    const { portfolioImpact } = await askEntity(
      subgraph,
      representation,
      'portfolioImpact { baseline value loss changePct maxLoss positions { baseline } findings { code path } }',
    )
    expect(portfolioImpact).toEqual({
      baseline: null,
      value: null,
      loss: null,
      changePct: null,
      maxLoss: null,
      positions: [],
      findings: [{ code: 'PRICES_MISSING', path: 'bare' }],
    })
  })

  it('of nothing at all is worth 0 and has no risk', async () => {
    const { createPortfolio } = await ask(subgraph, CREATE, {
      variables: { input: { id: 'empty', title: 'Empty', currency: 'USD', positions: [] } },
    })
    expect(createPortfolio).toMatchObject({ portfolio: { value: { value: 0 } }, findings: [{ code: 'NO_POSITIONS' }] })
    expect(await askForErrors(subgraph, '{ portfolio(id: "empty") { riskRun { id } } }')).toMatchObject([
      { code: 'BAD_INPUT', message: expect.stringContaining('holds nothing') },
    ])
  })
})

describe('lists', () => {
  it('cost the same number of statements for several portfolios as for one', async () => {
    const fields =
      'title value { value } positions { weight instrument { id prices { prices } economy { id } } } instruments { name }'
    const statements = async (query: string) => {
      sql.take()
      await ask(subgraph, query)
      return sql.take().length
    }
    const one = await statements(`{ portfolio(id: "balanced-demo") { ${fields} } }`)
    // The list itself is read and counted, where the one is only read.
    expect(await statements(`{ portfolios { edges { node { ${fields} } } } }`)).toBeLessThanOrEqual(one + 1)
    expect(one).toBeLessThanOrEqual(6)
  })

  it('show a tenant nothing of another', async () => {
    expect(
      await ask(subgraph, '{ portfolios { totalCount } instruments { totalCount } }', { tenant: 'other' }),
    ).toEqual({ portfolios: { totalCount: 0 }, instruments: { totalCount: 0 } })
    expect(
      await askForErrors(subgraph, '{ portfolio(id: "balanced-demo") { id } }', { tenant: 'other' }),
    ).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it.each([
    ['an unknown portfolio', '{ portfolio(id: "none") { id } }', 'NOT_FOUND', 'id'],
    ['an unknown instrument', '{ instrument(id: "none") { id } }', 'NOT_FOUND', 'id'],
    [
      'a day that is none',
      '{ portfolio(id: "balanced-demo") { value(asOf: "yesterday") { value } } }',
      'BAD_INPUT',
      'asOf',
    ],
    ['every 0-th price', '{ instrument(id: "us-equity") { prices(every: 0) { prices } } }', 'BAD_INPUT', 'every'],
    [
      'a confidence of 1',
      '{ portfolio(id: "balanced-demo") { riskRun(confidence: 1) { id } } }',
      'BAD_INPUT',
      'confidence',
    ],
    [
      'a horizon of nothing',
      '{ portfolio(id: "balanced-demo") { riskRun(horizonDays: 0) { id } } }',
      'BAD_INPUT',
      'horizonDays',
    ],
    ['a page of 501', '{ portfolios(first: 501) { totalCount } }', 'BAD_INPUT', 'first'],
  ])('refuse %s and name the place and the fix', async (_, query, code, path) => {
    const [error] = await askForErrors(subgraph, query)
    expect(error).toMatchObject({ code, detail: { path, suggestion: expect.any(String) } })
  })
})
