// Imports of prices and portfolios made of them, asked as the gateway asks, over a real PostgreSQL and a fleet of one worker.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { portfolios } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(portfolios, {
    store: fleet.store,
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
